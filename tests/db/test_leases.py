"""Leases: one holder at a time, on both databases, whoever races."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest

from bot.db import leases
from bot.db.engine import Database

NAME = "telegram:poll:0011223344556677"
DURATION = timedelta(seconds=10)


def acquire(database: Database, holder: str, now: datetime) -> str | None:
    with database.write() as connection:
        return leases.acquire(connection, NAME, holder, now, DURATION)


def store(database: Database, holder: str, value: str) -> bool:
    with database.write() as connection:
        return leases.store(connection, NAME, holder, value)


def test_the_first_one_gets_it_and_the_second_does_not(database, now):
    assert acquire(database, "a", now) == ""
    assert acquire(database, "b", now) is None


def test_a_holder_may_take_its_own_lease_again(database, now):
    acquire(database, "a", now)
    store(database, "a", "17")
    assert acquire(database, "a", now) == "17"


def test_a_released_lease_is_free_and_keeps_its_value(database, now):
    acquire(database, "a", now)
    store(database, "a", "17")
    with database.write() as connection:
        leases.release(connection, NAME, "a")
    assert acquire(database, "b", now) == "17"


def test_only_the_holder_can_release(database, now):
    acquire(database, "a", now)
    with database.write() as connection:
        leases.release(connection, NAME, "b")
    assert acquire(database, "b", now) is None


def test_a_holder_that_died_is_replaced_when_its_lease_has_ended_and_not_before(database, now):
    acquire(database, "a", now)
    almost = now + DURATION - timedelta(milliseconds=1)
    assert acquire(database, "b", almost) is None
    assert acquire(database, "b", now + DURATION) == ""


def test_a_renewed_lease_lasts_longer(database, now):
    acquire(database, "a", now)
    with database.write() as connection:
        assert leases.renew(connection, NAME, "a", now + DURATION / 2, DURATION)
    assert acquire(database, "b", now + DURATION) is None


def test_a_holder_that_was_replaced_can_neither_renew_nor_store(database, now):
    acquire(database, "a", now)
    acquire(database, "b", now + DURATION)
    store(database, "b", "20")
    with database.write() as connection:
        assert not leases.renew(connection, NAME, "a", now + DURATION, DURATION)
    assert not store(database, "a", "17")
    with database.write() as connection:
        leases.release(connection, NAME, "b")
    assert acquire(database, "c", now) == "20"


@pytest.mark.parametrize("before", ["no row yet", "a lease that has ended"])
def test_of_many_who_race_exactly_one_wins(database, now, before):
    if before == "a lease that has ended":
        acquire(database, "dead", now - 2 * DURATION)
    everybody = 6
    start = Barrier(everybody)

    def race(holder: int) -> str | None:
        start.wait()
        return acquire(database, str(holder), now)

    with ThreadPoolExecutor(everybody) as threads:
        results = list(threads.map(race, range(everybody)))
    assert sorted(results, key=str) == [""] + [None] * (everybody - 1)
