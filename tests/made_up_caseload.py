"""Invented payments, programmes, aid and appointments for tests."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Table, insert, select
from sqlalchemy.engine import Connection, Row

from bot.db.tables import (
    aid_kind,
    appointment,
    care_link,
    payment,
    programme,
    training_enrolment,
)

_RIGHTS = ("sees_payments", "sees_training", "sees_places")


def make_link(connection: Connection, caregiver: Row, child: Row, *rights: str) -> None:
    """Let a caregiver know about a child what ``rights`` name, and nothing else."""
    connection.execute(
        insert(care_link).values(
            caregiver_id=caregiver.id,
            beneficiary_id=child.id,
            relation="mother",
            **{right: right in rights for right in _RIGHTS},
        )
    )


def make_payment(connection: Connection, beneficiary: Row, **values: Any) -> Row:
    """Send 25 000 F for November to the account ending in 42."""
    row = {
        "beneficiary_id": beneficiary.id,
        "recipient_id": beneficiary.id,
        "amount": Decimal(25000),
        "currency": "XOF",
        "for_month": date(2026, 11, 1),
        "due_on": date(2026, 11, 4),
        "sent_on": date(2026, 11, 4),
        "account_ending": "42",
        "state": "sent",
        **values,
    }
    return _make(connection, payment, row)


def make_due_payment(connection: Connection, beneficiary: Row, due_on: date) -> Row:
    """Plan a payment that was not sent."""
    due = {"for_month": due_on.replace(day=1), "due_on": due_on, "sent_on": None, "state": "due"}
    return make_payment(connection, beneficiary, **due)


def make_programme(connection: Connection, home: Row, **values: Any) -> Row:
    """Open a sewing programme in San Pedro from 14 years."""
    row = {
        "structure_id": home.id,
        "trade": "couture",
        "title": "Couture",
        "place": "Centre A",
        "town": "San Pedro",
        "starts_on": date(2027, 1, 12),
        "places_left": 6,
        "minimum_age": 14,
        "open": True,
        **values,
    }
    return _make(connection, programme, row)


def make_enrolment(
    connection: Connection, someone: Row, course: Row, now: datetime, **values: Any
) -> Row:
    """Let somebody follow a programme."""
    row = {
        "person_id": someone.id,
        "programme_id": course.id,
        "state": "following",
        "requested_at": now,
        **values,
    }
    return _make(connection, training_enrolment, row)


def make_aid_kind(connection: Connection, **values: Any) -> Row:
    """Offer a sewing kit."""
    row = {"name": "Kit de couture", "for_whom": "après trois mois", "open": True, **values}
    return _make(connection, aid_kind, row)


def make_appointment(
    connection: Connection, someone: Row, starts_at: datetime, **values: Any
) -> Row:
    """Plan a visit."""
    row = {
        "person_id": someone.id,
        "kind": "visit",
        "starts_at": starts_at,
        "place": "rue du Marché",
        "state": "planned",
        **values,
    }
    return _make(connection, appointment, row)


def _make(connection: Connection, table: Table, row: dict[str, Any]) -> Row:
    made = connection.execute(insert(table).values(**row)).inserted_primary_key[0]
    return connection.execute(select(table).where(table.c.id == made)).one()
