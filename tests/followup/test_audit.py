"""The book of who did what, and that tampering with it shows."""

import threading
from datetime import timedelta, timezone

import pytest
from sqlalchemy import delete, select, update

from bot.db.tables import audit
from bot.followup.audit import (
    ONE_READING,
    first_broken_line,
    record,
    record_by,
    record_reading,
)
from tests.made_up import make_member, make_structure


@pytest.fixture
def awa(connection):
    return make_member(connection, make_structure(connection))


def _write(connection, member, now, times=3):
    for number in range(times):
        record_by(connection, member, "alert.close", "alert", number, now)
    return connection.execute(select(audit.c.id).order_by(audit.c.id)).scalars().all()


def test_an_untouched_book_has_no_broken_line(connection, awa, now):
    _write(connection, awa, now)
    record(connection, action="purge", object_type="inbox", object_id=1, now=now)
    assert first_broken_line(connection, awa.structure_id) is None
    assert first_broken_line(connection, None) is None


def test_moments_of_any_time_zone_are_one_moment(connection, awa, now):
    _write(connection, awa, now.astimezone(timezone(timedelta(hours=5, minutes=30))))
    assert first_broken_line(connection, awa.structure_id) is None


@pytest.mark.parametrize(
    "change",
    [{"staff_id": None}, {"object_id": "7"}, {"action": "alert.read"}, {"hash": "0" * 64}],
)
def test_a_changed_line_is_found(connection, awa, now, change):
    ids = _write(connection, awa, now)
    connection.execute(update(audit).where(audit.c.id == ids[1]).values(**change))
    assert first_broken_line(connection, awa.structure_id) == ids[1]


def test_a_removed_line_shows_in_the_next_one(connection, awa, now):
    ids = _write(connection, awa, now)
    connection.execute(delete(audit).where(audit.c.id == ids[1]))
    assert first_broken_line(connection, awa.structure_id) == ids[2]


def test_each_structure_has_a_chain_of_its_own(connection, awa, now):
    elsewhere = make_structure(connection, "Centre Autre")
    other = make_member(connection, elsewhere, shown_name="Sita")
    ids = _write(connection, awa, now)
    _write(connection, other, now)
    connection.execute(update(audit).where(audit.c.id == ids[0]).values(object_id="7"))
    assert first_broken_line(connection, awa.structure_id) == ids[0]
    assert first_broken_line(connection, elsewhere.id) is None


def test_one_reading_is_one_line(connection, awa, now):
    for at in (now, now + ONE_READING / 2, now + ONE_READING):
        record_reading(connection, awa, "conversation", 7, at)
    record_reading(connection, awa, "conversation", 8, now)
    lines = connection.execute(select(audit.c.object_id, audit.c.at).order_by(audit.c.id)).all()
    assert [tuple(line) for line in lines] == [
        ("7", now),
        ("7", now + ONE_READING),
        ("8", now),
    ]


@pytest.mark.parametrize("kind", ["write", "turn"])
def test_lines_written_at_the_same_moment_make_one_chain(database, now, kind):
    with database.write() as connection:
        member = make_member(connection, make_structure(connection))
    together = threading.Barrier(4)

    def write() -> None:
        together.wait()
        for number in range(5):
            with getattr(database, kind)() as connection:
                connection.execute(select(audit).limit(1)).all()
                record_by(connection, member, "alert.close", "alert", number, now)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as connection:
        assert first_broken_line(connection, member.structure_id) is None
        assert len(connection.execute(select(audit)).all()) == 20
