"""What the follow-up holds for people: training, payments, appointments."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.engine import Connection, Row

from bot.db.tables import appointment, care_link, payment, programme, training_enrolment
from bot.exchange.fields import (
    Column,
    Refused,
    day,
    digits,
    local_time,
    money,
    month,
    number,
    one_of,
    text,
    yes_no,
)
from bot.exchange.kinds import (
    Kind,
    Saved,
    Values,
    case_of,
    emails_by_id,
    keep,
    people_by_id,
    structure_named,
    structures_by_id,
    worker_of,
)
from bot.followup.people import structure_of
from bot.reasons import mark

_PAYMENT_STATES = ("due", "sent", "received", "not_received", "wrong_amount")
_ENROLMENT_STATES = ("requested", "accepted", "refused", "following", "done")


def _save_programme(connection: Connection, values: Values, now: datetime) -> Saved:
    home = structure_named(connection, values["structure"])
    key = {"structure_id": home.id, "title": values["title"]}
    names = ("trade", "place", "town", "starts_on", "places_left", "minimum_age", "open")
    rest = {name: values[name] for name in names}
    row_id, added = keep(connection, programme, key, rest, {"minimum_age": 14, "open": True})
    return Saved("programme", row_id, home.id, added)


def _programmes(connection: Connection) -> Iterator[dict[str, Any]]:
    homes = structures_by_id(connection)
    for row in connection.execute(select(programme).order_by(programme.c.id)):
        yield {**row._mapping, "structure": homes[row.structure_id].name}


def _save_enrolment(connection: Connection, values: Values, now: datetime) -> Saved:
    someone = case_of(connection, values)
    query = select(programme.c.id).where(
        programme.c.structure_id == someone.structure_id, programme.c.title == values["programme"]
    )
    found = connection.execute(query).scalars().all()
    if len(found) != 1:
        raise Refused(
            mark("programme : il n'y a pas une seule formation de ce nom dans la structure")
        )
    key = {"person_id": someone.id, "programme_id": found[0]}
    first_day = _moment(connection, someone, values["first_day"])
    row = {"state": values["state"], "first_day": first_day}
    row_id, added = keep(connection, training_enrolment, key, row, {"requested_at": now})
    return Saved("training_enrolment", row_id, someone.structure_id, added)


def _enrolments(connection: Connection) -> Iterator[dict[str, Any]]:
    people, homes = people_by_id(connection), structures_by_id(connection)
    titles = dict(connection.execute(select(programme.c.id, programme.c.title)).all())
    for row in connection.execute(select(training_enrolment).order_by(training_enrolment.c.id)):
        someone = people[row.person_id]
        yield {
            "case": someone.case_number,
            "programme": titles[row.programme_id],
            "state": row.state,
            "first_day": _local(row.first_day, homes[someone.structure_id]),
        }


def _save_payment(connection: Connection, values: Values, now: datetime) -> Saved:
    beneficiary = case_of(connection, values)
    recipient = beneficiary
    if values["recipient_case"] is not None:
        recipient = case_of(connection, values, "recipient_case")
    if recipient.id != beneficiary.id and not _are_linked(connection, recipient, beneficiary):
        raise Refused(
            mark(
                "recipient_case : pas de lien entre ces deux personnes. Importez d'abord les liens"
            )
        )
    key = {
        "beneficiary_id": beneficiary.id,
        "recipient_id": recipient.id,
        "for_month": values["month"],
    }
    names = ("amount", "currency", "due_on", "sent_on", "account_ending")
    state = values["state"] or ("sent" if values["sent_on"] else "due")
    known = connection.execute(
        select(payment.c.state).where(*(payment.c[name] == value for name, value in key.items()))
    ).first()
    # What the person has said of it is not undone by the same list imported again.
    kept = known is not None and values["state"] is None and known.state not in ("due", "sent")
    row = {name: values[name] for name in names}
    row |= {"state": None if kept else state, "reason_shown": values["reason"]}
    row_id, added = keep(connection, payment, key, row, {})
    return Saved("payment", row_id, beneficiary.structure_id, added)


def _are_linked(connection: Connection, caregiver: Row, beneficiary: Row) -> bool:
    query = select(care_link.c.id).where(
        care_link.c.caregiver_id == caregiver.id, care_link.c.beneficiary_id == beneficiary.id
    )
    return connection.execute(query).first() is not None


def _payments(connection: Connection) -> Iterator[dict[str, Any]]:
    people = people_by_id(connection)
    for row in connection.execute(select(payment).order_by(payment.c.id)):
        yield {
            **row._mapping,
            "case": people[row.beneficiary_id].case_number,
            "recipient_case": people[row.recipient_id].case_number,
            "month": f"{row.for_month:%Y-%m}",
            "reason": row.reason_shown,
        }


def _save_appointment(connection: Connection, values: Values, now: datetime) -> Saved:
    someone = case_of(connection, values)
    at = _moment(connection, someone, values["starts_at"])
    key = {"person_id": someone.id, "starts_at": at}
    row = {
        "kind": values["kind"],
        "place": values["place"],
        "state": values["state"],
        "staff_id": worker_of(connection, values["worker"], someone.structure_id),
    }
    row_id, added = keep(connection, appointment, key, row, {"state": "planned"})
    return Saved("appointment", row_id, someone.structure_id, added)


def _appointments(connection: Connection) -> Iterator[dict[str, Any]]:
    people, homes = people_by_id(connection), structures_by_id(connection)
    emails = emails_by_id(connection)
    for row in connection.execute(select(appointment).order_by(appointment.c.id)):
        someone = people[row.person_id]
        yield {
            **row._mapping,
            "case": someone.case_number,
            "starts_at": _local(row.starts_at, homes[someone.structure_id]),
            "worker": emails.get(row.staff_id),
        }


def _moment(connection: Connection, someone: Row, at: datetime | None) -> datetime | None:
    """Return the moment that a clock at the person's structure shows as ``at``."""
    if at is None:
        return None
    return at.replace(tzinfo=ZoneInfo(structure_of(connection, someone).timezone))


def _local(at: datetime | None, home: Row) -> str | None:
    return None if at is None else f"{at.astimezone(ZoneInfo(home.timezone)):%Y-%m-%d %H:%M}"


PROGRAMMES = Kind(
    "programmes",
    (
        Column("structure", text(120), required=True),
        Column("title", text(80), required=True),
        Column("trade", text(40), required=True),
        Column("place", text(80), required=True),
        Column("town", text(60), required=True),
        Column("starts_on", day),
        Column("places_left", number(0, 10000), required=True),
        Column("minimum_age", number(0, 60)),
        Column("open", yes_no),
    ),
    _save_programme,
    _programmes,
)
ENROLMENTS = Kind(
    "enrolments",
    (
        Column("case", text(20), required=True),
        Column("programme", text(80), required=True),
        Column("state", one_of(_ENROLMENT_STATES), required=True),
        Column("first_day", local_time),
    ),
    _save_enrolment,
    _enrolments,
)
PAYMENTS = Kind(
    "payments",
    (
        Column("case", text(20), required=True),
        Column("recipient_case", text(20)),
        Column("amount", money, required=True),
        Column("currency", one_of(("XOF", "GHS")), required=True),
        Column("month", month, required=True),
        Column("due_on", day, required=True),
        Column("sent_on", day),
        Column("account_ending", digits(2), required=True),
        Column("state", one_of(_PAYMENT_STATES)),
        Column("reason", text(160)),
    ),
    _save_payment,
    _payments,
)
APPOINTMENTS = Kind(
    "appointments",
    (
        Column("case", text(20), required=True),
        Column("kind", one_of(("visit", "office", "call", "health")), required=True),
        Column("starts_at", local_time, required=True),
        Column("place", text(80)),
        Column("worker", text(200)),
        Column("state", one_of(("planned", "moved", "done", "missed"))),
    ),
    _save_appointment,
    _appointments,
)
