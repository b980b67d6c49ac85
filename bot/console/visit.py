"""One request of a signed-in member of staff, and the guard before every page.

A page is a plain function: it gets a ``Visit`` and returns a response. It runs in a thread of its
own, so it may use the database as it likes. ``guarded`` makes a route of it: without a session the
visitor is sent to sign in, a form without its token is refused, what is not for this member of
staff is not found.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from sqlalchemy.engine import Row
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.console.pages import ROOT, Pages, pages_for
from bot.db.broadcast import Broadcaster
from bot.db.engine import Database
from bot.followup.access import NotAllowed, rights_of
from bot.followup.second_step import is_on
from bot.followup.sessions import (
    CONFIRMED_FOR,
    Session,
    find_session,
    is_confirmed,
    keep_confirmed,
    touch_session,
)
from bot.forms import Fields, first, read_fields, read_upload
from bot.i18n.wording import Wording

SESSION_COOKIE = "akoma_session"
SIGN_IN = f"{ROOT}/sign-in"
# Where a session is led that waits for the code of its second step or for its PIN.
UNLOCK = "/unlock"
CONFIRM = "/confirm"
ACCOUNT = "/account"
# Where one may be led after giving a secret: pages of the console, never elsewhere.
_OWN_PAGE = re.compile(rf"{ROOT}(/[a-z0-9_-]+)*(\?[\w=&.%+-]*)?", re.ASCII)
# In the query of a page that reloads itself: like one that asks ``by_itself``.
REFRESHED = "refreshed"
_LARGEST_ID = 2**31 - 1


@dataclass(frozen=True)
class Console:
    """What the pages are built from. ``secure``: the console is reached by https only.

    ``invitation_links`` gives the link of each channel for a code.
    ``translations`` are the pages in each language, French included.
    ``demo``: made-up people whom nobody's phone could give a code for.
    """

    database: Database
    wording: Wording
    translations: Mapping[str, Pages]
    broadcaster: Broadcaster
    clock: Callable[[], datetime]
    secure: bool
    invitation_links: Callable[[str], dict[str, str]]
    demo: bool = False


class CodeWanted(Exception):
    """What was asked for takes a code of the second step, given again."""


@dataclass(frozen=True)
class Visit:
    """One request. ``form`` holds what was posted, each field once; ``file`` what was uploaded."""

    console: Console
    request: Request
    session: Session
    now: datetime
    form: Mapping[str, str] = field(default_factory=dict, repr=False)
    file: bytes = field(default=b"", repr=False)

    @property
    def member(self) -> Row:
        """Who asks; with ``timezone``, the structure's."""
        return self.session.member

    @property
    def pages(self) -> Pages:
        """The pages in the language that this browser chose; French unless it did."""
        return pages_for(self.request, self.console.translations)

    @property
    def shown(self) -> str:
        """The address of the page, with its query."""
        url = self.request.url
        return f"{url.path}?{url.query}" if url.query else url.path

    @property
    def today(self) -> date:
        """The day that it is where the member works."""
        return self.pages.words.date(self.now, self.member.timezone)

    def number(self, name: str) -> int:
        """Return an id from the path.

        Raises:
            HTTPException: 404, larger than any id of the database.
        """
        value: int = self.request.path_params[name]
        if value > _LARGEST_ID:
            raise HTTPException(404)
        return value

    def query(self, name: str) -> str:
        """Return a value from the query; "" without one."""
        return self.request.query_params.get(name, "")

    def ask_code(self, within: timedelta = CONFIRMED_FOR) -> None:
        """Go on only if a code of the second step was given within the last minutes of work.

        Call it after the rights were looked at: who may not do it is not asked for anything.

        Raises:
            CodeWanted: it was not; the visitor is led to give it, or to set the second step up.
        """
        if is_confirmed(self.session, self.now, within):
            with self.console.database.turn() as connection:
                keep_confirmed(connection, self.session, self.now)
            return
        if self.console.demo and not is_on(self.member):
            return
        raise CodeWanted

    def draw(self, template: str, **values: Any) -> str:
        """Draw a template for this member of staff."""
        return self.pages.draw(
            template,
            others=[page for page in self.console.translations.values() if page is not self.pages],
            # For the form that changes the language: where to come back to.
            shown=self.shown,
            member=self.member,
            rights=rights_of(self.member),
            zone=self.member.timezone,
            csrf=self.session.csrf_token,
            now=self.now,
            **values,
        )

    def page(self, template: str, *, status: int = 200, **values: Any) -> Response:
        """Answer with a page."""
        return HTMLResponse(self.draw(template, **values), status_code=status)


Page = Callable[[Visit], Response]


def guarded(
    console: Console,
    path: str,
    page: Page,
    *,
    method: str = "GET",
    by_itself: bool = False,
    while_locked: bool = False,
    largest_upload: int = 0,
) -> Route:
    """Return the route of a page for signed-in staff.

    Args:
        path: below the console's root.
        by_itself: an open page asks for it without anybody doing anything: it does not keep the
            session alive, and without a session it answers 401 instead of leading to the door.
        while_locked: also for a session that waits for its code or its PIN.
        largest_upload: of a form with a file, in bytes; it is read for signed-in staff only.
    """

    async def endpoint(request: Request) -> Response:
        posted: Fields = {}
        file = b""
        if largest_upload and method == "POST":
            if await run_in_threadpool(session_of, console, request, console.clock()) is None:
                return _lead(SIGN_IN, request)
            posted, file = await read_upload(request, largest_upload)
        elif method == "POST":
            posted = await read_fields(request)
        form = {name: first(posted, name) for name in posted}
        return await run_in_threadpool(
            _answer, console, request, page, form, by_itself, while_locked, file
        )

    return Route(f"{ROOT}{path}", endpoint, methods=[method])


def posted(console: Console, path: str, done: Mapping[str, Page]) -> list[BaseRoute]:
    """Return the routes of what signed-in staff do to one thing, by POST.

    Args:
        path: of the thing, below the console's root.
        done: what answers, by the name that stands behind the path.
    """
    return [guarded(console, f"{path}/{name}", page, method="POST") for name, page in done.items()]


def go(path: str) -> RedirectResponse:
    """Send the browser to another page of the console, by GET."""
    return RedirectResponse(f"{ROOT}{path}", status_code=303)


def session_of(console: Console, request: Request, now: datetime) -> Session | None:
    """Return the session of the cookie, if it is alive."""
    token = request.cookies.get(SESSION_COOKIE, "")
    with console.database.read() as connection:
        return find_session(connection, token, now) if token else None


def give_session(response: Response, token: str, *, secure: bool) -> None:
    """Put a session's token into the browser's cookie."""
    response.set_cookie(
        SESSION_COOKIE, token, path=ROOT, httponly=True, samesite="lax", secure=secure
    )


def led_to(wanted: str) -> str:
    """Return the page of the console that somebody is led to: the one wanted, if it is one."""
    return wanted if _OWN_PAGE.fullmatch(wanted) else ROOT


def _answer(
    console: Console,
    request: Request,
    page: Page,
    form: Mapping[str, str],
    by_itself: bool,
    while_locked: bool,
    file: bytes,
) -> Response:
    now = console.clock()
    session = session_of(console, request, now)
    if session is None or (session.wants is not None and not while_locked):
        if by_itself:
            raise HTTPException(401)
        return _lead(SIGN_IN if session is None else f"{ROOT}{UNLOCK}", request)
    if request.method == "POST" and not same(form.get("csrf", ""), session.csrf_token):
        raise HTTPException(403)
    if session.wants is None and not (by_itself or REFRESHED in request.query_params):
        with console.database.turn() as connection:
            touch_session(connection, session, now)
    try:
        return page(Visit(console, request, session, now, form, file))
    except NotAllowed:
        raise HTTPException(404) from None
    except CodeWanted:
        if not is_on(session.member):
            return go(f"{ACCOUNT}?missing=code")
        return _lead(f"{ROOT}{CONFIRM}", request)


def _lead(to: str, request: Request) -> Response:
    """Send the browser to where a secret is asked, and from there to what it wanted.

    What was posted is not done later unasked: it leads to the page on which it was, one up.
    """
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.method != "GET":
        wanted = request.url.path.rpartition("/")[0] if to.endswith(CONFIRM) else ROOT
    return RedirectResponse(f"{to}?next={quote(wanted)}", status_code=303)


def same(given: str, expected: str) -> bool:
    """Compare a secret with what was given, in a time that tells nothing."""
    return secrets.compare_digest(given.encode(), expected.encode())
