"""What needs a human (alerts, from a task to a cry for help), and who did what (audit)."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, String, Table

from bot.db.sealed import SealedText
from bot.db.tables.base import metadata, primary_key, reference
from bot.db.types import UtcDateTime

alert = Table(
    "alert",
    metadata,
    primary_key(),
    # red_flag | human_asked | not_understood | dialogue_failed | stopped | wrong_person |
    # name_mismatch | consent_refused | low_score | voice | payment | staff_complaint | task
    Column("kind", String(20), nullable=False),
    Column("category", String(20)),  # of a red flag; of a task: what it is about
    Column("severity", String(10), nullable=False),  # critical | high | normal
    reference("conversation_id", "conversation"),
    reference("person_id", "person", nullable=True),
    reference("structure_id", "structure", nullable=True),
    reference("assigned_to", "staff", nullable=True),
    Column("author_unsure", Boolean, nullable=False),
    Column("restricted", Boolean, nullable=False),  # for the focal point alone
    Column("state", String(14), nullable=False, index=True),  # open | acknowledged | resolved
    Column("message_count", Integer, nullable=False),
    Column("waiting_since", UtcDateTime, nullable=False),
    Column("answer_by", UtcDateTime),
    Column("opened_at", UtcDateTime, nullable=False),
    # When the chats of staff were told (of the present severity); none: still to do.
    Column("notified_at", UtcDateTime),
    Column("acknowledged_at", UtcDateTime),
    Column("resolved_at", UtcDateTime),
    Column("outcome", String(30)),
)

# Append-only history of an alert, written by the same transaction as what it tells.
alert_event = Table(
    "alert_event",
    metadata,
    primary_key(),
    reference("alert_id", "alert"),
    reference("inbox_id", "inbox", nullable=True),
    reference("staff_id", "staff", nullable=True),  # none: the programme itself
    # opened | message | raised | taken_back | acknowledged | resolved | reopened | note | notified
    Column("verb", String(16), nullable=False),
    Column("outcome", String(30)),  # of "resolved": the alert itself keeps its last one only
    Column("note", SealedText("alert_event.note")),
    Column("at", UtcDateTime, nullable=False),
)

# Append-only and hash-chained per structure (safeguarding 18). Holds ids, never words.
audit = Table(
    "audit",
    metadata,
    primary_key(),
    reference("structure_id", "structure", nullable=True),
    reference("staff_id", "staff", nullable=True),
    Column("action", String(40), nullable=False),
    Column("object_type", String(30), nullable=False),
    Column("object_id", String(40), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
