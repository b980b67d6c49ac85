"""The demo's front page: write as a made-up person, work as a made-up colleague."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.channels.webchat import identity
from bot.console.device import device_of
from bot.console.pages import ROOT as CONSOLE
from bot.console.visit import give_session
from bot.db.engine import Database
from bot.demo import people
from bot.demo.threads import MOTHER_ADDRESS, YOUTH_ADDRESS
from bot.followup.consent import make_enrolment_code
from bot.followup.sessions import start_session
from bot.forms import first, read_fields
from bot.i18n.catalogs import Catalogs
from bot.i18n.templates import translated_templates
from bot.settings import Settings

_HERE = Path(__file__).parent
# The browsers' "no-referrer" would hide from us that our own forms are our own.
_HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
_LANGUAGES = ("fr", "en")
_STRANGER, _NEWCOMER = "stranger", "newcomer"
_KNOWN: Mapping[str, str] = {"koffi": YOUTH_ADDRESS, "mariam": MOTHER_ADDRESS}
_COLLEAGUES: Mapping[str, people.Member] = {
    "awa": people.AWA,
    "clarisse": people.CLARISSE,
    "noel": people.NOEL,
    "ines": people.INES,
    "bakary": people.BAKARY,
}


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


def build_demo(
    settings: Settings,
    database: Database,
    catalogs: Catalogs,
    clock: Callable[[], datetime] = _utc_now,
) -> list[BaseRoute]:
    """Return the routes of the front page; none without ``--demo``."""
    if not settings.demo:
        return []
    return _DemoPages(settings, database, catalogs, clock).routes()


class _DemoPages:
    def __init__(
        self,
        settings: Settings,
        database: Database,
        catalogs: Catalogs,
        clock: Callable[[], datetime],
    ) -> None:
        self._secure = settings.public_url.startswith("https:")
        self._identity = identity.Identity(settings.secret_keys, secure=self._secure)
        self._database = database
        self._clock = clock
        self._templates = {
            language: translated_templates(_HERE / "templates", catalogs, language)
            for language in _LANGUAGES
        }

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/", self._front_page),
            Route("/demo/write-as", self._write_as, methods=["POST"]),
            Route("/demo/work-as", self._work_as, methods=["POST"]),
            Mount("/demo/static", StaticFiles(directory=_HERE / "static"), name="demo-static"),
        ]

    async def _front_page(self, request: Request) -> Response:
        return self._drawn(request)

    async def _write_as(self, request: Request) -> Response:
        who = await _chosen(request)
        if who == _NEWCOMER:
            response = self._drawn(request, await run_in_threadpool(self._make_code))
        elif who == _STRANGER or who in _KNOWN:
            response = RedirectResponse(identity.PATH, status_code=303)
        else:
            raise HTTPException(400)
        self._identity.become(response, _KNOWN.get(who) or identity.new_address())
        return response

    async def _work_as(self, request: Request) -> Response:
        member = _COLLEAGUES.get(await _chosen(request))
        if member is None:
            raise HTTPException(400)
        response = RedirectResponse(CONSOLE, status_code=303)
        device = device_of(request.headers.get("user-agent", ""))
        token = await run_in_threadpool(self._start_session, member, device)
        give_session(response, token, secure=self._secure)
        return response

    def _drawn(self, request: Request, code: str = "") -> Response:
        asked = request.query_params.get("language", "")
        language, other = _LANGUAGES if asked != "en" else reversed(_LANGUAGES)
        page = self._templates[language].get_template("front.html").render(code=code, other=other)
        return HTMLResponse(page, headers=_HEADERS)

    def _make_code(self) -> str:
        with self._database.write() as connection:
            someone = people.newcomer_row(connection)
            return make_enrolment_code(connection, someone, self._clock())

    def _start_session(self, member: people.Member, device: str) -> str:
        with self._database.write() as connection:
            row = people.member_row(connection, member)
            return start_session(connection, row.id, self._clock(), device=device)


async def _chosen(request: Request) -> str:
    """Return who was chosen.

    Raises:
        HTTPException: 403, not from a page of our own.
    """
    if not identity.from_our_own_page(request):
        raise HTTPException(403)
    return first(await read_fields(request), "who")
