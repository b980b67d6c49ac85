"""What the local servers that stand in for a messaging platform have in common.

Each runs in a thread of its own on 127.0.0.1, port 0, and speaks the platform's real protocol; a
test plays the person's phone by calling its methods, which are plain and may block.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections import defaultdict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

import uvicorn
from starlette.types import ASGIApp

T = TypeVar("T")

_PATIENCE = 10  # seconds


@dataclass(frozen=True)
class Sent:
    """A message that reached a phone.

    ``buttons`` are (title, token), of a list too; ``kind`` is how it looks: text, buttons, list,
    template, or voice: then ``sound`` is what is heard.
    """

    message_id: str
    text: str
    buttons: tuple[tuple[str, str], ...] = ()
    kind: str = "text"
    sound: bytes = b""

    @property
    def titles(self) -> list[str]:
        """What the buttons say."""
        return [title for title, _ in self.buttons]

    def has_button(self, title: str) -> bool:
        """Whether a button says this, by its whole title or without its leading key ("Oui")."""
        return any(title in (shown, shown.partition(" ")[2]) for shown in self.titles)

    def token(self, title: str) -> str:
        """The token behind a button."""
        return next(
            token for shown, token in self.buttons if title in (shown, shown.partition(" ")[2])
        )


class ServerThread:
    """Serves an ASGI application from a thread with an event loop of its own.

    The address is known before the start, so that the application can be told.
    """

    def __init__(self) -> None:
        # Named as TCP, or asyncio would not switch Nagle's delay off.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def start(self, app: ASGIApp) -> None:
        """Return once the server answers."""
        # No websockets: the version that Rasa's server pins is older than uvicorn can use.
        config = uvicorn.Config(
            app,
            log_config=None,
            log_level="critical",
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=1,
        )
        self._server = _Server(config)
        self._socket.listen(128)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        # The socket listens already: who connects from here on waits for the server.
        self._server.begun.wait()

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the server's event loop and return its result."""
        return asyncio.run_coroutine_threadsafe(work, self._server.loop).result(_PATIENCE)

    def stop(self) -> None:
        """Stop and wait until stopped, though not for answers that hang (a long poll)."""
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(_PATIENCE)

    def _serve(self) -> None:
        try:
            self._server.run(sockets=[self._socket])
        finally:
            self._socket.close()


class _Server(uvicorn.Server):
    """Tells on which event loop it runs: uvicorn chooses the fastest that there is."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.begun = threading.Event()

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve (see the parent)."""
        self.loop = asyncio.get_running_loop()
        self.begun.set()
        await super().serve(sockets)


class PlatformServer:
    """Base of the platforms: the server's life, and what has reached which phone."""

    def __init__(self) -> None:
        self._sent: dict[str, list[Sent]] = defaultdict(list)
        self._changed = threading.Condition()
        self._next_deed: Callable[[], None] | None = None
        self._thread = ServerThread()
        self.base_url = self._thread.url

    def app(self) -> ASGIApp:
        """Return the application that speaks the platform's protocol."""
        raise NotImplementedError

    def start(self) -> None:
        """Return once the platform answers."""
        self._thread.start(self.app())

    def stop(self) -> None:
        """Return once the platform has gone."""
        self._thread.stop()

    def sent(self, address: str) -> list[Sent]:
        """Return what has reached a phone, oldest first."""
        with self._changed:
            return list(self._sent[address])

    def wait_for(
        self,
        address: str,
        predicate: Callable[[Sent], bool] = lambda _: True,
        timeout: float = _PATIENCE,
    ) -> Sent:
        """Wait until a message that satisfies ``predicate`` has reached a phone; return it."""

        def found() -> Sent | None:
            return next((sent for sent in self._sent[address] if predicate(sent)), None)

        with self._changed:
            sent = self._changed.wait_for(found, timeout)
            if sent is None:
                raise AssertionError(
                    f"no such message within {timeout} s; got {self._sent[address]}"
                )
            return sent

    def after_next(self, deed: Callable[[], None]) -> None:
        """Do something when the next message reaches a phone, before our side knows that it has."""
        self._next_deed = deed

    def _newest_with(self, address: str, title: str) -> Sent:
        """Return the newest message on a phone that has a button, for pressing it."""
        for sent in reversed(self.sent(address)):
            if sent.has_button(title):
                return sent
        raise AssertionError(f"{address} has no button {title!r}: {self.sent(address)}")

    def _record(self, address: str, sent: Sent) -> None:
        with self._changed:
            self._sent[address].append(sent)
            self._changed.notify_all()
        deed, self._next_deed = self._next_deed, None
        if deed is not None:
            deed()
