"""The composition root: builds every part from the settings and joins them.

``build_services`` is what all roles share; ``build_web`` is the web role as an ASGI application,
with its background work (senders, clock, pollers, and for role ``all`` the worker) as tasks of its
lifespan.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timezone

import structlog
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from bot.channels.base import Channel
from bot.channels.registry import build_channels
from bot.channels.tasks import end
from bot.console import build_console
from bot.console.errors import error_pages
from bot.console.security import SecurityHeaders
from bot.db.broadcast import Broadcaster
from bot.db.engine import Database
from bot.db.wakeups import hear
from bot.delivery.attachments import LOOK_EVERY as FETCH_EVERY
from bot.delivery.attachments import Fetcher
from bot.delivery.clock import do_what_is_due
from bot.delivery.corrections import LOOK_EVERY, Corrections
from bot.delivery.inbox import DatabaseIntake
from bot.delivery.metrics import Metrics
from bot.delivery.outbox import Sender
from bot.delivery.staff_alerts import announce_alerts
from bot.demo import build_demo
from bot.followup.attachments import TOPIC as ATTACHMENTS
from bot.followup.translations import TOPIC as WORDS
from bot.health import build_health
from bot.i18n.wording import Wording, load_wording
from bot.safety.screen import load_screen
from bot.settings import PROJECT, Settings
from bot.supervisor import WorkerSupervisor, worker_command
from bot.worker import worker_name

_log = structlog.get_logger(__name__)

# Wake-ups can be lost; the rows are looked at this often in any case.
_CLOCK_EVERY = 2.0


@dataclass(frozen=True)
class Services:
    """What every role is built from. ``clock`` tells the present moment, in UTC."""

    settings: Settings
    database: Database
    wording: Wording
    clock: Callable[[], datetime]


def build_services(settings: Settings, clock: Callable[[], datetime] | None = None) -> Services:
    """Open the database and read the words; without a ``clock`` it is the machine's."""
    return Services(
        settings=settings,
        database=Database(settings.database_url, settings.secret_keys),
        wording=load_wording(PROJECT),
        clock=clock or utc_now,
    )


def build_web(services: Services, *, with_worker: bool) -> Starlette:
    """Build the web role. ``with_worker``: role ``all``, which keeps a worker as its child."""
    settings, database, wording = services.settings, services.database, services.wording
    metrics = Metrics()
    channels = build_channels(settings, database, services.clock)
    intake = DatabaseIntake(
        database,
        load_screen(settings.model_path),
        wording,
        metrics,
        country=settings.country,
        clock=services.clock,
    )
    sender = Sender(database, channels, wording, metrics, name=worker_name(), clock=services.clock)
    broadcaster = Broadcaster(database, "console")
    routes: list[BaseRoute] = [
        *build_health(database, metrics, settings.metrics_token, clock=services.clock),
        *(route for channel in channels.values() for route in channel.routes(intake)),
        *build_console(settings, database, wording, broadcaster, clock=services.clock),
        *build_demo(settings, database, wording.catalogs, clock=services.clock),
    ]
    jobs: list[Callable[[], Awaitable[None]]] = [
        lambda: _send_for_ever(database, sender),
        lambda: _announce_for_ever(services),
        lambda: _look_at_the_clock(services),
        lambda: _follow_corrections(services),
        lambda: _fetch_attachments(database, Fetcher(database, channels, services.clock)),
        broadcaster.run,
        *(_poller(channel, intake) for channel in channels.values()),
    ]
    if with_worker:
        jobs.append(WorkerSupervisor(worker_command(settings.demo), database, services.clock).run)

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        # What was loaded stays: the collector need not go through it time and again.
        gc.freeze()
        tasks = [asyncio.create_task(_keep_running(job)) for job in jobs]
        try:
            yield
        finally:
            await end(tasks)
            for channel in channels.values():
                await channel.close()
            database.close()

    return Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers=error_pages(wording),
    )


def utc_now() -> datetime:
    """Return the present moment: the one clock of a running process."""
    return datetime.now(timezone.utc)


def _poller(channel: Channel, intake: DatabaseIntake) -> Callable[[], Awaitable[None]]:
    return lambda: channel.run(intake)


async def _keep_running(job: Callable[[], Awaitable[None]]) -> None:
    """Run a job for ever: one that raises is logged and started again, and stops no other."""
    while True:
        try:
            await job()
            return
        except Exception as error:
            _log.error("background job failed", error=type(error).__name__)
            await asyncio.sleep(1)


async def _send_for_ever(database: Database, sender: Sender) -> None:
    listener = database.listen("outbox")
    try:
        await sender.run(lambda seconds: hear(listener, seconds))
    finally:
        listener.close()


async def _announce_for_ever(services: Services) -> None:
    listener = services.database.listen("alerts")
    try:
        while True:
            await run_in_threadpool(_announce_alerts, services)
            await hear(listener, _CLOCK_EVERY)
    finally:
        listener.close()


async def _follow_corrections(services: Services) -> None:
    corrections = Corrections(services.database, services.wording.catalogs)
    listener = services.database.listen(WORDS)
    try:
        while True:
            await run_in_threadpool(corrections.refresh)
            await hear(listener, LOOK_EVERY)
    finally:
        listener.close()


async def _fetch_attachments(database: Database, fetcher: Fetcher) -> None:
    listener = database.listen(ATTACHMENTS)
    try:
        while True:
            await fetcher.fetch_due()
            await hear(listener, FETCH_EVERY)
    finally:
        listener.close()


async def _look_at_the_clock(services: Services) -> None:
    while True:
        await run_in_threadpool(_do_what_is_due, services)
        await asyncio.sleep(_CLOCK_EVERY)


def _announce_alerts(services: Services) -> None:
    with services.database.write() as connection:
        announce_alerts(
            connection, services.wording, services.settings.public_url, services.clock()
        )


def _do_what_is_due(services: Services) -> None:
    with services.database.write() as connection:
        do_what_is_due(connection, services.clock())
