"""The structures that follow people, and how they are set up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection, Row

from bot.db.tables import structure
from bot.followup.access import NotAllowed


class StructureRefused(ValueError):
    """A structure cannot be set up like this: its name is taken."""


def all_structures(connection: Connection) -> list[Row]:
    """Return all structures, by name."""
    return connection.execute(select(structure).order_by(structure.c.name)).all()


def get_structure(connection: Connection, structure_id: int) -> Row:
    """Return a structure.

    Raises:
        NotAllowed: there is none.
    """
    query = select(structure).where(structure.c.id == structure_id)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotAllowed(f"structure {structure_id}")
    return row


def save_structure(
    connection: Connection, structure_id: int | None, values: Mapping[str, Any]
) -> int:
    """Set a structure up, or change one; return its id.

    Raises:
        StructureRefused: another one has this name.
    """
    named = select(structure.c.id).where(structure.c.name == values["name"])
    taken = connection.execute(named).scalar_one_or_none()
    if taken is not None and taken != structure_id:
        raise StructureRefused("name")
    if structure_id is not None:
        connection.execute(update(structure).where(structure.c.id == structure_id).values(**values))
        return structure_id
    made = connection.execute(insert(structure).values(**values))
    return made.inserted_primary_key[0]
