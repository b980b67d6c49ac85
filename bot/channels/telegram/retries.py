"""Trying again, with pauses that grow."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable

import structlog

from bot.channels.errors import SendError, Throttled

_log = structlog.get_logger(__name__)


class Backoff:
    """Pauses that double from ``first`` to ``longest`` seconds until something works again."""

    def __init__(self, first: float, longest: float) -> None:
        self._first = first
        self._longest = longest
        self._next = first

    def reset(self) -> None:
        """Start over: it worked."""
        self._next = self._first

    async def pause(self, error: Exception) -> None:
        """Wait before the next try: with jitter, and no less than the provider asks for."""
        seconds = self._next * random.uniform(0.5, 1)  # noqa: S311 - no secret
        if isinstance(error, Throttled):
            seconds = max(seconds, error.retry_after)
        self._next = min(self._next * 2, self._longest)
        await asyncio.sleep(seconds)


async def until_accepted(call: Callable[[], Awaitable[None]], name: str, backoff: Backoff) -> None:
    """Make a call to the provider until it is accepted, however long that takes."""
    while True:
        try:
            return await call()
        except SendError as error:
            _log.warning("telegram.refused", call=name, code=error.code)
            await backoff.pause(error)
