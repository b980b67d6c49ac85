"""Finding a row by what is sealed in it."""

from __future__ import annotations

from sqlalchemy.engine import Connection, Row
from sqlalchemy.sql import Select

from bot.db.engine import sealer_of


def find_by_index(connection: Connection, query: Select, value: str, **where: object) -> Row | None:
    """Return the row whose blind index is that of ``value``, or None.

    One key after the other: there is a second one only while keys are changed, and a list of values
    would be spelt out anew for each message.

    Args:
        query: takes the index as the parameter ``index``, and ``where``.
    """
    for index in sealer_of(connection).blind_indexes(value):
        row = connection.execute(query, {**where, "index": index}).one_or_none()
        if row is not None:
            return row
    return None
