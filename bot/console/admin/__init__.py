"""Administration: the tables that a whole installation works with. A new one is one line here."""

from __future__ import annotations

from starlette.routing import BaseRoute

from bot.console.admin import aid_kinds, helplines, index, programmes, staff, structures
from bot.console.admin.table import table_routes
from bot.console.visit import Console

TABLES = (staff.TABLE, structures.TABLE, programmes.TABLE, aid_kinds.TABLE, helplines.TABLE)


def routes(console: Console) -> list[BaseRoute]:
    """Return the routes of administration."""
    return [
        *index.routes(console, TABLES),
        *(route for table in TABLES for route in table_routes(console, table)),
        *staff.routes(console),
        *helplines.routes(console),
    ]
