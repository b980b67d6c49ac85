"""The worker role: answers waiting messages and sends the answers. The only one that loads Rasa."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
import threading
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta, timezone

import structlog

from bot.channels.base import Channel
from bot.channels.tasks import end
from bot.db import leases
from bot.db.engine import Database
from bot.db.wakeups import Listener, hear
from bot.delivery.figures import Figures
from bot.delivery.metrics import Metrics
from bot.delivery.outbox import Sender
from bot.delivery.ports import Dialogue
from bot.delivery.turns import Turns
from bot.i18n.letters import load_letters
from bot.i18n.wording import Wording

_log = structlog.get_logger(__name__)

LEASE_PREFIX = "worker:"
STARTING, READY = "starting", "ready"
HEARTBEAT_LASTS = timedelta(seconds=15)
_HEARTBEAT_EVERY = 5.0
# A wake-up can be lost; what waits is looked at this often in any case.
_LOOK_EVERY = 1.0


def worker_name() -> str:
    """Return a name for this process that no other one on any machine has."""
    return f"{socket.gethostname()[:20]}-{os.getpid()}"


class Heartbeat:
    """Says in a lease row that this worker is starting or ready, while it lives.

    With it goes what the worker has counted.
    """

    def __init__(
        self, database: Database, name: str, figures: Figures, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._figures = figures
        self._one_at_a_time = threading.Lock()
        self._name = name
        self._clock = clock
        self._state = STARTING
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def start(self) -> None:
        """Begin with the state "starting"."""
        self._write()
        self._thread.start()

    def ready(self) -> None:
        """Say that messages are being answered."""
        self._state = READY
        self._write()

    def stop(self) -> None:
        """Say that this worker is gone."""
        self._stopped.set()
        self._thread.join()
        with self._database.write() as connection:
            counted = self._figures.hand_over(connection)
            leases.release(connection, LEASE_PREFIX + self._name, self._name)
        self._figures.settle(counted)

    def _beat(self) -> None:
        while not self._stopped.wait(_HEARTBEAT_EVERY):
            try:
                self._write()
            except Exception as error:
                # The database is away: the worker shows as down until it is back.
                _log.warning("no heartbeat", error=type(error).__name__)

    def _write(self) -> None:
        row = LEASE_PREFIX + self._name
        with self._one_at_a_time:
            with self._database.write() as connection:
                leases.acquire(connection, row, self._name, self._clock(), HEARTBEAT_LASTS)
                leases.store(connection, row, self._name, self._state)
                counted = self._figures.hand_over(connection)
            self._figures.settle(counted)


def run_worker(
    database: Database,
    channels: Mapping[str, Channel],
    wording: Wording,
    load_dialogue: Callable[[], Dialogue],
    stopping: threading.Event,
) -> None:
    """Answer waiting messages until ``stopping`` is set, by SIGTERM or SIGINT among others.

    The turn under way is finished. ``load_dialogue`` takes seconds (it imports Rasa): the worker
    shows as starting meanwhile.
    """
    name = worker_name()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    metrics = Metrics()
    heartbeat = Heartbeat(database, name, Figures(metrics), _now)
    heartbeat.start()
    listener = database.listen("turns")
    try:
        dialogue = load_dialogue()
        # Half a second that no message is to wait for.
        load_letters()
        sender = Sender(database, channels, wording, metrics, name=name, clock=_now)
        turns = Turns(database, dialogue, wording, metrics, worker=name, clock=_now, sender=sender)
        # What was loaded stays: the collector need not go through all of Rasa time and again.
        gc.freeze()
        heartbeat.ready()
        _log.info("worker is ready")
        asyncio.run(_answer_and_send_until(stopping, turns, sender, channels, listener))
    finally:
        listener.close()
        heartbeat.stop()


async def _answer_and_send_until(
    stopping: threading.Event,
    turns: Turns,
    sender: Sender,
    channels: Mapping[str, Channel],
    listener: Listener,
) -> None:
    # It is told by the turns; what others queue, the web role's sender hears of.
    sending = asyncio.create_task(sender.run(_sleep))
    try:
        await _answer_until(stopping, turns, lambda: hear(listener, _LOOK_EVERY))
    finally:
        await end([sending])
        for channel in channels.values():
            await channel.close()


async def _sleep(seconds: float) -> bool:
    await asyncio.sleep(seconds)
    return False


async def _answer_until(
    stopping: threading.Event, turns: Turns, wait: Callable[[], Awaitable[bool]]
) -> None:
    announced = True
    while not stopping.is_set():
        try:
            await turns.run_waiting(announced=announced)
        except Exception as error:
            # The database is away: what waits stays in the inbox.
            _log.error("cannot look for messages", error=type(error).__name__)
            await asyncio.sleep(1)
        announced = await wait()


def _now() -> datetime:
    return datetime.now(timezone.utc)
