"""Invented structures, staff, people and conversations for tests."""

from __future__ import annotations

from datetime import datetime, timezone
from itertools import count
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection, Row

from bot.db.tables import person, staff, structure
from bot.followup import conversations
from bot.followup.staff import add_staff

PASSWORD = "un mot de passe long"
WEEKDAYS = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("08:00", "17:00"))
_BEGINNING = datetime(2026, 1, 5, 8, 0, tzinfo=timezone.utc)
# Above every case number that a test chooses itself.
_numbers = count(5001)


def make_structure(connection: Connection, name: str = "Centre Exemple", **values: Any) -> Row:
    """Open a structure in Côte d'Ivoire, there on weekdays from 8 to 17 h."""
    row = {
        "name": name,
        "visible_name": "Infos école",
        "country": "CI",
        "timezone": "Africa/Abidjan",
        "duty_hours": WEEKDAYS,
        "on_call_hours": {},
        **values,
    }
    made = connection.execute(insert(structure).values(**row)).inserted_primary_key[0]
    return connection.execute(select(structure).where(structure.c.id == made)).one()


def make_member(
    connection: Connection, home: Row, role: str = "social_worker", shown_name: str = "Awa"
) -> Row:
    """Employ somebody whose e-mail address is the shown name's and whose password is PASSWORD."""
    member_id = add_staff(
        connection,
        email=f"{shown_name.lower()}@exemple.test",
        name=f"{shown_name} Inventé",
        shown_name=shown_name,
        role=role,
        structure_id=home.id,
        password=PASSWORD,
        now=_BEGINNING,
    )
    return connection.execute(select(staff).where(staff.c.id == member_id)).one()


def make_person(connection: Connection, home: Row, **values: Any) -> Row:
    """Follow a made-up beneficiary of about 15."""
    row = {
        "case_number": f"{next(_numbers):04d}",
        "kind": "beneficiary",
        "structure_id": home.id,
        "first_name": "Kouadio",
        "family_name": "Inventé",
        "birth_year": 2011,
        "address_form": "tu",
        "language": "fr",
        "country": "CI",
        "phone_shared": False,
        "created_at": _BEGINNING,
        **values,
    }
    made = connection.execute(insert(person).values(**row)).inserted_primary_key[0]
    return connection.execute(select(person).where(person.c.id == made)).one()


def make_conversation(
    connection: Connection,
    someone: Row | None = None,
    *,
    channel: str = "telegram",
    now: datetime = _BEGINNING,
    **values: Any,
) -> Row:
    """Open a conversation: of ``someone`` whose name was confirmed, or of a stranger."""
    talk = conversations.find_or_open(connection, channel, f"address-{next(_numbers)}", now)
    if someone is not None:
        values = {
            "person_id": someone.id,
            "enrolment": "confirmed",
            "consent": "yes",
            "language": someone.language,
            **values,
        }
    if values:
        conversations.change(connection, talk.id, **values)
    return conversations.get_conversation(connection, talk.id)
