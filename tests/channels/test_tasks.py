"""Tasks end, even when a cancellation was lost on the way."""

from __future__ import annotations

import asyncio

import pytest

from bot.channels.tasks import end, run_until_one_ends


async def wait_for_ever() -> None:
    await asyncio.Event().wait()


async def lose_one_cancellation() -> None:
    try:
        await wait_for_ever()
    except asyncio.CancelledError:
        await wait_for_ever()


async def fail() -> None:
    raise ValueError("invented")


async def test_a_task_that_lost_its_cancellation_is_ended_all_the_same():
    task = asyncio.create_task(lose_one_cancellation())
    await asyncio.sleep(0)
    await asyncio.wait_for(end([task]), 10)
    assert task.cancelled()


async def test_ending_takes_what_has_failed_and_nothing_at_all():
    task = asyncio.create_task(fail())
    await asyncio.sleep(0)
    await end([task])
    await end([])
    assert isinstance(task.exception(), ValueError)


async def test_the_first_one_that_ends_ends_the_others():
    others = asyncio.create_task(wait_for_ever())

    async def watch() -> None:
        await others

    await run_until_one_ends(asyncio.sleep(0), watch())
    assert others.cancelled()


async def test_the_failure_of_one_is_raised():
    with pytest.raises(ValueError, match="invented"):
        await run_until_one_ends(fail(), wait_for_ever())


async def test_whoever_cancels_the_caller_ends_all():
    caller = asyncio.create_task(run_until_one_ends(lose_one_cancellation()))
    await asyncio.sleep(0.01)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(caller, 10)
