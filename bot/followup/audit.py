"""Who did what, append-only and hash-chained per structure (safeguarding 18). Ids, never words."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection

from bot.db.tables import audit, structure

_FIRST = "0" * 64


def record(
    connection: Connection,
    *,
    action: str,
    object_type: str,
    object_id: int | str,
    now: datetime,
    staff_id: int | None = None,
    structure_id: int | None = None,
) -> None:
    """Append one line, chained to the last one of the same structure."""
    if structure_id is not None:
        # Two writers must not chain to the same line.
        lock = select(structure.c.id).where(structure.c.id == structure_id).with_for_update()
        connection.execute(lock).one()
    previous = connection.execute(
        select(audit.c.hash).where(_same_chain(structure_id)).order_by(audit.c.id.desc()).limit(1)
    ).scalar_one_or_none()
    values = {
        "structure_id": structure_id,
        "staff_id": staff_id,
        "action": action,
        "object_type": object_type,
        "object_id": str(object_id),
        "at": now,
        "previous_hash": previous or _FIRST,
    }
    connection.execute(insert(audit).values(**values, hash=_digest(values)))


def first_broken_line(connection: Connection, structure_id: int | None) -> int | None:
    """Return the id of the first line that was changed or follows a removed one, or None."""
    previous = _FIRST
    query = select(audit).where(_same_chain(structure_id)).order_by(audit.c.id)
    for line in connection.execute(query):
        values = {
            name: value for name, value in line._mapping.items() if name not in ("id", "hash")
        }
        if line.previous_hash != previous or line.hash != _digest(values):
            return line.id
        previous = line.hash
    return None


def _same_chain(structure_id: int | None):  # type: ignore[no-untyped-def]
    if structure_id is None:
        return audit.c.structure_id.is_(None)
    return audit.c.structure_id == structure_id


def _digest(values: dict[str, object]) -> str:
    parts = [values["at"].isoformat() if k == "at" else str(values[k]) for k in sorted(values)]  # type: ignore[attr-defined]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
