"""The language of the console: each browser's own choice."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.console.pages import LANGUAGE_COOKIE, ROOT
from bot.console.visit import Console, Visit, go, guarded

_KEPT_FOR = 365 * 24 * 3600


def routes(console: Console) -> list[BaseRoute]:
    """Return the route by which a language is chosen."""
    return [guarded(console, "/language", _choose, method="POST")]


def _choose(visit: Visit) -> Response:
    response = go("")
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
