"""The door: e-mail and password in, sign out."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.console.pages import ROOT
from bot.console.visit import (
    SESSION_COOKIE,
    SIGN_IN,
    Console,
    Visit,
    give_session,
    guarded,
    same,
    session_of,
)
from bot.followup import audit
from bot.followup.staff import authenticate, end_session, start_session
from bot.forms import first, read_fields

# There is no session yet to hold a token against forged forms: a cookie of the page holds it.
_FORM_COOKIE = "akoma_sign_in"
# A refusal takes at least this long (seconds), so that how long it took says nothing.
_REFUSAL_TAKES = 0.4
# Where one may be led after signing in: pages of the console, never elsewhere.
_OWN_PAGE = re.compile(rf"{ROOT}(/(alerts|conversations|people)/\d+)?")


def routes(console: Console) -> list[BaseRoute]:
    """Return the routes of the door."""

    async def door(request: Request) -> Response:
        if await run_in_threadpool(session_of, console, request, console.clock()):
            return RedirectResponse(ROOT, status_code=303)
        return _draw(console, request.cookies.get(_FORM_COOKIE), _next(request.query_params))

    async def knock(request: Request) -> Response:
        posted = await read_fields(request)
        form = {name: first(posted, name) for name in posted}
        return await run_in_threadpool(_sign_in, console, request, form)

    return [
        Route(SIGN_IN, door),
        Route(SIGN_IN, knock, methods=["POST"]),
        guarded(console, "/sign-out", _sign_out, method="POST"),
    ]


def _draw(
    console: Console, token: str | None, wanted: str, *, email: str = "", refused: bool = False
) -> Response:
    token = token or secrets.token_urlsafe(32)
    page = console.pages.draw(
        "sign_in.html", csrf=token, wanted=wanted, email=email, refused=refused
    )
    response = HTMLResponse(page, status_code=401 if refused else 200)
    response.set_cookie(
        _FORM_COOKIE, token, path=SIGN_IN, httponly=True, samesite="lax", secure=console.secure
    )
    return response


def _sign_in(console: Console, request: Request, form: Mapping[str, str]) -> Response:
    token = request.cookies.get(_FORM_COOKIE, "")
    if not token or not same(form.get("csrf", ""), token):
        raise HTTPException(403)
    began, now = time.monotonic(), console.clock()
    email = form.get("email", "")
    with console.database.turn() as connection:
        member = authenticate(connection, email, form.get("password", ""), now)
        if member is not None:
            session = start_session(connection, member.id, now)
            audit.record_by(connection, member, "staff.sign_in", "staff", member.id, now)
    if member is None:
        time.sleep(max(0.0, began + _REFUSAL_TAKES - time.monotonic()))
        return _draw(console, token, _next(form), email=email, refused=True)
    response = RedirectResponse(_next(form), status_code=303)
    give_session(response, session, secure=console.secure)
    response.delete_cookie(_FORM_COOKIE, path=SIGN_IN)
    return response


def _sign_out(visit: Visit) -> Response:
    with visit.console.database.write() as connection:
        end_session(connection, visit.request.cookies[SESSION_COOKIE])
    response = RedirectResponse(SIGN_IN, status_code=303)
    response.delete_cookie(SESSION_COOKIE, path=ROOT)
    return response


def _next(fields: Mapping[str, str]) -> str:
    wanted = fields.get("next", "")
    return wanted if _OWN_PAGE.fullmatch(wanted) else ROOT
