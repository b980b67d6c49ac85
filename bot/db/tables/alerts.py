"""What needs a human (alerts, from a task to a cry for help), and who did what (audit)."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, String, Table, UniqueConstraint

from bot.db.sealed import SealedText
from bot.db.tables.base import metadata, primary_key, reference
from bot.db.types import UtcDateTime

alert = Table(
    "alert",
    metadata,
    primary_key(),
    Column("kind", String(20), nullable=False),  # one of followup.alerts.Kind
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
    # The last level of the ladder that was told (see bot.followup.ladder); none: nobody yet.
    Column("level", String(20)),
    # When the next ones are told, or a claim that nothing came of lapses; none: nobody is.
    Column("climbs_at", UtcDateTime, index=True),
    Column("acknowledged_at", UtcDateTime),
    Column("resolved_at", UtcDateTime),
    Column("outcome", String(30)),
    # When something happened to it that whoever reads it should know.
    Column("changed_at", UtcDateTime, nullable=False),
)

# Append-only history of an alert, written by the same transaction as what it tells.
alert_event = Table(
    "alert_event",
    metadata,
    primary_key(),
    reference("alert_id", "alert"),
    reference("inbox_id", "inbox", nullable=True),
    reference("staff_id", "staff", nullable=True),  # none: the programme itself
    reference("to_staff_id", "staff", nullable=True),  # of "assigned": whose it is now
    # opened | message | raised | taken_back | notified | unavailable | acknowledged | lapsed |
    # assigned | escalated | note | decided | released | resolved | undone | reopened
    Column("verb", String(16), nullable=False),
    Column("outcome", String(30)),  # of "resolved": the alert itself keeps its last one only
    Column("note", SealedText("alert_event.note")),
    Column("at", UtcDateTime, nullable=False),
)

# A contact that an alert froze, and a worker released (safeguarding 14). Append-only; who did so
# and why is in its event. What happens to the alert after that event freezes it again.
contact_release = Table(
    "contact_release",
    metadata,
    primary_key(),
    reference("alert_id", "alert"),
    reference("person_id", "person", index=False),
    reference("event_id", "alert_event", index=False),
)

# Who was told of an alert by the ladder, and what they answered. Whoever was told may see it.
alert_notice = Table(
    "alert_notice",
    metadata,
    primary_key(),
    reference("alert_id", "alert"),
    reference("staff_id", "staff"),
    reference("staff_chat_id", "staff_chat", nullable=True),  # none: in the console alone
    Column("level", String(20), nullable=False),
    # What its buttons carry; worth something in this chat alone.
    Column("token", String(24), nullable=False, unique=True),
    Column("told_at", UtcDateTime, nullable=False),
    Column("answer", String(12)),  # taken | unavailable
    Column("answered_at", UtcDateTime),
)

# Whether authorities are told is the worker's decision, with its reason (safeguarding 10).
# Append-only: the newest row of an alert is the one in force.
report_decision = Table(
    "report_decision",
    metadata,
    primary_key(),
    reference("alert_id", "alert"),
    reference("staff_id", "staff"),
    Column("decision", String(14), nullable=False),  # reported | to_report | not_reported
    Column("reason", SealedText("report_decision.reason"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

# What a member of staff has read, and when: what has happened since is marked as new.
read_mark = Table(
    "read_mark",
    metadata,
    primary_key(),
    reference("staff_id", "staff", index=False),
    Column("object_type", String(16), nullable=False),  # alert | conversation
    Column("object_id", Integer, nullable=False),
    Column("read_at", UtcDateTime, nullable=False),
    UniqueConstraint("staff_id", "object_type", "object_id"),
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
