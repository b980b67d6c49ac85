"""Telling open pages that something has changed, without saying what.

A page then fetches anew what it may see: a tick carries nothing, and one that is lost or repeated
does no harm.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import anyio
from sse_starlette import EventSourceResponse, ServerSentEvent

from bot.db.broadcast import Broadcaster

_PING_SECONDS = 20
# For open streams to end by themselves when the server stops.
_GRACE_SECONDS = 2


def tick_stream(
    broadcaster: Broadcaster, still_signed_in: Callable[[], Awaitable[bool]]
) -> EventSourceResponse:
    """Return the stream of one page: an event without content a tick, until its session ends."""
    leaving = anyio.Event()

    async def ticks() -> AsyncIterator[ServerSentEvent]:
        async for _ in broadcaster.looks(leaving):
            if not await still_signed_in():
                return
            yield ServerSentEvent(data="look")

    return EventSourceResponse(
        ticks(),
        ping=_PING_SECONDS,
        shutdown_event=leaving,
        shutdown_grace_period=_GRACE_SECONDS,
    )
