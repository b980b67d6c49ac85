"""All files that a member of staff may read: by number or by silence, searched, paged."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.console.parts import page_number
from bot.console.person.words import FileWords
from bot.console.visit import Console, Visit, guarded
from bot.followup.access import rights_of
from bot.followup.caselist import ORDERS, list_people
from bot.followup.people import age

# Keeps the page small enough for 2G.
PAGE_SIZE = 30
_LONGEST_SEARCH = 60


def routes(console: Console) -> list[BaseRoute]:
    """Return the route of the list. It is searched by POST: a name has no place in an address."""
    return [
        guarded(console, "/people", _page),
        guarded(console, "/people/search", _page, method="POST"),
    ]


def _page(visit: Visit) -> Response:
    if not rights_of(visit.member).cases:
        return visit.page("no_cases.html", status=403)
    words = visit.form.get("words", "")[:_LONGEST_SEARCH]
    mine = visit.query("who") == "mine"
    order = visit.query("order") if visit.query("order") in ORDERS else ORDERS[0]
    page = page_number(visit)
    with visit.console.database.read() as connection:
        found = list_people(
            connection,
            visit.member,
            words=words,
            mine=mine,
            order=order,
            limit=PAGE_SIZE + 1,
            offset=(page - 1) * PAGE_SIZE,
        )
    return visit.page(
        "people.html",
        tell=FileWords(visit.pages.translate),
        people=found[:PAGE_SIZE],
        ages={row.id: age(row, visit.now) for row in found},
        words=words,
        mine=mine,
        order=order,
        page=page,
        more=len(found) > PAGE_SIZE,
    )
