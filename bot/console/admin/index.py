"""Where administration begins: the tables, and what waits in them."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.console.admin.table import Table, check, desk_of
from bot.console.visit import Console, Visit, guarded


def routes(console: Console, tables: Sequence[Table]) -> list[BaseRoute]:
    """Return the route of the first page of administration."""

    def page(visit: Visit) -> Response:
        check(visit)
        with visit.console.database.read() as connection:
            desk = desk_of(visit, connection)
            shown = []
            for table in tables:
                lines = [table.line(desk, row) for row in table.rows(connection)]
                in_use = sum(not line.off for line in lines)
                warned = sum(bool(line.warns) for line in lines)
                shown.append((table.name, table.titles(desk.translate), in_use, warned))
        return visit.page("admin.html", tables=shown)

    return [guarded(console, "/admin", page)]
