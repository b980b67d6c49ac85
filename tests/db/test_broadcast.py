"""Everyone who waits in a process hears of an announcement, whichever process made it."""

from __future__ import annotations

import asyncio
import contextlib

import anyio
import psycopg2
import pytest
from sqlalchemy import text

from bot.db.broadcast import Broadcaster
from bot.db.engine import Database, wake
from bot.db.wakeups import socket_folder

PATIENCE = 10


@pytest.fixture
async def broadcaster(database: Database):
    broadcaster = Broadcaster(database, "webchat")
    first = broadcaster.next_ring()
    running = asyncio.create_task(broadcaster.run())
    with broadcaster.attending():
        await asyncio.wait_for(first.wait(), PATIENCE)  # it listens
        yield broadcaster
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def _announce(database: Database, topic: str) -> None:
    def write() -> None:
        with database.write() as connection:
            wake(connection, topic)

    await asyncio.to_thread(write)


async def test_all_who_wait_are_woken_by_an_announcement(broadcaster, database):
    rings = [broadcaster.next_ring() for _ in range(3)]
    await _announce(database, "webchat")
    await asyncio.wait_for(asyncio.gather(*(ring.wait() for ring in rings)), PATIENCE)


async def test_whoever_took_the_ring_before_looking_misses_none(broadcaster):
    ring = broadcaster.next_ring()
    broadcaster.ring()
    assert ring.is_set()
    assert not broadcaster.next_ring().is_set()


async def test_whoever_follows_looks_at_once_after_each_ring_and_until_the_server_stops(
    broadcaster,
):
    leaving = anyio.Event()
    looked = 0
    async for _ in broadcaster.looks(leaving):
        looked += 1
        if looked < 3:
            broadcaster.ring()  # while looking: there is more to see already
        else:
            asyncio.get_running_loop().call_soon(leaving.set)
    assert looked == 3


async def test_only_its_own_topic_wakes(broadcaster, database):
    ring = broadcaster.next_ring()
    await _announce(database, "console")
    await asyncio.sleep(0.05)
    assert not ring.is_set()
    await _announce(database, "webchat")
    await asyncio.wait_for(ring.wait(), PATIENCE)


async def test_a_lost_listener_ends_the_run_and_the_next_one_tells_to_look_again(
    postgres_database,
):
    broadcaster = Broadcaster(postgres_database, "webchat")
    ring = broadcaster.next_ring()
    running = asyncio.create_task(broadcaster.run())
    waiting = contextlib.ExitStack()
    waiting.enter_context(broadcaster.attending())
    await asyncio.wait_for(ring.wait(), PATIENCE)

    with postgres_database.write() as connection:
        killed = connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND query LIKE 'LISTEN %'"
            )
        ).all()
    assert killed
    with pytest.raises(psycopg2.OperationalError):
        await asyncio.wait_for(running, PATIENCE)

    ring = broadcaster.next_ring()
    again = asyncio.create_task(broadcaster.run())
    await asyncio.wait_for(ring.wait(), PATIENCE)
    waiting.close()
    again.cancel()
    await asyncio.gather(again, return_exceptions=True)


async def test_a_process_listens_while_someone_waits_and_no_longer(sqlite_database):
    broadcaster = Broadcaster(sqlite_database, "webchat")
    sockets = socket_folder(str(sqlite_database.url.database))
    running = asyncio.create_task(broadcaster.run())
    for _ in range(2):
        await asyncio.sleep(0.05)
        assert not sockets.exists()
        ring = broadcaster.next_ring()
        with broadcaster.attending():
            await asyncio.wait_for(ring.wait(), PATIENCE)
            assert len(list(sockets.iterdir())) == 1
        await _announce(sqlite_database, "webchat")
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
