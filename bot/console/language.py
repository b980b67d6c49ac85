"""The language of the console: each browser's own choice."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Match

from bot.console.pages import LANGUAGE_COOKIE, ROOT
from bot.console.visit import Console, Visit, guarded, led_to

_KEPT_FOR = 365 * 24 * 3600


def routes(console: Console) -> list[BaseRoute]:
    """Return the route by which a language is chosen."""
    return [guarded(console, "/language", _choose, method="POST")]


def _choose(visit: Visit) -> Response:
    response = RedirectResponse(_page_shown(visit), status_code=303)
    wanted = visit.form.get("to", "")
    if wanted in visit.console.translations:
        response.set_cookie(
            LANGUAGE_COOKIE,
            wanted,
            max_age=_KEPT_FOR,
            path=ROOT,
            httponly=True,
            samesite="lax",
            secure=visit.console.secure,
        )
    return response


def _page_shown(visit: Visit) -> str:
    """Return the page that was on the screen; of one that answered a form, the nearest above.

    The page says itself where it is: browsers are told to send no referrer.
    """
    wanted = led_to(visit.form.get("next", ""))
    path = wanted.partition("?")[0]
    while path != ROOT:
        scope = {"type": "http", "method": "GET", "path": path}
        if any(route.matches(scope)[0] is Match.FULL for route in visit.request.app.routes):
            return wanted if wanted.partition("?")[0] == path else path
        path = path.rpartition("/")[0]
    return wanted if wanted.startswith(f"{ROOT}?") else ROOT
