"""What the conformance tests need of each channel: a phone to write from, and a look at it.

A new channel adds ``tests/channels/harness/<name>.py`` with a subclass for each way it can run (a
poller, a webhook) in ``HARNESSES``; the shared tests then run on it.
"""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, Literal

from starlette.applications import Starlette

from bot.channels.base import Event, Inbound, Intake, Rendered
from bot.channels.errors import SendError
from bot.channels.registry import BUILDERS
from bot.db.engine import Database
from bot.settings import Settings
from tests.platforms.base import Sent, ServerThread

_PATIENCE = 10  # seconds


class RecordingIntake(Intake):
    """Keeps what is handed in, and fails when told to.

    ``fails``: "before" it is recorded (the database is away), or "after" (the process is killed
    once the commit is done, before the platform was told).
    """

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.channels: set[str] = set()
        self.calls = 0
        self.fails: Literal["", "before", "after"] = ""

    async def __call__(self, channel: str, events: Sequence[Event]) -> None:
        """Record ``events``."""
        self.channels.add(channel)
        try:
            if self.fails == "before":
                raise RuntimeError("the database is away")
            self.events += events
            if self.fails == "after":
                raise RuntimeError("killed before the acknowledgement")
        finally:
            self.calls += 1

    @property
    def messages(self) -> list[Inbound]:
        """The messages from people among the events."""
        return [event for event in self.events if isinstance(event, Inbound)]


class Harness(ABC):
    """One channel, running as in service, beside a local stand-in of its platform.

    ``name`` is the channel's in the registry; ``sends_notes``: its phone sends voices and pictures;
    ``failures`` maps each error that the channel can raise to what makes the platform cause it on
    the next send, ``audio_failures`` on the next recording.
    """

    name: ClassVar[str]
    sends_notes: ClassVar[bool] = True
    failures: ClassVar[Mapping[type[SendError], Callable[[Any], None]]] = {}
    audio_failures: ClassVar[Mapping[type[SendError], Callable[[Any], None]]] = {}

    def __init__(self, database: Database) -> None:
        self.database = database
        self.intake = RecordingIntake()
        self._server = ServerThread()
        self.url = self._server.url

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run platform and channel: its routes and its ``run`` on one event loop."""
        self.start_platform()
        try:
            channel = BUILDERS[self.name](self.settings(), self.database)
            assert channel is not None
            self.channel = channel
            self._server.start(Starlette(routes=channel.routes(self.intake)))
            task = self._server.call(_begin(channel.run(self.intake)))
            yield
            self._server.call(_end(task))
            self._server.call(channel.close())
            self._server.stop()
        finally:
            self.stop_platform()

    @property
    @abstractmethod
    def address(self) -> str:
        """The address that the phone writes from."""

    def start_platform(self) -> None:
        """Start the stand-in of the platform, if there is one."""

    def stop_platform(self) -> None:
        """Stop it."""

    @abstractmethod
    def settings(self) -> Settings:
        """Return settings with the channel on, served at ``url`` and pointed at the platform."""

    @abstractmethod
    def say(self, text: str) -> None:
        """Write ``text`` from the phone."""

    @abstractmethod
    def press(self, title: str) -> None:
        """Press the button, or choose the row, that ends in ``title``."""

    def repeat(self) -> None:
        """Deliver again what was not acknowledged, where the platform waits to be told."""

    @abstractmethod
    def acknowledged(self) -> bool:
        """Whether the platform considers all that was written as taken."""

    @abstractmethod
    def shown(self) -> list[Sent]:
        """Return what is on the phone."""

    @abstractmethod
    def post_forged(self) -> int:
        """Post a message from someone who lacks the platform's secret; return the HTTP status."""

    @abstractmethod
    def send_note(self, sound: bytes) -> None:
        """Send a voice note from the phone, where it can."""

    @abstractmethod
    def send_picture(self, picture: bytes, caption: str) -> None:
        """Send a picture from the phone, where it can."""

    def send_audio(self, sound: bytes) -> str:
        """Send a recording through the channel, on the loop it runs on."""
        return self._server.call(self.channel.send_audio(self.address, sound))

    def fetch(self, media: str) -> bytes:
        """Fetch what a message refers to, on the loop the channel runs on."""
        return self._server.call(self.channel.fetch_media(media))

    def send(self, message: Rendered) -> str:
        """Send through the channel, on the loop it runs on."""
        return self._server.call(self.channel.send(self.address, message))


def wait_until(condition: Callable[[], bool]) -> None:
    """Return as soon as ``condition`` holds; fail when it does not in time."""
    end = time.monotonic() + _PATIENCE
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


async def _begin(work: Any) -> asyncio.Task[None]:
    return asyncio.create_task(work)


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
