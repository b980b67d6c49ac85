"""Rate limits kept together by all senders, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

from sqlalchemy import select

from bot.db.engine import Database
from bot.db.slots import FORGOTTEN_AFTER, forget_unused, reserve
from bot.db.tables import send_slot

SECOND = timedelta(seconds=1)


def take(database: Database, key: str, now: datetime, burst: int = 1) -> datetime:
    with database.write() as connection:
        return reserve(connection, key, now, SECOND, burst)


def test_places_are_an_interval_apart(database, now):
    places = [take(database, "telegram:chat:1", now) for _ in range(3)]
    assert places == [now, now + SECOND, now + 2 * SECOND]


def test_keys_do_not_wait_for_each_other(database, now):
    take(database, "telegram:chat:1", now)
    assert take(database, "telegram:chat:2", now) == now


def test_a_silence_earns_no_more_than_one_place(database, now):
    take(database, "telegram:chat:1", now)
    later = now + 60 * SECOND
    assert [take(database, "telegram:chat:1", later) for _ in range(2)] == [later, later + SECOND]


def test_a_burst_leaves_at_once_and_is_paid_back(database, now):
    places = [take(database, "telegram:chat:1", now, burst=3) for _ in range(5)]
    assert places == [now, now, now, now + SECOND, now + 2 * SECOND]


def test_an_interval_of_nothing_limits_nothing(database, now):
    with database.write() as connection:
        places = {reserve(connection, "webchat:all", now, timedelta(0)) for _ in range(5)}
    assert places == {now}


def test_of_many_who_race_no_two_get_the_same_place(database, now):
    everybody = 6
    start = Barrier(everybody)

    def race(_: int) -> datetime:
        start.wait()
        return take(database, "telegram:all", now)

    with ThreadPoolExecutor(everybody) as threads:
        places = sorted(threads.map(race, range(everybody)))
    assert places == [now + n * SECOND for n in range(everybody)]


def test_a_limit_of_long_ago_is_forgotten_and_no_other(database, now):
    take(database, "telegram:chat:1", now - FORGOTTEN_AFTER - 2 * SECOND)
    take(database, "telegram:chat:2", now)
    with database.write() as connection:
        assert forget_unused(connection, now) == 1
        assert connection.execute(select(send_slot.c.key)).scalars().all() == ["telegram:chat:2"]
    assert take(database, "telegram:chat:2", now) == now + SECOND
    assert take(database, "telegram:chat:1", now) == now


def test_a_limit_forgotten_while_it_is_taken_is_taken_all_the_same(database, now):
    """Others forget between the look whether there is a row and its lock."""
    long_ago = now - 2 * FORGOTTEN_AFTER
    for _ in range(8):
        take(database, "telegram:chat:1", long_ago)
        barrier = Barrier(2)

        def forget(barrier: Barrier = barrier) -> None:
            barrier.wait()
            with database.write() as connection:
                forget_unused(connection, now)

        def write(barrier: Barrier = barrier) -> datetime:
            barrier.wait()
            return take(database, "telegram:chat:1", now)

        with ThreadPoolExecutor() as pool:
            forgetting, writing = pool.submit(forget), pool.submit(write)
            assert writing.result() == now
            forgetting.result()
        with database.write() as connection:
            forget_unused(connection, now + 2 * FORGOTTEN_AFTER)
