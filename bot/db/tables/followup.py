"""The follow-up itself: news, training, aid, payments, complaints, appointments, promises."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, Integer, Numeric, String, Table

from bot.db.sealed import SealedText
from bot.db.tables.base import metadata, primary_key, reference
from bot.db.types import UtcDateTime

checkin = Table(
    "checkin",
    metadata,
    primary_key(),
    reference("person_id", "person"),
    # Five faces, 5 is best. Not WHO-5, and not called so.
    Column("week", Integer),
    Column("sleep", Integer),
    Column("workshop", String(12)),  # every_day | some_days | no
    Column("wants_contact", String(10)),  # writing | call | no
    Column("calm_hour", SealedText("checkin.calm_hour")),
    Column("at", UtcDateTime, nullable=False),
)

programme = Table(
    "programme",
    metadata,
    primary_key(),
    reference("structure_id", "structure"),
    Column("trade", String(40), nullable=False),
    Column("title", String(80), nullable=False),
    Column("title_in", JSON),  # {"en": "Sewing"}: in other languages, where staff wrote it
    Column("place", String(80), nullable=False),
    Column("town", String(60), nullable=False),
    Column("starts_on", Date),  # none: join at any time
    Column("places_left", Integer, nullable=False),
    Column("minimum_age", Integer, nullable=False),
    Column("open", Boolean, nullable=False),
)

training_enrolment = Table(
    "training_enrolment",
    metadata,
    primary_key(),
    reference("person_id", "person"),
    reference("programme_id", "programme"),
    Column(
        "state", String(12), nullable=False
    ),  # requested | accepted | refused | following | done
    Column("first_day", UtcDateTime),
    Column("requested_at", UtcDateTime, nullable=False),
)

aid_kind = Table(
    "aid_kind",
    metadata,
    primary_key(),
    Column("name", String(60), nullable=False, unique=True),
    Column("for_whom", String(160), nullable=False),
    Column("name_in", JSON),  # as ``programme.title_in``
    Column("for_whom_in", JSON),
    Column("open", Boolean, nullable=False),
)

aid_request = Table(
    "aid_request",
    metadata,
    primary_key(),
    reference("person_id", "person"),
    reference("aid_kind_id", "aid_kind"),
    Column("state", String(12), nullable=False),  # requested | approved | ready | given | refused
    Column("expected_on", Date),
    Column("requested_at", UtcDateTime, nullable=False),
)

payment = Table(
    "payment",
    metadata,
    primary_key(),
    reference("beneficiary_id", "person"),
    # Whose mobile money account it goes to: the beneficiary or a caregiver.
    reference("recipient_id", "person"),
    Column("amount", Numeric(12, 2), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("for_month", Date, nullable=False),  # first day of the month
    Column("due_on", Date, nullable=False),
    Column("sent_on", Date),
    # The two last digits, as one says them ("…42"); the number itself is never shown.
    Column("account_ending", String(2), nullable=False),
    # due | sent | received | not_received | wrong_amount
    Column("state", String(14), nullable=False),
    # Why it was short, in words for the recipient, where staff recorded it.
    Column("reason_shown", SealedText("payment.reason_shown")),
)

complaint = Table(
    "complaint",
    metadata,
    primary_key(),
    Column("number", String(12), nullable=False, unique=True),  # "P-0317"
    reference("person_id", "person"),
    reference("payment_id", "payment", nullable=True),
    Column("subject", String(16), nullable=False),  # not_received | wrong_amount
    Column("amount_said", Numeric(12, 2)),
    Column("cause_said", String(16)),  # at_withdrawal | someone_took | unknown
    reference("alert_id", "alert", nullable=True),
    Column("answer_by", UtcDateTime, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
)

appointment = Table(
    "appointment",
    metadata,
    primary_key(),
    reference("person_id", "person"),
    reference("staff_id", "staff", nullable=True),
    Column("kind", String(16), nullable=False),  # visit | office | call | health
    Column("starts_at", UtcDateTime, nullable=False),
    Column("place", SealedText("appointment.place")),
    Column("state", String(12), nullable=False),  # planned | moved | done | missed
)

# Every date that was promised to somebody (safeguarding 24).
promise = Table(
    "promise",
    metadata,
    primary_key(),
    reference("conversation_id", "conversation"),
    reference("person_id", "person", nullable=True),
    Column("subject", String(24), nullable=False),  # human_answer | complaint | training | ...
    Column("details", JSON, nullable=False),  # ids only, never words
    Column("due_at", UtcDateTime, nullable=False, index=True),
    Column("made_at", UtcDateTime, nullable=False),
    Column("kept_at", UtcDateTime),
)
