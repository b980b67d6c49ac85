"""The accounts of staff, as administrators keep them.

Nobody is deleted: whoever leaves is switched off, and what they did stays told.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.engine import Connection, Row

from bot.db.tables import person, staff, staff_chat, structure
from bot.followup import second_step, sessions
from bot.followup.access import NotAllowed
from bot.followup.staff import add_staff, email_is_taken, set_email, set_password

# Read out or written down once: without letters and digits that look alike.
_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"
_GROUPS, _GROUP = 4, 4


class EmailTaken(ValueError):
    """Another account has this e-mail address."""


class OwnAccount(ValueError):
    """Nobody changes the own role, or switches the own account off."""


def all_members(connection: Connection) -> list[Row]:
    """Return all staff with ``structure_name``, those who work here first."""
    query = _members().order_by(staff.c.active.desc(), structure.c.name, staff.c.id)
    return connection.execute(query).all()


def get_member(connection: Connection, staff_id: int) -> Row:
    """Return a member of staff with ``structure_name``.

    Raises:
        NotAllowed: there is none.
    """
    row = connection.execute(_members().where(staff.c.id == staff_id)).one_or_none()
    if row is None:
        raise NotAllowed(f"staff {staff_id}")
    return row


def employ(connection: Connection, values: Mapping[str, Any], now: datetime) -> int:
    """Make an account whose password nobody knows yet; return its id.

    Raises:
        EmailTaken: the address has an account.
    """
    if email_is_taken(connection, values["email"]):
        raise EmailTaken
    rest = {name: value for name, value in values.items() if name != "active"}
    made = add_staff(connection, **rest, password=make_password(), now=now)
    connection.execute(update(staff).where(staff.c.id == made).values(active=values["active"]))
    return made


def change_member(connection: Connection, row: Row, values: Mapping[str, Any], by: Row) -> None:
    """Change an account; another role, structure, or none any more ends its sessions.

    Raises:
        EmailTaken: another account has the address.
        OwnAccount: ``by`` would change the own role, or switch the own account off.
    """
    if row.id == by.id and (values["role"] != row.role or not values["active"]):
        raise OwnAccount
    if email_is_taken(connection, values["email"], but=row.id):
        raise EmailTaken
    set_email(connection, row.id, values["email"])
    rest = {name: value for name, value in values.items() if name != "email"}
    connection.execute(update(staff).where(staff.c.id == row.id).values(**rest))
    rights = ("role", "structure_id", "active")
    if row.id != by.id and any(values[name] != getattr(row, name) for name in rights):
        sessions.end_all(connection, row.id)


def give_password(connection: Connection, staff_id: int) -> str:
    """Give a member a password to begin with, end all sessions, and return it to be shown once."""
    password = make_password()
    set_password(connection, staff_id, password)
    sessions.end_all(connection, staff_id)
    return password


def forget_second_step(connection: Connection, staff_id: int) -> None:
    """Ask a member for no code until they set it up again: their phone is lost."""
    second_step.switch_off(connection, staff_id)
    sessions.end_all(connection, staff_id)


def make_password() -> str:
    """Return a password that nobody has to think up: 78 bits, easy to read out."""
    return "-".join(
        "".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS)
    )


def cases_of(connection: Connection, staff_id: int) -> int:
    """Return how many people a member follows: they need somebody else when the member leaves."""
    query = select(func.count()).select_from(person).where(person.c.worker_id == staff_id)
    return connection.execute(query).scalar_one()


def chats_of(connection: Connection, staff_id: int) -> int:
    """Return in how many chats a member is alerted."""
    query = select(func.count()).select_from(staff_chat).where(staff_chat.c.staff_id == staff_id)
    return connection.execute(query).scalar_one()


def _members() -> Any:
    named = structure.c.name.label("structure_name")
    return select(staff, named).join(structure, structure.c.id == staff.c.structure_id)
