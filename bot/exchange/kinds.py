"""What can be exchanged: a sheet a topic, its columns, how a row is kept, how rows are given out.

A row that is there already, by what names it (the case number; the recipient and the month), is
changed; any other is added. An empty cell of an optional column leaves what is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Table, insert, select, update
from sqlalchemy.engine import Connection, Row

from bot.db.tables import person, staff, structure
from bot.exchange.fields import Column, Refused
from bot.followup.people import NoSuchCase, find_by_case
from bot.followup.staff import StaffRefused, find_by_email, find_structure
from bot.reasons import mark

Values = Mapping[str, Any]

_NO_CASE = mark("{column} : ce dossier n'existe pas. Importez d'abord les personnes, ou corrigez")


class Saved(NamedTuple):
    """A row that was kept: what it is, and whether it is new."""

    object_type: str
    object_id: int
    structure_id: int
    added: bool


@dataclass(frozen=True)
class Kind:
    """A kind of sheet.

    ``save`` keeps one row and raises ``Refused``; ``rows`` gives all of them in the same columns.
    """

    name: str
    columns: tuple[Column, ...]
    save: Callable[[Connection, Values, datetime], Saved]
    rows: Callable[[Connection], Iterator[dict[str, Any]]]


def case_of(connection: Connection, values: Values, column: str = "case") -> Row:
    """Return the person whose case number stands in a column."""
    try:
        return find_by_case(connection, values[column])
    except NoSuchCase:
        raise Refused(_NO_CASE, column=column) from None


def structure_named(connection: Connection, name: str) -> Row:
    """Return the structure of a name."""
    try:
        return find_structure(connection, name)
    except StaffRefused:
        raise Refused(
            mark("structure : ce nom n'existe pas. Importez d'abord les structures")
        ) from None


def worker_of(connection: Connection, email: str | None, structure_id: int) -> int | None:
    """Return the id of the member of staff with an e-mail address, in that structure."""
    if email is None:
        return None
    member = find_by_email(connection, email)
    if member is None or member.structure_id != structure_id or not member.active:
        raise Refused(
            mark("worker : personne de cette structure. Ajoutez d'abord le compte (`staff add`)")
        )
    return member.id


def keep(
    connection: Connection, table: Table, key: Values, values: Values, new: Values
) -> tuple[int, bool]:
    """Change the row that ``key`` names, or add it; return its id and whether it is new.

    Args:
        values: None leaves what is there.
        new: what a row that is added has where ``values`` say nothing.
    """
    where = [table.c[name] == value for name, value in key.items()]
    found = connection.execute(select(table.c.id).where(*where)).scalars().all()
    if len(found) > 1:
        raise Refused(
            mark("il y a déjà plusieurs lignes comme celle-ci : changez-les dans la console")
        )
    given = {name: value for name, value in values.items() if value is not None}
    if found:
        if given:
            connection.execute(update(table).where(table.c.id == found[0]).values(**given))
        return found[0], False
    added = connection.execute(insert(table).values(**{**new, **given, **key}))
    return added.inserted_primary_key[0], True


def people_by_id(connection: Connection) -> dict[int, Row]:
    """Return everybody, for naming them by their case numbers."""
    return {row.id: row for row in connection.execute(select(person).order_by(person.c.id))}


def structures_by_id(connection: Connection) -> dict[int, Row]:
    """Return all structures."""
    return {row.id: row for row in connection.execute(select(structure).order_by(structure.c.id))}


def emails_by_id(connection: Connection) -> dict[int | None, str]:
    """Return the e-mail addresses of staff."""
    return {row.id: row.email for row in connection.execute(select(staff.c.id, staff.c.email))}
