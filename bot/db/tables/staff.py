"""Structures, the staff who work there, their sessions and chats, and the helplines they name."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Integer,
    String,
    Table,
    UniqueConstraint,
    false,
    true,
)

from bot.db.sealed import SealedText
from bot.db.tables.base import metadata, primary_key, reference
from bot.db.types import UtcDateTime

structure = Table(
    "structure",
    metadata,
    primary_key(),
    Column("name", String(120), nullable=False, unique=True),
    # What a phone may show; never the name of the project (safeguarding 1).
    Column("visible_name", String(60), nullable=False),
    Column("country", String(2), nullable=False),
    Column("timezone", String(40), nullable=False),
    # {"mon": ["08:00", "17:00"], ...}: a day that is absent is closed.
    Column("duty_hours", JSON, nullable=False),
    Column("on_call_hours", JSON, nullable=False),
    # Holidays and other days on which nobody is there, by their name: {"2026-12-25": "Noël"}.
    Column("closed_days", JSON, nullable=False, server_default="{}"),
)

staff = Table(
    "staff",
    metadata,
    primary_key(),
    Column("email", SealedText("staff.email"), nullable=False),
    Column("email_index", String(64), nullable=False, unique=True),
    Column("name", SealedText("staff.name"), nullable=False),
    # The first name that youths and families see.
    Column("shown_name", SealedText("staff.shown_name"), nullable=False),
    # social_worker | on_call | supervisor | focal_point | administrator | partner | observer |
    # reviewer
    Column("role", String(20), nullable=False),
    reference("structure_id", "structure"),
    Column("password_hash", String(200), nullable=False),
    Column("failed_sign_ins", Integer, nullable=False, server_default="0"),
    Column("locked_until", UtcDateTime),
    # The second step of signing in; without ``totp_since`` its secret was only shown so far.
    Column("totp_secret", SealedText("staff.totp_secret")),
    Column("totp_since", UtcDateTime),
    # The time step of the last code that was accepted: no code works twice.
    Column("totp_step", Integer),
    Column("active", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

# Stand in for a code of the second step, each once. Kept as keyed digests.
recovery_code = Table(
    "recovery_code",
    metadata,
    primary_key(),
    reference("staff_id", "staff"),
    Column("code_index", String(64), nullable=False, unique=True),
    Column("made_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
)

staff_session = Table(
    "staff_session",
    metadata,
    primary_key(),
    Column("token_hash", String(64), nullable=False, unique=True),
    reference("staff_id", "staff"),
    Column("csrf_token", String(64), nullable=False),
    # The browser and the machine as their maker names them: "Chrome, Android".
    Column("device", String(60), nullable=False, server_default=""),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_seen_at", UtcDateTime, nullable=False),
    # The password was right, the code of the second step is still to come.
    Column("wants_code", Boolean, nullable=False, server_default=false()),
    # When a code was last given for what asks it again.
    Column("confirmed_at", UtcDateTime),
    # A phone that is trusted until then, behind a PIN of its own.
    Column("trusted_until", UtcDateTime),
    Column("pin_hash", String(200)),
    Column("pin_failures", Integer, nullable=False, server_default="0"),
)

# A chat in which a member of staff is alerted. It is never a beneficiary's conversation.
staff_chat = Table(
    "staff_chat",
    metadata,
    primary_key(),
    reference("staff_id", "staff"),
    Column("channel", String(20), nullable=False),
    Column("address", SealedText("staff_chat.address"), nullable=False),
    Column("address_index", String(64), nullable=False),
    Column("linked_at", UtcDateTime, nullable=False),
    UniqueConstraint("channel", "address_index"),
)

# The rota: who is there for what, from when until when. Where it names nobody, the role does.
duty_shift = Table(
    "duty_shift",
    metadata,
    primary_key(),
    reference("structure_id", "structure"),
    reference("staff_id", "staff"),
    Column("duty", String(12), nullable=False),  # on_call | supervisor | focal_point
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
)

# Days on which a member of staff is away, the last one included.
staff_leave = Table(
    "staff_leave",
    metadata,
    primary_key(),
    reference("staff_id", "staff"),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
)

helpline = Table(
    "helpline",
    metadata,
    primary_key(),
    Column("country", String(2), nullable=False, index=True),
    Column("number", String(40), nullable=False),
    Column("audience", String(20), nullable=False),  # child | adult | anyone
    # Red-flag categories it serves; an empty list means all.
    Column("categories", JSON, nullable=False),
    Column("free", Boolean, nullable=False),
    Column("hours", String(40), nullable=False),  # "24/7" or words
    Column("language", String(8), nullable=False),
    Column("source", String(200), nullable=False),
    Column("last_verified", Date, nullable=False),
    # Which line of ``helplines.yml`` it came from; none: it was added here.
    Column("seed_key", String(80), unique=True),
    # Since it was changed here the file no longer changes it.
    Column("edited_at", UtcDateTime),
    Column("active", Boolean, nullable=False, server_default=true()),
    UniqueConstraint("country", "number", "audience"),
)

# Append-only: a wrong number can cost a life, so it is known who changed it from what.
helpline_change = Table(
    "helpline_change",
    metadata,
    primary_key(),
    reference("helpline_id", "helpline"),
    reference("staff_id", "staff", index=False),
    Column("number_before", String(40), nullable=False),
    Column("number_after", String(40), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
