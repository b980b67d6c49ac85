"""The door: e-mail and password in, where it is set up a code of the second step, sign out.

A trusted phone that was not used for a while asks for its PIN at the same place as the code.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.console.device import device_of
from bot.console.pages import ROOT, pages_for
from bot.console.visit import (
    SESSION_COOKIE,
    SIGN_IN,
    UNLOCK,
    Console,
    Visit,
    give_session,
    guarded,
    led_to,
    same,
    session_of,
)
from bot.followup import audit
from bot.followup.second_step import check_code, is_on
from bot.followup.sessions import code_given, end_session, start_session, try_pin
from bot.followup.staff import authenticate, is_locked
from bot.forms import first, read_fields

# There is no session yet to hold a token against forged forms: a cookie of the page holds it.
_FORM_COOKIE = "akoma_sign_in"
# A refusal takes at least this long (seconds), so that how long it took says nothing.
_REFUSAL_TAKES = 0.4


def routes(console: Console) -> list[BaseRoute]:
    """Return the routes of the door."""

    async def door(request: Request) -> Response:
        if await run_in_threadpool(session_of, console, request, console.clock()):
            return RedirectResponse(ROOT, status_code=303)
        wanted = led_to(request.query_params.get("next", ""))
        return _draw(console, request, request.cookies.get(_FORM_COOKIE), wanted)

    async def knock(request: Request) -> Response:
        posted = await read_fields(request)
        form = {name: first(posted, name) for name in posted}
        return await run_in_threadpool(_sign_in, console, request, form)

    return [
        Route(SIGN_IN, door),
        Route(SIGN_IN, knock, methods=["POST"]),
        guarded(console, UNLOCK, _unlock_page, while_locked=True),
        guarded(console, UNLOCK, _unlock, method="POST", while_locked=True),
        guarded(console, "/sign-out", _sign_out, method="POST", while_locked=True),
    ]


def _draw(
    console: Console,
    request: Request,
    token: str | None,
    wanted: str,
    *,
    email: str = "",
    refused: bool = False,
) -> Response:
    token = token or secrets.token_urlsafe(32)
    page = pages_for(request, console.translations).draw(
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
            device = device_of(request.headers.get("user-agent", ""))
            session = start_session(
                connection, member.id, now, device=device, wants_code=is_on(member)
            )
            if not is_on(member):
                audit.record_by(connection, member, "staff.sign_in", "staff", member.id, now)
    if member is None:
        time.sleep(max(0.0, began + _REFUSAL_TAKES - time.monotonic()))
        wanted = led_to(form.get("next", ""))
        return _draw(console, request, token, wanted, email=email, refused=True)
    # Where a code is still to come the page leads on to where it is given.
    response = RedirectResponse(led_to(form.get("next", "")), status_code=303)
    give_session(response, session, secure=console.secure)
    response.delete_cookie(_FORM_COOKIE, path=SIGN_IN)
    return response


def _unlock_page(visit: Visit, *, refused: bool = False) -> Response:
    if visit.session.wants is None:
        return RedirectResponse(led_to(visit.query("next")), status_code=303)
    return visit.page(
        "unlock.html",
        status=422 if refused else 200,
        wants=visit.session.wants,
        wanted=led_to(visit.form.get("next") or visit.query("next")),
        refused=refused,
    )


def _unlock(visit: Visit) -> Response:
    """Take the code or the PIN; a session that had too many wrong ones is over."""
    session, member = visit.session, visit.member
    given = visit.form.get("code", "").strip()
    with visit.console.database.write() as connection:
        if session.wants == "pin":
            right = try_pin(connection, session.id, given, visit.now)
        else:
            right = session.wants is None or check_code(connection, member.id, given, visit.now)
            if right and session.wants is not None:
                code_given(connection, session.id, visit.now)
                audit.record_by(connection, member, "staff.sign_in", "staff", member.id, visit.now)
            elif not right and is_locked(connection, member.id, visit.now):
                end_session(connection, visit.request.cookies[SESSION_COOKIE])
    if right:
        return RedirectResponse(led_to(visit.form.get("next", "")), status_code=303)
    if session_of(visit.console, visit.request, visit.now) is None:
        return RedirectResponse(SIGN_IN, status_code=303)
    return _unlock_page(visit, refused=True)


def _sign_out(visit: Visit) -> Response:
    with visit.console.database.write() as connection:
        end_session(connection, visit.request.cookies[SESSION_COOKIE])
    response = RedirectResponse(SIGN_IN, status_code=303)
    response.delete_cookie(SESSION_COOKIE, path=ROOT)
    return response
