"""What reviewers write, sign and record in the console, and who may do so for which language."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, LargeBinary, String, Table, Text

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

# Append-only, too: the newest recording of a message overrides the file. Voices of staff, who say
# what everybody may hear: not sealed.
recording = Table(
    "recording",
    metadata,
    primary_key(),
    Column("language", String(8), nullable=False),
    # The message it is named after: "utter_menu", "utter_menu.vous".
    Column("name", String(72), nullable=False),
    # The words that were to be said: with others it is not sent any more.
    Column("says", Text, nullable=False),
    # OGG/Opus, mono; nothing: it was taken away, and the file counts again.
    Column("sound", LargeBinary),
    # Digest of the file that it overrides: the file counts again once somebody has changed it.
    Column("replaces", String(64), nullable=False),
    reference("staff_id", "staff"),
    Column("at", UtcDateTime, nullable=False),
    Index(None, "language", "name"),
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
