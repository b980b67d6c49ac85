"""What reviewers write and sign in the console, and who may do so for which language."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, String, Table, Text

from bot.db.tables.base import metadata, primary_key, reference
from bot.db.types import UtcDateTime

# Append-only: the newest row of a sentence overrides its catalog, the older ones say what was.
# Words for everybody, nothing personal: not sealed.
translation = Table(
    "translation",
    metadata,
    primary_key(),
    Column("language", String(8), nullable=False),
    # With ``source``, the French sentence, the key of the catalogs; "" for words of pages.
    Column("context", String(120), nullable=False),
    Column("source", Text, nullable=False),
    Column("text", Text, nullable=False),
    # What the catalog said then: a row stands as long as the catalog says something it knows.
    Column("replaces", Text, nullable=False),
    Column("signed", Boolean, nullable=False),
    reference("staff_id", "staff"),
    Column("at", UtcDateTime, nullable=False),
    Index(None, "language"),
)

# Whoever speaks a language and may edit and sign its words, whatever else their role lets them do.
translation_reviewer = Table(
    "translation_reviewer",
    metadata,
    Column("staff_id", ForeignKey("staff.id"), primary_key=True),
    Column("language", String(8), primary_key=True),
    reference("named_by", "staff", nullable=True),
    Column("at", UtcDateTime, nullable=False),
)
