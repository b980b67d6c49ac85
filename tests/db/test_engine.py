"""The two databases behave alike: transactions, sealed columns, wake-ups."""

import asyncio
import threading

import pytest
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from bot.db import log_file
from bot.db.engine import Database, savepoint, wake
from bot.db.sealed import SealBroken
from bot.db.tables import lease, staff, structure
from bot.db.wakeups import hear, wait_for


def _rows(database: Database) -> int:
    with database.read() as connection:
        return connection.execute(select(func.count()).select_from(lease)).scalar_one()


@pytest.mark.parametrize("kind", ["write", "turn"])
def test_a_transaction_commits_on_exit_and_rolls_back_on_an_exception(database, kind):
    with getattr(database, kind)() as connection:
        connection.execute(insert(lease).values(name="kept"))
    with pytest.raises(RuntimeError), getattr(database, kind)() as connection:
        connection.execute(insert(lease).values(name="lost"))
        raise RuntimeError
    assert _rows(database) == 1


def test_a_reading_transaction_changes_nothing(database):
    with database.read() as connection:
        connection.execute(insert(lease).values(name="nothing"))
    assert _rows(database) == 0


def test_a_turn_that_only_reads_keeps_no_incoming_message_waiting(database):
    with database.turn() as turn:
        turn.execute(select(lease)).all()
        with database.write() as intake:
            intake.execute(insert(lease).values(name="incoming"))
        turn.execute(update(lease).values(holder="turn"))
    with database.read() as connection:
        assert connection.execute(select(lease.c.holder)).scalar_one() == "turn"


@pytest.mark.parametrize("writes_before", [False, True])
def test_a_part_of_a_turn_that_fails_is_undone_alone(database, writes_before):
    with database.turn() as connection:
        if writes_before:
            connection.execute(insert(lease).values(name="before"))
        with pytest.raises(IntegrityError), savepoint(connection):
            connection.execute(insert(lease).values(name="half"))
            connection.execute(insert(lease).values(name="half"))
        with savepoint(connection):
            connection.execute(insert(lease).values(name="after"))
    with database.read() as connection:
        names = set(connection.execute(select(lease.c.name)).scalars())
    assert names == ({"before", "after"} if writes_before else {"after"})


def test_a_savepoint_around_what_only_reads_keeps_no_incoming_message_waiting(database):
    with database.turn() as turn:
        with savepoint(turn):
            turn.execute(select(lease)).all()
        with pytest.raises(RuntimeError), savepoint(turn):
            turn.execute(select(lease)).all()
            raise RuntimeError
        with savepoint(turn):
            turn.execute(select(lease)).all()
            with database.write() as intake:
                intake.execute(insert(lease).values(name="incoming"))
            turn.execute(update(lease).values(holder="turn"))
    with database.read() as connection:
        assert connection.execute(select(lease.c.holder)).scalar_one() == "turn"


def test_threads_that_write_at_once_wait_for_each_other(database):
    with database.write() as connection:
        connection.execute(insert(lease).values(name="count", value="0"))

    def add() -> None:
        for _ in range(10):
            with database.write() as connection:
                query = select(lease.c.value).with_for_update()
                value = int(connection.execute(query).scalar_one())
                connection.execute(update(lease).values(value=str(value + 1)))

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as connection:
        assert connection.execute(select(lease.c.value)).scalar_one() == "40"


def test_a_wake_up_comes_after_the_commit_and_only_then(database):
    listener = database.listen("turns")
    with pytest.raises(RuntimeError), database.write() as connection:
        wake(connection, "turns")
        raise RuntimeError
    assert not wait_for(listener, 0.05)
    with database.write() as connection:
        wake(connection, "turns")
        connection.execute(insert(lease).values(name="row"))
        assert not wait_for(listener, 0.05)
    assert wait_for(listener, 5)
    with database.write() as connection:
        wake(connection, "outbox")
    assert not wait_for(listener, 0.05)
    listener.close()


async def test_the_event_loop_hears_without_a_thread(database):
    listener = database.listen("turns")
    assert not await hear(listener, 0.05)
    with database.write() as connection:
        wake(connection, "turns")
    assert await hear(listener, 5)
    hearing = asyncio.create_task(hear(listener, 60))
    await asyncio.sleep(0)
    with database.write() as connection:
        wake(connection, "turns")
    assert await asyncio.wait_for(hearing, 5)
    assert not await hear(listener, 0.05)
    listener.close()


def _seal_a_structure_and_staff(database: Database, now) -> None:
    with database.write() as connection:
        connection.execute(
            insert(structure).values(
                id=1,
                name="Centre A",
                visible_name="Infos école et formation",
                country="CI",
                timezone="Africa/Abidjan",
                duty_hours={},
                on_call_hours={},
            )
        )
        connection.execute(
            insert(staff).values(
                email="awa@example.org",
                email_index="x",
                name="Awa Invented",
                shown_name="Awa",
                role="social_worker",
                structure_id=1,
                password_hash="",
                failed_sign_ins=0,
                active=True,
                created_at=now,
            )
        )


def test_what_is_sealed_is_not_in_the_database_and_opens_with_its_key_alone(database, now):
    _seal_a_structure_and_staff(database, now)
    with database.read() as connection:
        raw = connection.execute(text("SELECT name, email FROM staff")).one()
        assert b"Awa" not in bytes(raw.name)
        assert b"example" not in bytes(raw.email)
        assert connection.execute(select(staff.c.name)).scalar_one() == "Awa Invented"
    url = database.url.render_as_string(hide_password=False)
    newer = Database(
        url,
        ("a-newer-made-up-key-0123456789-0123456789", "a-made-up-key-for-tests-only-0123456789"),
    )
    stranger = Database(url, ("a-key-of-somebody-else-0123456789-0123456789",))
    with newer.read() as connection:
        assert connection.execute(select(staff.c.name)).scalar_one() == "Awa Invented"
    with stranger.read() as connection, pytest.raises(SealBroken, match="AKOMA_SECRET_KEY"):
        connection.execute(select(staff.c.name)).scalar_one()
    newer.close()
    stranger.close()


def test_a_sealed_value_does_not_open_in_another_column(database, now):
    _seal_a_structure_and_staff(database, now)
    with database.write() as connection:
        connection.execute(text("UPDATE staff SET shown_name = name"))
    with database.read() as connection, pytest.raises(SealBroken, match="altered or moved"):
        connection.execute(select(staff.c.shown_name)).scalar_one()


def test_moments_come_back_aware_and_naive_ones_are_refused(database, now):
    with database.write() as connection:
        connection.execute(insert(lease).values(name="a", held_until=now))
        assert connection.execute(select(lease.c.held_until)).scalar_one() == now
    with pytest.raises(Exception, match="time zone"), database.write() as connection:
        connection.execute(insert(lease).values(name="b", held_until=now.replace(tzinfo=None)))


@pytest.mark.parametrize("kind", ["write", "turn"])
def test_what_is_written_is_flushed_when_the_lock_is_free_again(sqlite_database, kind, monkeypatch):
    flushed = []

    def flush(opened: int) -> None:
        with sqlite_database.write(durable=False) as other:
            flushed.append(other.execute(select(lease.c.name)).scalar_one())

    monkeypatch.setattr(log_file, "sync", flush)
    with getattr(sqlite_database, kind)() as connection:
        connection.execute(insert(lease).values(name="row"))
        assert not flushed
    assert flushed == ["row"]
    with sqlite_database.turn() as connection:
        connection.execute(select(lease)).all()
    with pytest.raises(RuntimeError), sqlite_database.write():
        raise RuntimeError
    assert len(flushed) == 1


def test_who_writes_hears_of_a_disk_that_fails(sqlite_database, monkeypatch):
    def fail(opened: int) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(log_file, "sync", fail)
    with pytest.raises(OSError, match="disk"), sqlite_database.write() as connection:
        connection.execute(insert(lease).values(name="row"))


def test_a_log_that_sqlite_has_taken_in_needs_no_flush(sqlite_database):
    with sqlite_database.write() as connection:
        connection.execute(insert(lease).values(name="row"))
    sqlite_database.close()
    log_file.LogFile(str(sqlite_database.url.database)).flush()
    assert _rows(sqlite_database) == 1
