"""A local Telegram, the channel pointed at it, and an intake that keeps what it is given."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
import structlog

from bot.channels.base import Event, Inbound, Intake
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.poller import PollTiming
from bot.db.engine import Database
from bot.settings import Settings, TelegramSettings
from tests.conftest import KEYS
from tests.platforms.telegram_server import TelegramServer

AWA = "7000000011"
KOFFI = "7000000012"
PATIENCE = 10  # seconds after which a test that waits has failed
QUICK = PollTiming(
    long_poll_seconds=2,
    lease=timedelta(seconds=30),
    renew_seconds=0.02,
    first_pause_seconds=0.01,
    longest_pause_seconds=0.02,
)


async def until(condition: Callable[[], bool]) -> None:
    """Return as soon as ``condition`` holds."""

    async def look() -> None:
        while not condition():  # noqa: ASYNC110 - it looks at another thread
            await asyncio.sleep(0.005)

    await asyncio.wait_for(look(), PATIENCE)


class Recorder(Intake):
    """Records each event once, as the real intake does, unless told to refuse it."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.given: list[str] = []
        self.refuses: Callable[[Inbound], bool] = lambda _: False
        self.before_it_returns: Callable[[], Awaitable[object]] | None = None

    async def __call__(self, channel: str, events: Sequence[Event]) -> None:
        assert channel == "telegram"
        messages = [event for event in events if isinstance(event, Inbound)]
        self.given += [message.text for message in messages]
        if any(self.refuses(message) for message in messages):
            raise RuntimeError("the database is away")
        self.events += [event for event in events if event not in self.events]
        if self.before_it_returns:
            await self.before_it_returns()

    @property
    def texts(self) -> list[str]:
        return [event.text for event in self.events if isinstance(event, Inbound)]


class Clock:
    """The real time, unless moved ahead; counts how often it was looked at."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)
        self.looks = 0

    def __call__(self) -> datetime:
        self.looks += 1
        return datetime.now(timezone.utc) + self.ahead


class Process:
    """A process that runs the channel: its own channel and intake over the shared database."""

    def __init__(self, settings: Settings, database: Database, timing: PollTiming) -> None:
        self.clock = Clock()
        self.intake = Recorder()
        self.channel = TelegramChannel(settings, database, self.clock, timing)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> Process:
        self._task = asyncio.create_task(self.channel.run(self.intake))
        return self

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        await self.channel.close()

    async def look_for_the_lease(self) -> None:
        """Return after it has tried to take the lease a few times."""
        looks = self.clock.looks
        await until(lambda: self.clock.looks > looks + 3)


@pytest.fixture
def server() -> Iterator[TelegramServer]:
    server = TelegramServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def settings(server: TelegramServer) -> Settings:
    telegram = TelegramSettings(token=server.token, base_url=server.base_url)
    return Settings(
        database_url="", secret_keys=KEYS, public_url="https://example.org", telegram=telegram
    )


@pytest.fixture
def webhook_settings(settings: Settings) -> Settings:
    telegram = replace(settings.telegram, mode="webhook", secret="an-invented-secret")
    return replace(settings, telegram=telegram)


@pytest.fixture
async def new_process(
    settings: Settings, sqlite_database: Database
) -> AsyncIterator[Callable[..., Process]]:
    """Make processes that share a database; whatever still runs at the end is stopped."""
    made: list[Process] = []

    def make(timing: PollTiming = QUICK) -> Process:
        made.append(Process(settings, sqlite_database, timing))
        return made[-1]

    yield make
    for process in made:
        await process.stop()


@pytest.fixture
def logged() -> Iterator[list[structlog.typing.EventDict]]:
    """Give what is logged during the test."""
    with structlog.testing.capture_logs() as entries:
        yield entries
