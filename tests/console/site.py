"""The console as an application of its own, with a clock that tests set."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.engine import Row
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from bot.console import build_console
from bot.console.errors import error_pages
from bot.console.security import SecurityHeaders
from bot.console.visit import SESSION_COOKIE
from bot.db.broadcast import Broadcaster
from bot.db.engine import Database
from bot.followup.sessions import code_given, find_session, start_session
from bot.i18n.wording import Wording
from bot.settings import Settings
from tests.platforms.base import ServerThread

_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, length: timedelta) -> None:
        """Let time pass."""
        self.now += length


class Site:
    """The console on a database, and browsers that visit it."""

    def __init__(
        self,
        database: Database,
        wording: Wording,
        clock: Clock,
        public_url: str = "http://127.0.0.1:8080",
        **settings_values: Any,
    ) -> None:
        self.database, self.clock = database, clock
        settings = Settings(
            database_url="", secret_keys=(), public_url=public_url, **settings_values
        )
        self._broadcaster = Broadcaster(database, "console")
        routes = build_console(settings, database, wording, self._broadcaster, clock=clock)
        self.app = Starlette(
            routes=routes,
            middleware=[Middleware(SecurityHeaders)],
            exception_handlers=error_pages(wording),
        )

    def session(self, member: Row, *, coded: bool = False) -> str:
        """Sign a member of staff in without the door; return the cookie's value.

        Args:
            coded: a code of the second step was just given.
        """
        with self.database.write() as connection:
            token = start_session(connection, member.id, self.clock())
            session = find_session(connection, token, self.clock())
            if coded and session is not None:
                code_given(connection, session.id, self.clock())
            return token

    def visitor(self, member: Row | None = None, *, coded: bool = False) -> Visitor:
        """Give a browser of ``member``'s, signed in; of nobody's without one."""
        visitor = Visitor(self.app, raise_server_exceptions=False)
        if member is not None:
            cookie = self.session(member, coded=coded)
            visitor.cookies.set(SESSION_COOKIE, cookie, path="/console")
        return visitor

    @contextlib.contextmanager
    def served(self) -> Iterator[str]:
        """Serve the site, live, on a port of its own; yield its address."""
        server = ServerThread()
        server.start(self.app)
        live = server.call(self._begin())
        try:
            yield server.url
        finally:
            server.call(_end(live))
            server.stop()

    async def _begin(self) -> asyncio.Task[None]:
        return asyncio.create_task(self._broadcaster.run())


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


class Visitor(TestClient):
    """A browser without JavaScript: it knows how to send the forms of the page it is on."""

    def token(self, path: str = "/console") -> str:
        """Return the token in the forms of a page."""
        found = _TOKEN.search(self.get(path).text)
        assert found, f"{path} has no form with a token"
        return found.group(1)

    def submit(self, path: str, *, token: str | None = None, **fields: str):
        """Send a form of the console, with the token it carries."""
        csrf = self.token() if token is None else token
        return self.post(f"/console{path}", data={"csrf": csrf, **fields})
