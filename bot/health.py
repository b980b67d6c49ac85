"""What a supervisor of the server asks: alive, ready, and the figures."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import datetime
from ipaddress import ip_address

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.db.engine import Database
from bot.db.inserts import insert_if_absent
from bot.db.tables import lease
from bot.delivery.figures import with_those_of_workers
from bot.delivery.metrics import Metrics
from bot.worker import LEASE_PREFIX, READY

_log = structlog.get_logger(__name__)

_PROBE = "health:probe"
_FORWARDING = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


def build_health(
    database: Database, metrics: Metrics, metrics_token: str, *, clock: Callable[[], datetime]
) -> list[BaseRoute]:
    """Return ``/healthz``, ``/readyz`` and ``/metrics``."""

    async def healthz(_request: Request) -> Response:
        return PlainTextResponse("ok")

    async def readyz(_request: Request) -> Response:
        status, body = await run_in_threadpool(readiness, database, clock())
        return JSONResponse(body, status_code=status)

    async def figures(request: Request) -> Response:
        if not _may_read_figures(request, metrics_token):
            return PlainTextResponse("not found", status_code=404)
        own = generate_latest(metrics.registry)
        shared = await run_in_threadpool(_shared_figures, database, metrics)
        return Response(own + shared, media_type=CONTENT_TYPE_LATEST)

    return [
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", figures),
    ]


def readiness(database: Database, now: datetime) -> tuple[int, dict[str, str]]:
    """Return the HTTP status and body of ``/readyz``: ready when the database can be written."""
    try:
        with database.write() as connection:
            insert_if_absent(connection, lease, {"name": _PROBE})
            connection.execute(lease.update().where(lease.c.name == _PROBE).values(held_until=now))
            alive = select(lease.c.value).where(
                lease.c.name.like(f"{LEASE_PREFIX}%"), lease.c.held_until > now
            )
            states = set(connection.execute(alive).scalars())
    except SQLAlchemyError:
        return 503, {"database": "down", "dialogue": "down"}
    dialogue = "ready" if READY in states else "starting" if states else "down"
    return 200, {"database": "ok", "dialogue": dialogue}


def _shared_figures(database: Database, metrics: Metrics) -> bytes:
    try:
        with database.read() as connection:
            return generate_latest(with_those_of_workers(connection, metrics))
    except SQLAlchemyError as error:
        # What this process has counted is shown all the same, the more so now.
        _log.warning("no figures of workers", error=type(error).__name__)
        return generate_latest(metrics.shared)


def _may_read_figures(request: Request, token: str) -> bool:
    if token:
        given = request.headers.get("authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    if any(name in request.headers for name in _FORWARDING) or request.client is None:
        return False
    return ip_address(request.client.host).is_loopback
