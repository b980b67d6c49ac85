"""Structures, the people they follow, and who may know what about whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.engine import Connection, Row

from bot.db.tables import care_link, consent, person, structure
from bot.exchange.fields import Column, Refused, number, one_of, text, yes_no
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
from bot.followup.consent import record_consent
from bot.followup.hours import WEEKDAYS
from bot.followup.people import find_person
from bot.i18n.catalogs import Language, load_languages, our_code
from bot.reasons import mark
from bot.settings import PROJECT

_HOURS = re.compile(r"([a-z]{3})(?:-([a-z]{3}))? ([0-2]\d:[0-5]\d)-([0-2]\d:[0-5]\d)")
_COUNTRIES = ("CI", "GH", "BF", "LR", "ML", "TG", "BJ", "NE", "GN")

_NEW_STRUCTURE = {
    "visible_name": "Infos école et formation",
    "timezone": "Africa/Abidjan",
    "on_call_hours": {},
}
# Shared until somebody knows better: it is the careful answer.
_NEW_PERSON = {"language": "fr", "phone_shared": True}


def _weekly_hours(cell: str) -> dict[str, list[str]]:
    """Read « mon-fri 08:00-17:00, sat 08:00-12:00 »."""
    hours = {}
    for part in cell.lower().split(","):
        match = _HOURS.fullmatch(part.strip())
        days = [match[1], match[2] or match[1]] if match else []
        if match is None or any(day not in WEEKDAYS for day in days) or match[3] >= match[4]:
            raise Refused(mark("écrivez les heures comme mon-fri 08:00-17:00, sat 08:00-12:00"))
        for day in WEEKDAYS[WEEKDAYS.index(days[0]) : WEEKDAYS.index(days[1]) + 1]:
            hours[day] = [match[3], match[4]]
    return hours


def _timezone(cell: str) -> str:
    try:
        return ZoneInfo(cell).key
    except (ValueError, OSError, LookupError):
        raise Refused(mark("écrivez un fuseau comme Africa/Abidjan")) from None


@cache
def _languages() -> dict[str, Language]:
    return load_languages(PROJECT / "locales")


def _language(cell: str) -> str:
    languages = _languages()
    return one_of(tuple(languages))(our_code(cell, languages) or cell)


def _show_hours(hours: dict[str, list[str]]) -> str:
    return ", ".join(f"{day} {'-'.join(hours[day])}" for day in WEEKDAYS if day in hours)


def _save_structure(connection: Connection, values: Values, now: datetime) -> Saved:
    rest = {name: value for name, value in values.items() if name != "name"}
    row_id, added = keep(connection, structure, {"name": values["name"]}, rest, _NEW_STRUCTURE)
    return Saved("structure", row_id, row_id, added)


def _structures(connection: Connection) -> Iterator[dict[str, Any]]:
    for row in structures_by_id(connection).values():
        hours = {name: _show_hours(row[name]) for name in ("duty_hours", "on_call_hours")}
        yield {**row._mapping, **hours}


def _save_person(connection: Connection, values: Values, now: datetime) -> Saved:
    home = structure_named(connection, values["structure"])
    if (values["safe_from"] is None) != (values["safe_until"] is None):
        raise Refused(mark("safe_from et safe_until : écrivez les deux heures, ou aucune"))
    row = {
        "kind": values["kind"],
        "structure_id": home.id,
        "worker_id": worker_of(connection, values["worker"], home.id),
        "first_name": values["first_name"],
        "family_name": values["family_name"],
        "birth_year": values["birth_year"],
        "address_form": values["form"],
        "language": values["language"],
        "country": values["country"],
        "phone_shared": values["phone_shared"],
        "safe_from_hour": values["safe_from"],
        "safe_until_hour": values["safe_until"],
    }
    known = connection.execute(select(person).where(person.c.case_number == values["case"])).first()
    if known is not None and known.structure_id != home.id:
        # Another structure may not take a file over by a spreadsheet.
        raise Refused(mark("case : ce numéro est dans une autre structure"))
    new = {**_NEW_PERSON, "country": home.country, "created_at": now}
    row_id, added = keep(connection, person, {"case_number": values["case"]}, row, new)
    _save_consent(connection, find_person(connection, row_id), values, now)
    return Saved("person", row_id, home.id, added)


def _save_consent(connection: Connection, someone: Row, values: Values, now: datetime) -> None:
    """Record who agreed to the enrolment of a child (safeguarding 2), if it is news."""
    given_by, reason = values["consent_by"], values["consent_reason"]
    if given_by is None:
        return
    if given_by == "worker" and reason is None:
        raise Refused(mark("consent_reason : dites pourquoi il n'y a pas l'accord du parent"))
    query = select(consent).where(consent.c.person_id == someone.id)
    last = connection.execute(query.order_by(consent.c.id.desc()).limit(1)).one_or_none()
    if last is not None and last.answer == "no":
        # A no is not overruled by a spreadsheet.
        raise Refused(
            mark("consent_by : la dernière réponse est non. Parlez d'abord avec la personne")
        )
    if last is not None and (last.given_by, last.reason) == (given_by, reason):
        return
    record_consent(
        connection,
        answer="yes",
        given_by=given_by,
        language=someone.language,
        now=now,
        person_id=someone.id,
        recorded_by=someone.worker_id,
        reason=reason,
    )


def _last_consents(connection: Connection) -> dict[int, Any]:
    query = select(consent).where(consent.c.person_id.is_not(None)).order_by(consent.c.id)
    return {row.person_id: row for row in connection.execute(query)}


def _people(connection: Connection) -> Iterator[dict[str, Any]]:
    homes, emails = structures_by_id(connection), emails_by_id(connection)
    consents = _last_consents(connection)
    for row in people_by_id(connection).values():
        said = consents.get(row.id)
        if said is not None and (said.answer != "yes" or said.given_by == "self"):
            said = None
        yield {
            **row._mapping,
            "case": row.case_number,
            "structure": homes[row.structure_id].name,
            "worker": emails.get(row.worker_id),
            "form": row.address_form,
            "safe_from": row.safe_from_hour,
            "safe_until": row.safe_until_hour,
            "consent_by": said.given_by if said else None,
            "consent_reason": said.reason if said else None,
        }


def _save_link(connection: Connection, values: Values, now: datetime) -> Saved:
    caregiver = case_of(connection, values, "caregiver_case")
    beneficiary = case_of(connection, values)
    if caregiver.kind != "caregiver":
        raise Refused(mark("caregiver_case : ce dossier n'est pas celui d'un parent"))
    if beneficiary.kind != "beneficiary":
        raise Refused(mark("case : ce dossier est celui d'un parent"))
    key = {"caregiver_id": caregiver.id, "beneficiary_id": beneficiary.id}
    names = ("relation", "sees_payments", "sees_training", "sees_places")
    rest = {name: values[name] for name in names}
    row_id, added = keep(connection, care_link, key, rest, dict.fromkeys(names[1:], False))
    return Saved("care_link", row_id, beneficiary.structure_id, added)


def _links(connection: Connection) -> Iterator[dict[str, Any]]:
    people = people_by_id(connection)
    for row in connection.execute(select(care_link).order_by(care_link.c.id)):
        yield {
            **row._mapping,
            "caregiver_case": people[row.caregiver_id].case_number,
            "case": people[row.beneficiary_id].case_number,
        }


STRUCTURES = Kind(
    "structures",
    (
        Column("name", text(120), required=True),
        Column("visible_name", text(60)),
        Column("country", one_of(_COUNTRIES), required=True),
        Column("timezone", _timezone),
        Column("duty_hours", _weekly_hours, required=True),
        Column("on_call_hours", _weekly_hours),
    ),
    _save_structure,
    _structures,
)
PEOPLE = Kind(
    "people",
    (
        Column("case", text(20), required=True),
        Column("kind", one_of(("beneficiary", "caregiver")), required=True),
        Column("structure", text(120), required=True),
        Column("worker", text(200)),
        Column("first_name", text(80), required=True),
        Column("family_name", text(80), required=True),
        Column("birth_year", number(1900, 2100)),
        Column("form", one_of(("tu", "vous")), required=True),
        Column("language", _language),
        Column("country", one_of(_COUNTRIES)),
        Column("phone_shared", yes_no),
        Column("safe_from", number(0, 23)),
        Column("safe_until", number(0, 23)),
        Column("consent_by", one_of(("guardian", "worker"))),
        Column("consent_reason", text(400)),
    ),
    _save_person,
    _people,
)
LINKS = Kind(
    "links",
    (
        Column("caregiver_case", text(20), required=True),
        Column("case", text(20), required=True),
        Column("relation", text(20), required=True),
        Column("sees_payments", yes_no),
        Column("sees_training", yes_no),
        Column("sees_places", yes_no),
    ),
    _save_link,
    _links,
)
