"""The page that a partner opens first."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.console.referred.case import PartnerLook
from bot.console.referred.sources import SOURCES
from bot.console.visit import Console, Visit, guarded
from bot.followup import audit
from bot.followup.access import NotAllowed, rights_of


def routes(console: Console) -> list[BaseRoute]:
    """Return the route of the page."""
    return [guarded(console, "/referred", _page)]


def _page(visit: Visit) -> Response:
    if not rights_of(visit.member).receives:
        raise NotAllowed("cases are referred to partners")
    _, say = visit.pages.translate, visit.pages.words
    with visit.console.database.turn() as connection:
        look = PartnerLook(connection, visit.member, visit.now, say, _)
        cases = [case for load in SOURCES for case in load(look)]
        audit.record_reading(connection, visit.member, "referred", visit.member.id, visit.now)
    cases.sort(key=lambda case: (not case.waits, case.at))
    return visit.page("referred.html", cases=cases)
