"""Migrations run up and down, and end where the code's tables are."""

from datetime import datetime, timezone

import pytest
from sqlalchemy import inspect, text

from bot.db.engine import Database
from bot.db.migrate import differences, downgrade, upgrade
from tests.conftest import KEYS


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request, tmp_path):
    """Give a database without tables, of each kind."""
    if request.param == "postgresql":
        yield request.getfixturevalue("bare_postgres_database")
        return
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}", KEYS)
    yield database
    database.close()


def test_the_head_equals_the_tables_in_the_code(empty):
    upgrade(empty)
    with empty.read() as connection:
        assert differences(connection) == []


def test_migrations_run_down_and_up_again(empty):
    upgrade(empty)
    downgrade(empty)
    assert inspect(empty.engine).get_table_names() == ["alembic_version"]
    upgrade(empty)
    with empty.read() as connection:
        assert differences(connection) == []


def test_running_them_again_changes_nothing_and_keeps_the_rows(empty):
    upgrade(empty)
    with empty.write() as connection:
        connection.execute(text("INSERT INTO lease (name) VALUES ('kept')"))
    upgrade(empty)
    with empty.read() as connection:
        assert connection.execute(text("SELECT name FROM lease")).scalar_one() == "kept"


def _insert_conversation(connection, at):
    """Write a conversation, the first, as the first tables have it."""
    connection.execute(
        text(
            "INSERT INTO conversation (channel, address, address_index, enrolment, name_tries,"
            " code_failures, language, consent, expects_number, asked_about_nine, created_at)"
            " VALUES ('telegram', :sealed, 'x', 'none', 0, 0, 'fr', 'yes', false, false, :at)"
        ),
        {"sealed": b"sealed", "at": at},
    )


def _insert_alert(connection, state, severity, at):
    """Write an alert with its first line, as the first tables have them."""
    connection.execute(
        text(
            "INSERT INTO alert (kind, severity, conversation_id, author_unsure, restricted, state,"
            " message_count, waiting_since, opened_at)"
            " VALUES ('red_flag', :severity, 1, false, false, :state, 1, :at, :at)"
        ),
        {"severity": severity, "state": state, "at": at},
    )
    connection.execute(
        text(
            "INSERT INTO alert_event (alert_id, verb, at) SELECT max(id), 'opened', :at FROM alert"
        ),
        {"at": at},
    )


def test_alerts_that_wait_begin_at_the_foot_of_the_ladder(empty):
    at = datetime(2026, 11, 25, 10, 30, tzinfo=timezone.utc)
    upgrade(empty, "0001")
    with empty.write() as connection:
        _insert_conversation(connection, at)
        _insert_alert(connection, "open", "critical", at)
        _insert_alert(connection, "open", "normal", at)
        _insert_alert(connection, "acknowledged", "critical", at)
    upgrade(empty)
    query = text("SELECT climbs_at IS NOT NULL, changed_at = opened_at FROM alert ORDER BY id")
    with empty.read() as connection:
        rows = [tuple(map(bool, row)) for row in connection.execute(query)]
    assert rows == [(True, True), (False, True), (False, True)]
    downgrade(empty, "0001")
    with empty.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM alert_event")).scalar_one() == 3


def test_what_people_said_stays_and_what_they_showed_is_asked_for(empty):
    at = datetime(2026, 11, 25, 10, 30, tzinfo=timezone.utc)
    upgrade(empty, "0014")
    with empty.write() as connection:
        _insert_conversation(connection, at)
        for number, kind in enumerate(("text", "voice", "voice", "photo"), start=1):
            connection.execute(
                text(
                    "INSERT INTO inbox (channel, provider_id, conversation_id, kind,"
                    " answered_at_intake, restricted, sent_at, received_at, attempts)"
                    " VALUES ('telegram', :number, 1, :kind, true, false, :at, :at, 0)"
                ),
                {"number": str(number), "kind": kind, "at": at},
            )
        for number, inbox_id, sound in ((3, 2, b"sealed"), (7, 3, None)):
            connection.execute(
                text(
                    "INSERT INTO voice_note (id, inbox_id, sound, attempts)"
                    " VALUES (:number, :inbox_id, :sound, 1)"
                ),
                {"number": number, "inbox_id": inbox_id, "sound": sound},
            )
    upgrade(empty)
    query = text("SELECT id, inbox_id, content, due_at IS NOT NULL FROM attachment ORDER BY id")
    with empty.read() as connection:
        kept = [tuple(row) for row in connection.execute(query)]
    assert [(*row[:2], row[2] and bytes(row[2]), bool(row[3])) for row in kept] == [
        (3, 2, b"sealed", False),
        (7, 3, None, False),
        (8, 4, None, True),
    ]
    downgrade(empty, "0014")
    with empty.read() as connection:
        left = connection.execute(text("SELECT id, inbox_id FROM voice_note ORDER BY id")).all()
    assert [tuple(row) for row in left] == [(3, 2), (7, 3)]


def _read_by_a_human(connection):
    query = text("SELECT human_asked_at IS NOT NULL FROM conversation")
    return bool(connection.execute(query).scalar_one())


@pytest.mark.parametrize("waits", [True, False])
def test_what_was_kept_for_a_human_stays_and_who_was_answered_is_read_no_more(empty, waits):
    at = datetime(2026, 11, 25, 10, 30, tzinfo=timezone.utc)
    upgrade(empty, "0001")
    with empty.write() as connection:
        _insert_conversation(connection, at)
        connection.execute(text("UPDATE conversation SET human_asked_at = :at"), {"at": at})
        _insert_alert(connection, "open", "normal", at)
        connection.execute(
            text(
                "INSERT INTO promise (conversation_id, subject, details, due_at, made_at, kept_at)"
                " VALUES (1, 'human_answer', '{}', :at, :at, :kept_at)"
            ),
            {"at": at, "kept_at": None if waits else at},
        )
        for number, words in ((1, b"sealed"), (2, None)):
            connection.execute(
                text(
                    "INSERT INTO inbox (channel, provider_id, conversation_id, kind, text,"
                    " answered_at_intake, restricted, sent_at, received_at, attempts)"
                    " VALUES ('telegram', :number, 1, 'text', :words, true, false, :at, :at, 0)"
                ),
                {"number": str(number), "words": words, "at": at},
            )
    upgrade(empty)
    with empty.read() as connection:
        rows = connection.execute(text("SELECT for_a_person FROM inbox ORDER BY id")).scalars()
        assert [bool(kept) for kept in rows] == [True, False]
        assert _read_by_a_human(connection) is waits
    downgrade(empty, "0021")
    with empty.read() as connection:
        assert _read_by_a_human(connection)
