"""What was not understood or was corrected, and what a person made of it."""

from __future__ import annotations

from sqlalchemy import Column, Float, String, Table, UniqueConstraint

from bot.db.sealed import SealedText
from bot.db.tables.base import metadata, primary_key, reference
from bot.db.types import UtcDateTime

# A message that may teach something. Its words stay where they are, in the inbox, and go with them.
unclear = Table(
    "unclear",
    metadata,
    primary_key(),
    reference("inbox_id", "inbox", index=False),
    Column("reason", String(16), nullable=False),  # not_understood | taken_back | false_alarm
    Column("language", String(8), nullable=False),  # the conversation's
    # The best guess that was not sure enough, and how sure it was.
    Column("guess", String(40)),
    Column("confidence", Float),
    Column("at", UtcDateTime, nullable=False),
    Column("reviewed_at", UtcDateTime, index=True),  # none: it waits for somebody to look at it
    UniqueConstraint("inbox_id"),
)

# Append-only: who decided what, when. Without a way back to the message and to who wrote it.
review = Table(
    "review",
    metadata,
    primary_key(),
    reference("staff_id", "staff"),
    Column("verdict", String(12), nullable=False),  # intent | danger | no_danger | complaint | none
    Column("language", String(8)),
    Column("intent", String(40)),
    Column("category", String(20)),
    Column("severity", String(10)),
    Column("about", String(16)),
    # The example, personal details taken out and read by who decided; none: nothing is learned.
    Column("example", SealedText("review.example")),
    Column("at", UtcDateTime, nullable=False),
    Column("exported_at", UtcDateTime),
    # Why it was not written: known | held_out | conflict.
    Column("left_out", String(12)),
)
