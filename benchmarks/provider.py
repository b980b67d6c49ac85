"""A stand-in for Telegram that does next to nothing: what it takes would count as part of a turn.

The tests' Telegram (``tests/platforms``) checks all that ours sends, which takes it a millisecond.
"""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
from collections import defaultdict
from urllib.parse import parse_qs

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_END_OF_HEAD = b"\r\n\r\n"


class Phones:
    """The phones of all people: each waits for one reply at a time."""

    def __init__(self) -> None:
        self._arrived: dict[str, threading.Event] = defaultdict(threading.Event)
        self._moments: dict[str, float] = {}

    def expect(self, address: str) -> None:
        """Forget what has arrived at an address."""
        self._arrived[address].clear()

    def wait(self, address: str, seconds: float) -> float:
        """Return when (``time.perf_counter``) a reply had arrived.

        Raises:
            TimeoutError: none did within ``seconds``.
        """
        if not self._arrived[address].wait(seconds):
            raise TimeoutError(f"no answer within {seconds:.0f} s")
        return self._moments[address]

    def receive(self, address: str, moment: float) -> None:
        """Note that a reply has arrived."""
        self._moments[address] = moment
        self._arrived[address].set()


class Provider:
    """Serves the Bot API from a thread of its own, as far as a bot asks that answers by a webhook.

    Args:
        phones: are told of each message whose text holds ``answer``.
    """

    token = "7000000001:an-invented-token"

    def __init__(self, port: int, phones: Phones, answer: str) -> None:
        self.base_url = f"http://127.0.0.1:{port}"
        self._port, self._phones, self._answer = port, phones, answer
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def start(self) -> None:
        """Serve from now on."""
        making = self._loop.create_server(
            lambda: _Connection(self._phones, self._answer), "127.0.0.1", self._port
        )
        self._loop.run_until_complete(making)
        self._thread.start()

    def stop(self) -> None:
        """Stop serving."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()


class _Connection(asyncio.Protocol):
    """Answers one request after the other."""

    def __init__(self, phones: Phones, answer: str) -> None:
        self._phones, self._answer = phones, answer
        self._read = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._read += data
        head_ends = self._read.find(_END_OF_HEAD)
        if head_ends < 0:
            return
        head, start = bytes(self._read[:head_ends]), head_ends + len(_END_OF_HEAD)
        length = _LENGTH.search(head)
        end = start + (int(length[1]) if length else 0)
        if len(self._read) < end:
            return
        moment = time.perf_counter()
        form = parse_qs(self._read[start:end].decode())
        del self._read[:end]
        result: object = True
        if head.split(maxsplit=2)[1].endswith(b"/sendMessage"):
            (address,), (text,) = form["chat_id"], form["text"]
            if self._answer in text:
                self._phones.receive(address, moment)
            chat = {"id": int(address), "type": "private", "first_name": "Untel"}
            result = {"message_id": 1, "date": int(time.time()), "chat": chat, "text": text}
        body = json.dumps({"ok": True, "result": result}).encode()
        self._transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
        )
