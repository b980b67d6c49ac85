"""Long polling: nothing is lost and one process polls, whatever dies or fails."""

from __future__ import annotations

import asyncio
import logging
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.channels.base import Choice, Inbound, Outbound, Reachability, render
from bot.channels.errors import Throttled
from bot.channels.telegram.retries import Backoff
from bot.db import leases
from bot.db.engine import Database
from bot.db.tables import lease
from tests.channels.telegram.conftest import AWA, KOFFI, QUICK, Process, until
from tests.platforms.telegram_server import TelegramServer

ROOT = Path(__file__).parents[3]

NewProcess = Callable[..., Process]


def lease_row(database: Database):
    with database.read() as connection:
        return connection.execute(select(lease)).one()


def take_the_lease(database: Database, holder: str | None, until_moment: datetime | None) -> None:
    """Let another process hold the lease, or nobody."""
    with database.write() as connection:
        connection.execute(update(lease).values(holder=holder, held_until=until_moment))


async def test_messages_come_in_order_and_are_confirmed_by_the_offset(
    server: TelegramServer, new_process: NewProcess
):
    process = new_process().start()
    ids = [server.say(AWA, text) for text in ("un", "deux", "trois")]
    await until(lambda: process.intake.texts == ["un", "deux", "trois"])
    await until(lambda: server.calls[-1][1].get("offset") == int(ids[-1]) + 1)
    method, parameters = server.calls[-1]
    assert method == "getUpdates"
    assert parameters["timeout"] == QUICK.long_poll_seconds
    assert parameters["allowed_updates"] == [
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
    ]


async def test_everything_that_comes_reaches_the_intake(server, new_process):
    process = new_process().start()
    server.voice(AWA)
    server.edit(AWA, 1, "pardon")
    server.block(AWA)
    await until(lambda: len(process.intake.events) == 3)
    voice, edited, blocked = process.intake.events
    assert isinstance(voice, Inbound)
    assert isinstance(edited, Inbound)
    assert isinstance(blocked, Reachability)
    assert await process.channel.fetch_media(voice.media) == b"OggS"
    assert edited.kind == "edited"
    assert not blocked.reachable


async def test_a_button_comes_back_as_its_token_and_is_answered(server, new_process):
    process = new_process().start()
    question = Outbound("On garde ?", (Choice("1", "Oui", "tok-1"), Choice("2", "Non", "tok-2")))
    [message] = render(question, process.channel.limits)
    await process.channel.send(AWA, message)
    server.press(AWA, "2 Non")
    await until(lambda: bool(process.intake.events and server.answered))
    [pressed] = process.intake.events
    assert isinstance(pressed, Inbound)
    assert (pressed.kind, pressed.token, pressed.text) == ("choice", "tok-2", "")


@pytest.mark.parametrize("fault", ["refused", "never answered"])
async def test_a_press_that_cannot_be_answered_is_taken_all_the_same(server, new_process, fault):
    if fault == "refused":
        server.fail_next(
            400, method="answerCallbackQuery", description="Bad Request: query is too old"
        )
    else:
        server.hang_next(method="answerCallbackQuery")
    process = new_process().start()
    server.press_token(AWA, "tok-1")
    server.say(AWA, "et voilà")
    await until(lambda: len(process.intake.events) == 2)


async def test_the_offset_moves_only_after_the_intake_has_returned(
    server, new_process, sqlite_database
):
    process = new_process()
    returns = asyncio.Event()
    process.intake.before_it_returns = returns.wait
    process.start()
    update_id = server.say(AWA, "bonjour")
    await until(lambda: process.intake.texts == ["bonjour"])
    await process.look_for_the_lease()  # it renews its lease meanwhile
    assert lease_row(sqlite_database).value is None
    returns.set()
    await until(lambda: lease_row(sqlite_database).value == str(int(update_id) + 1))


async def test_after_a_kill_before_the_offset_moved_the_same_message_comes_again(
    server, new_process, sqlite_database
):
    update_id = server.say(AWA, "bonjour")
    command = [sys.executable, "-m", "tests.channels.telegram.killed_in_intake"]
    arguments = [str(sqlite_database.url), server.base_url, server.token]
    killed = await asyncio.to_thread(subprocess.run, command + arguments, cwd=ROOT, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert lease_row(sqlite_database).holder is not None

    process = new_process()
    process.clock.ahead = timedelta(minutes=1)
    process.start()
    await until(lambda: process.intake.texts == ["bonjour"])
    [message] = process.intake.events
    assert isinstance(message, Inbound)
    assert message.provider_id.endswith(f":{update_id}")


async def test_what_a_failing_intake_did_not_record_comes_again(server, new_process):
    process = new_process()
    process.intake.refuses = lambda _: process.intake.given.count("un") < 4
    process.start()
    for text in ("un", "deux"):
        server.say(AWA, text)
    await until(lambda: process.intake.texts == ["un", "deux"])


async def test_one_message_that_cannot_be_recorded_keeps_no_other_out_and_is_not_lost(
    server, new_process, sqlite_database
):
    process = new_process()
    process.intake.refuses = lambda message: message.text == "poison"
    first = server.say(AWA, "avant")
    poison = server.say(KOFFI, "poison")
    server.say(AWA, "mon oncle me frappe")
    process.start()
    await until(lambda: process.intake.texts == ["avant", "mon oncle me frappe"])
    await until(lambda: lease_row(sqlite_database).value == poison)
    assert int(first) < int(poison)
    server.say(AWA, "après")
    await until(lambda: "après" in process.intake.texts)
    process.intake.refuses = lambda _: False
    await until(lambda: "poison" in process.intake.texts)


async def test_an_update_that_cannot_be_read_is_left_out_by_its_id(server, new_process, logged):
    server.say(AWA, "avant")
    bad = server.push({"message": {"text": "mon oncle", "chat": "?"}})
    server.say(AWA, "après")
    process = new_process().start()
    await until(lambda: process.intake.texts == ["avant", "après"])
    [entry] = [entry for entry in logged if entry["event"] == "telegram.unreadable"]
    assert entry["update_id"] == int(bad)
    assert "oncle" not in str(logged)


async def test_groups_are_left_out(server, new_process, logged):
    chat = {"id": -100700, "type": "supergroup", "title": "Un groupe"}
    server.push({"message": {"message_id": 1, "date": 1, "chat": chat, "text": "bonjour"}})
    server.say(AWA, "salut")
    process = new_process().start()
    await until(lambda: process.intake.texts == ["salut"])
    assert [entry["reason"] for entry in logged if "reason" in entry] == ["not_private"]


async def test_of_two_processes_one_polls(server, new_process):
    one, other = new_process().start(), new_process().start()
    expected = []
    for number in range(10):
        expected.append(f"message {number}")
        server.say(AWA, expected[-1])
        await until(lambda: len(one.intake.given + other.intake.given) == len(expected))
    await one.look_for_the_lease()
    await other.look_for_the_lease()
    assert [one.intake.given, other.intake.given].count([]) == 1
    assert one.intake.given + other.intake.given == expected
    # Telegram refuses a poll when another one is under way.
    assert ("getUpdates", 409) not in server.refused


async def test_a_process_that_stops_hands_over_at_once(server, new_process):
    first = new_process().start()
    server.say(AWA, "un")
    await until(lambda: first.intake.texts == ["un"])
    second = new_process().start()
    await first.stop()
    server.say(AWA, "deux")
    await until(lambda: second.intake.given == ["deux"])


async def test_a_holder_that_died_is_replaced_when_its_lease_has_ended(
    server, new_process, sqlite_database
):
    first = new_process().start()
    await until(lambda: server.count("getUpdates") == 1)
    await first.stop()
    lease_of_the_dead = datetime.now(timezone.utc) + QUICK.lease
    take_the_lease(sqlite_database, "dead", lease_of_the_dead)
    server.say(AWA, "bonjour")
    second = new_process().start()
    await second.look_for_the_lease()
    assert server.count("getUpdates") == 1
    second.clock.ahead = QUICK.lease
    await until(lambda: second.intake.texts == ["bonjour"])


async def test_whoever_lost_the_lease_stops_polling_and_tries_again(
    server, new_process, sqlite_database, logged
):
    process = new_process().start()
    server.say(AWA, "un")
    await until(lambda: process.intake.texts == ["un"])
    take_the_lease(sqlite_database, "another", datetime.now(timezone.utc) + QUICK.lease)
    await until(lambda: "telegram.lease_lost" in [entry["event"] for entry in logged])
    await process.look_for_the_lease()
    server.say(AWA, "deux")
    await process.look_for_the_lease()
    assert process.intake.texts == ["un"]
    assert lease_row(sqlite_database).holder == "another"
    take_the_lease(sqlite_database, None, None)
    await until(lambda: process.intake.texts == ["un", "deux"])


async def test_a_holder_that_was_replaced_meanwhile_moves_no_offset_and_polls_no_more(
    server, new_process, sqlite_database
):
    process = new_process(replace(QUICK, renew_seconds=3600))

    async def lose_the_lease() -> None:
        server.say(AWA, "deux")
        take_the_lease(sqlite_database, "another", datetime.now(timezone.utc) + QUICK.lease)
        with sqlite_database.write() as connection:
            leases.store(connection, lease_row(sqlite_database).name, "another", "7")

    process.intake.before_it_returns = lose_the_lease
    process.start()
    server.say(AWA, "un")
    # It looks at the clock to take the lease, to read the message, and to take the lease again.
    await until(lambda: process.clock.looks == 3)
    row = lease_row(sqlite_database)
    assert (row.holder, row.value) == ("another", "7")
    assert server.count("getUpdates") == 1


@pytest.mark.parametrize(
    ("method", "status"),
    [
        ("deleteWebhook", 500),
        ("deleteWebhook", 401),
        ("getUpdates", 409),
        ("getUpdates", 502),
        ("getUpdates", 401),
        ("getUpdates", 429),
    ],
)
async def test_no_refusal_stops_it(server, new_process, method, status):
    server.fail_next(status, method=method, description="invented", times=3)
    process = new_process().start()
    server.say(AWA, "bonjour")
    await until(lambda: process.intake.texts == ["bonjour"])
    assert server.refused == [(method, status)] * 3


async def test_a_pause_is_no_shorter_than_telegram_asks_for():
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(Backoff(0, 0).pause(Throttled("flood", retry_after=3600)), 0.05)


async def test_a_database_that_is_away_stops_it_no_more(
    server, new_process, sqlite_database, logged
):
    with sqlite_database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE lease RENAME TO gone")
    process = new_process().start()
    await until(lambda: len(logged) > 1)
    with sqlite_database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE gone RENAME TO lease")
    server.say(AWA, "bonjour")
    await until(lambda: process.intake.texts == ["bonjour"])


async def test_a_webhook_from_before_is_put_away_without_its_updates(server, new_process):
    gone = {"url": "http://127.0.0.1:9/webhooks/telegram"}
    await server._set_webhook(gone)
    server.say(AWA, "pendant le changement")
    process = new_process().start()
    await until(lambda: process.intake.texts == ["pendant le changement"])
    assert server.webhook == {}


async def test_a_new_series_of_update_ids_is_followed_downwards(server, new_process):
    process = new_process().start()
    server.say(AWA, "avant")
    await until(lambda: process.intake.texts == ["avant"] and server.unconfirmed == 0)
    await process.stop()
    server.renumber(500)
    again = new_process().start()
    server.say(AWA, "après une semaine")
    server.say(AWA, "et la suite")
    await until(lambda: again.intake.texts == ["après une semaine", "et la suite"])
    await until(lambda: server.unconfirmed == 0)


async def test_nothing_personal_is_logged(server, new_process, caplog, logged):
    with caplog.at_level(logging.DEBUG):
        process = new_process()
        process.intake.refuses = lambda _: len(process.intake.given) < 3
        process.start()
        server.say(AWA, "mon oncle me frappe")
        await until(lambda: bool(process.intake.texts))
        await process.channel.send(AWA, render(Outbound("Merci."), process.channel.limits)[0])
    shown = caplog.text + str(logged)
    assert "telegram.poll_failed" in shown
    for secret in (server.token, AWA, "oncle", "Merci"):
        assert secret not in shown
