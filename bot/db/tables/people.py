"""Beneficiaries and caregivers, the links between them, consent, and the codes that let them in."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Integer, String, Table, UniqueConstraint

from bot.db.sealed import SealedText
from bot.db.tables.base import metadata, primary_key, reference
from bot.db.types import UtcDateTime

person = Table(
    "person",
    metadata,
    primary_key(),
    # What staff call the file in the open ("Dossier 0317"): says nothing about the person.
    Column("case_number", String(20), nullable=False, unique=True),
    Column("kind", String(20), nullable=False),
    reference("structure_id", "structure"),
    reference("worker_id", "staff", nullable=True),
    Column("first_name", SealedText("person.first_name"), nullable=False),
    Column("family_name", SealedText("person.family_name"), nullable=False),
    Column("birth_year", Integer),
    Column("address_form", String(4), nullable=False),  # tu | vous
    Column("language", String(8), nullable=False),
    Column("country", String(2), nullable=False),
    # The safe-contact profile: what binds all that we start (safeguarding 12 and 13).
    Column("phone_shared", Boolean, nullable=False),
    Column("safe_from_hour", Integer),
    Column("safe_until_hour", Integer),
    # Agreed face to face (safeguarding 5); no page and no message ever shows it.
    Column("safe_word", SealedText("person.safe_word")),
    Column("notes", SealedText("person.notes")),
    Column("created_at", UtcDateTime, nullable=False),
    CheckConstraint("kind IN ('beneficiary', 'caregiver')", name="kind"),
    CheckConstraint("address_form IN ('tu', 'vous')", name="address_form"),
)

# Who may know what about whom.
care_link = Table(
    "care_link",
    metadata,
    primary_key(),
    reference("caregiver_id", "person"),
    reference("beneficiary_id", "person"),
    Column("relation", String(20), nullable=False),
    Column("sees_payments", Boolean, nullable=False),
    Column("sees_training", Boolean, nullable=False),
    # Places and times of a child are told only where a worker ticked this (safeguarding 23).
    Column("sees_places", Boolean, nullable=False),
    UniqueConstraint("caregiver_id", "beneficiary_id"),
)

# A colleague who follows a case beside its worker.
case_share = Table(
    "case_share",
    metadata,
    primary_key(),
    reference("person_id", "person", index=False),
    reference("staff_id", "staff"),
    reference("shared_by", "staff", index=False),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("person_id", "staff_id"),
)

# What staff write about a case for each other. Append-only.
case_note = Table(
    "case_note",
    metadata,
    primary_key(),
    reference("person_id", "person"),
    reference("staff_id", "staff", index=False),
    Column("text", SealedText("case_note.text"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

# Append-only: the newest row of a scope is the one in force.
consent = Table(
    "consent",
    metadata,
    primary_key(),
    reference("person_id", "person", nullable=True),
    reference("conversation_id", "conversation", nullable=True),
    Column("given_by", String(20), nullable=False),  # self | guardian | worker
    Column("answer", String(10), nullable=False),  # yes | no
    Column("wording_version", String(20), nullable=False),
    Column("language", String(8), nullable=False),
    reference("recorded_by", "staff", nullable=True),
    # Why a worker decided without a guardian (safeguarding 2).
    Column("reason", SealedText("consent.reason")),
    Column("at", UtcDateTime, nullable=False),
)

# Single-use, short-lived: enrols a person's chat, or links a chat of staff.
access_code = Table(
    "access_code",
    metadata,
    Column("code_index", String(64), primary_key=True),
    reference("person_id", "person", nullable=True),
    reference("staff_id", "staff", nullable=True),
    Column("made_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    CheckConstraint("(person_id IS NULL) <> (staff_id IS NULL)", name="one_purpose"),
)
