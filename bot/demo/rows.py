"""Adding made-up rows once, however often the demo is started."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table, insert, select
from sqlalchemy.engine import Connection


def ensure(connection: Connection, table: Table, key: Mapping[str, Any], **values: Any) -> int:
    """Return the id of the row with ``key``; add it with ``values`` if there is none.

    Args:
        key: plain columns, since a sealed value cannot be searched for.
    """
    query = select(table.c.id).where(*(table.c[name] == value for name, value in key.items()))
    found = connection.execute(query.limit(1)).scalar_one_or_none()
    if found is not None:
        return found
    return connection.execute(insert(table).values(**key, **values)).inserted_primary_key[0]
