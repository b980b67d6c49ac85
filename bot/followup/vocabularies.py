"""What staff choose from and youths are offered: kinds of aid, training programmes.

Nothing is deleted: what somebody asked for once keeps its name; what is closed is offered no more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table, insert, select, update
from sqlalchemy.engine import Connection, Row
from sqlalchemy.sql import ColumnElement

from bot.db.tables import aid_kind, programme, structure
from bot.followup.access import NotAllowed


class NameTaken(ValueError):
    """Another one is called so."""


def aid_kinds(connection: Connection) -> list[Row]:
    """Return all kinds of aid, those in use first."""
    query = select(aid_kind).order_by(aid_kind.c.open.desc(), aid_kind.c.name)
    return connection.execute(query).all()


def get_aid_kind(connection: Connection, row_id: int) -> Row:
    """Return a kind of aid.

    Raises:
        NotAllowed: there is none.
    """
    return _one(connection.execute(select(aid_kind).where(aid_kind.c.id == row_id)).first())


def save_aid_kind(connection: Connection, row: Row | None, values: Mapping[str, Any]) -> int:
    """Keep a kind of aid, new or changed; return its id.

    Raises:
        NameTaken: another one has this name.
    """
    return _save(connection, aid_kind, row, values, aid_kind.c.name == values["name"])


def programmes(connection: Connection) -> list[Row]:
    """Return all programmes with ``structure_name``, those in use first."""
    query = _programmes().order_by(programme.c.open.desc(), structure.c.name, programme.c.title)
    return connection.execute(query).all()


def get_programme(connection: Connection, row_id: int) -> Row:
    """Return a programme with ``structure_name``.

    Raises:
        NotAllowed: there is none.
    """
    return _one(connection.execute(_programmes().where(programme.c.id == row_id)).first())


def save_programme(connection: Connection, row: Row | None, values: Mapping[str, Any]) -> int:
    """Keep a programme, new or changed; return its id.

    Raises:
        NameTaken: its structure has another one of this title.
    """
    same = programme.c.structure_id == values["structure_id"]
    return _save(connection, programme, row, values, same, programme.c.title == values["title"])


def _programmes() -> Any:
    named = structure.c.name.label("structure_name")
    return select(programme, named).join(structure, structure.c.id == programme.c.structure_id)


def _one(row: Row | None) -> Row:
    if row is None:
        raise NotAllowed("no such row")
    return row


def _save(
    connection: Connection,
    table: Table,
    row: Row | None,
    values: Mapping[str, Any],
    *same: ColumnElement,
) -> int:
    taken = connection.execute(select(table.c.id).where(*same)).scalars().all()
    if any(row is None or other != row.id for other in taken):
        raise NameTaken(table.name)
    if row is None:
        made = connection.execute(insert(table).values(**values))
        return made.inserted_primary_key[0]
    connection.execute(update(table).where(table.c.id == row.id).values(**values))
    return row.id
