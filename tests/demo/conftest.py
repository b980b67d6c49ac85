"""The demo as `run --demo` serves it: front page, chat and console on one address."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.webchat.channel import WebchatChannel
from bot.console.security import SecurityHeaders
from bot.console.visit import SESSION_COOKIE
from bot.db.engine import Database
from bot.demo import people
from bot.demo.pages import build_demo
from bot.followup.sessions import find_session
from bot.i18n.catalogs import Catalogs
from bot.settings import PROJECT, Settings
from tests.channels.webchat.desk import Desk
from tests.conftest import KEYS
from tests.platforms.base import ServerThread


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


@pytest.fixture
def desk(sqlite_database: Database) -> Desk:
    with sqlite_database.write() as connection:
        people.fill(connection, _utc_now())
    return Desk(sqlite_database, _utc_now)


@pytest.fixture
def url(sqlite_database: Database, desk: Desk) -> Iterator[str]:
    server = ServerThread()
    settings = Settings("", KEYS, public_url=server.url, demo=True)
    chat = WebchatChannel(settings, sqlite_database)

    def who_am_i(request: Request) -> Response:
        with sqlite_database.read() as connection:
            token = request.cookies.get(SESSION_COOKIE, "")
            session = find_session(connection, token, _utc_now())
        return PlainTextResponse(session.member.shown_name if session else "nobody")

    routes = [
        *chat.routes(desk),
        *build_demo(settings, sqlite_database, Catalogs(PROJECT / "locales")),
        Route("/console", who_am_i),
    ]
    server.start(SecurityHeaders(Starlette(routes=routes)))
    yield server.url
    server.stop()


@pytest.fixture
def visitor(url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, trust_env=False, follow_redirects=True) as client:
        yield client
