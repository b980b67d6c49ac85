"""A web chat whose replies a test writes, and browsers to look at it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime, timezone

import httpx
import pytest
from starlette.applications import Starlette

from bot.channels.webchat.channel import WebchatChannel
from bot.channels.webchat.identity import Identity
from bot.console.security import SecurityHeaders
from bot.db.engine import Database
from bot.settings import Settings
from tests.channels.webchat.desk import Desk
from tests.channels.webchat.visitor import Visitor
from tests.conftest import KEYS
from tests.made_up import make_structure
from tests.platforms.base import ServerThread


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


@pytest.fixture
def identity() -> Identity:
    """Give what signs the cookies here."""
    return Identity(KEYS, secure=False)


@pytest.fixture
def desk(sqlite_database: Database) -> Desk:
    """Give the intake: it records, and answers what a test tells it to."""
    with sqlite_database.write() as connection:
        make_structure(connection, visible_name="Infos école et formation")
    return Desk(sqlite_database, _utc_now)


@pytest.fixture
def url(sqlite_database: Database, desk: Desk) -> Iterator[str]:
    """Serve the channel, with its listener, as in service."""
    server = ServerThread()
    settings = Settings("", KEYS, public_url=server.url, demo=True)
    channel = WebchatChannel(settings, sqlite_database)
    server.start(SecurityHeaders(Starlette(routes=channel.routes(desk))))
    listening = server.call(_begin(channel, desk))
    yield server.url
    server.call(_end(listening))
    server.stop()


@pytest.fixture
def visit(url: str, identity: Identity) -> Iterator[Callable[[str], Visitor]]:
    """Give a function that opens a browser of its own: for an address, or for a stranger ("")."""
    clients: list[httpx.Client] = []

    def open_browser(address: str = "") -> Visitor:
        clients.append(httpx.Client(base_url=url, trust_env=False))
        visitor = Visitor(clients[-1])
        if address:
            visitor.take_cookie(identity, address)
        return visitor

    yield open_browser
    for client in clients:
        client.close()


async def _begin(channel: WebchatChannel, desk: Desk) -> asyncio.Task[None]:
    return asyncio.create_task(channel.run(desk))


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
