"""Processes are killed under traffic: nothing is lost, nothing is done twice."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from datetime import datetime, timezone

import httpx
import pytest
from sqlalchemy import func, select

from bot.console.visit import SESSION_COOKIE
from bot.db.engine import Database
from bot.db.tables import conversation, inbox, outbox
from bot.demo.people import AWA, KOFFI, member_row
from bot.followup.sessions import start_session
from tests.conftest import KEYS
from tests.e2e.conftest import BOY, prepare
from tests.e2e.processes import Akoma
from tests.platforms.telegram_server import TelegramServer

PEOPLE = [str(800000 + n) for n in range(12)]
ROUNDS = 5
KILLS = 8


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request, tmp_path):
    """Give an empty database of each kind."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'akoma.db'}", KEYS)
    else:
        database = request.getfixturevalue("bare_postgres_database")
    prepare(database)
    yield database
    database.close()


def test_killed_at_many_points_nothing_is_lost_and_no_turn_repeated(empty_database, trained_model):
    telegram = TelegramServer()
    telegram.start()
    akoma = Akoma(empty_database.url.render_as_string(False), trained_model, telegram)
    akoma.start("web")
    akoma.start("worker")
    chance = random.Random(20261124)
    writing = threading.Thread(target=_write, args=(telegram,))
    writing.start()
    try:
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.1, 1.5))
            role = chance.choice(["web", "worker", "worker"])
            akoma.kill(role)
            if role == "web":
                akoma.start("web")
            else:
                akoma.start("worker")
        writing.join()
        akoma.wait_until(lambda: _all_answered(empty_database, ROUNDS), timeout=180)
        # What could leave only after a minute waits behind the neutral notice: they write again.
        for address in PEOPLE:
            telegram.say(address, "vous donnez quoi")
        akoma.wait_until(lambda: _all_answered(empty_database, ROUNDS + 1), timeout=180)
    finally:
        akoma.stop()
        telegram.stop()
    _each_message_recorded_once(empty_database)
    _each_turn_took_effect_once(empty_database)
    _each_reply_reached_its_phone(empty_database, telegram)


def test_with_the_worker_killed_in_the_middle_of_his_news_a_cry_is_answered_and_alerted(
    empty_database, trained_model
):
    telegram = TelegramServer()
    telegram.start()
    akoma = Akoma(empty_database.url.render_as_string(False), trained_model, telegram)
    akoma.start("web")
    akoma.start("worker")
    try:
        telegram.say(BOY, "mes nouvelles")
        telegram.wait_for(BOY, lambda sent: "Ta semaine" in sent.text)
        telegram.say(BOY, "4")
        telegram.wait_for(BOY, lambda sent: "Tu dors bien" in sent.text)
        akoma.kill("worker")

        telegram.say(BOY, "mon oncle me frappe")

        assert (
            "116" in telegram.wait_for(BOY, lambda sent: "Merci de ton message" in sent.text).text
        )
        console = _console(akoma, empty_database)
        assert "Critique" in console
        assert "Violence" in console
        assert f"Dossier {KOFFI.case}" in console
    finally:
        akoma.stop()
        telegram.stop()


def _console(akoma, database):
    """Return the page of today as Koffi's social worker sees it."""
    with database.write() as connection:
        worker = member_row(connection, AWA)
        token = start_session(connection, worker.id, datetime.now(timezone.utc))
    return httpx.get(f"{akoma.url}/console", cookies={SESSION_COOKIE: token}).text


def _write(telegram):
    for turn in range(ROUNDS):
        for number, address in enumerate(PEOPLE):
            words = "mon oncle me frappe" if (turn, number) == (2, 3) else "vous donnez quoi"
            telegram.say(address, words)
        time.sleep(1.2)


def _all_answered(database, rounds):
    with database.read() as connection:
        recorded = connection.execute(_ours(select(func.count()).select_from(inbox))).scalar_one()
        waiting = _ours(select(func.count()).select_from(inbox)).where(inbox.c.done_at.is_(None))
        unsent = select(func.count()).where(outbox.c.state == "queued")
        return (
            recorded == rounds * len(PEOPLE)
            and connection.execute(waiting).scalar_one() == 0
            and connection.execute(unsent).scalar_one() == 0
        )


def _ours(query):
    return query.where(inbox.c.channel == "telegram")


def _each_message_recorded_once(database):
    with database.read() as connection:
        ids = connection.execute(_ours(select(inbox.c.provider_id))).scalars().all()
    assert len(ids) == len(set(ids)) == (ROUNDS + 1) * len(PEOPLE)


def _each_turn_took_effect_once(database):
    """Each message has its replies once: the same ones, however often its turn was begun."""
    with database.read() as connection:
        query = (
            select(outbox.c.in_reply_to, outbox.c.text)
            .join(inbox, inbox.c.id == outbox.c.in_reply_to)
            .where(inbox.c.channel == "telegram")
        )
        rows = [(row.in_reply_to, row.text) for row in connection.execute(query)]
        answered = {message for message, _ in rows}
        everyone = connection.execute(_ours(select(inbox.c.id))).scalars().all()
    assert answered == set(everyone)
    assert [row for row, count in Counter(rows).items() if count > 1] == []


def _each_reply_reached_its_phone(database, telegram):
    """All arrived; at worst once more each time it was begun anew, its sender having died."""
    with database.read() as connection:
        rows = connection.execute(
            select(outbox.c.state, outbox.c.attempts)
            .join(conversation, conversation.c.id == outbox.c.conversation_id)
            .where(conversation.c.channel == "telegram")
        ).all()
    assert {row.state for row in rows} == {"sent"}
    arrived = sum(len(telegram.sent(address)) for address in PEOPLE)
    assert len(rows) <= arrived <= sum(row.attempts for row in rows)
