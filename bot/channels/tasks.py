"""Ending asyncio tasks for certain.

On Python 3.10 one cancellation may be lost: when it arrives while the HTTP client opens a
connection, anyio takes it for its own and goes on (seen in 11 of 300 tries at such a moment). A
loop that calls a provider would then run for ever. So it is cancelled until it has ended.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Coroutine
from typing import Any

_CANCEL_AGAIN_SECONDS = 0.5


async def end(tasks: Collection[asyncio.Task[Any]]) -> None:
    """Cancel ``tasks`` and return once they have ended, however they did."""
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=_CANCEL_AGAIN_SECONDS)
    # Look at every outcome, or asyncio complains of exceptions that nobody saw.
    await asyncio.gather(*tasks, return_exceptions=True)


async def run_until_one_ends(*work: Coroutine[Any, Any, None]) -> None:
    """Run coroutines side by side until one ends or the caller is cancelled; end the others.

    Raises:
        Exception: what the one that ended raised.
    """
    tasks = [asyncio.create_task(one) for one in work]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await end(tasks)
    for task in done:
        task.result()
