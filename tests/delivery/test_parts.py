"""A text that needs several messages: each leaves once, whatever happens between them.

On the local Telegram and the local WhatsApp, by their real protocols.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, select, update
from sqlalchemy.exc import OperationalError

from bot.channels.registry import build_channels
from bot.channels.tasks import end
from bot.channels.whatsapp.parse import parse
from bot.db.engine import Database, sealer_of
from bot.db.tables import alert, outbox, staff_chat, structure
from bot.delivery.inbox import DatabaseIntake
from bot.delivery.metrics import Metrics
from bot.delivery.outbox import Sender
from bot.delivery.queue import (
    cancel_waiting,
    enqueue,
    enqueue_erasure,
    enqueue_to_staff,
    release_held,
)
from bot.followup import conversations
from bot.i18n.wording import Said
from bot.settings import Settings, TelegramSettings
from tests.conftest import KEYS
from tests.made_up import make_member, make_structure
from tests.platforms import whatsapp_payloads as payloads
from tests.platforms.telegram_server import TelegramServer
from tests.platforms.whatsapp_server import WhatsAppServer

YES = (("1", "Oui", "/affirm"),)


class Deaf:
    """Stands where the safety screen would: nobody writes here."""

    def screen(self, text: str, earlier: object = ()) -> None:
        raise AssertionError(text)


class Line:
    """One channel to one phone, with a sender and a clock that the test sets."""

    address: str

    def __init__(self, server: Any, settings: Settings, database, wording, now) -> None:
        self.server, self.database, self.wording, self.now = server, database, wording, now
        self.channels = build_channels(settings, database)
        (name,) = self.channels
        # A third of it is over the limit together with another third.
        self.long = self.channels[name].limits.text * 2 // 3
        with database.write() as connection:
            make_structure(connection)
            self.talk = conversations.find_or_open(connection, name, self.address, now)
            conversations.change(connection, self.talk.id, consent="yes", last_written_at=now)
        self.sender = self.make_sender("s")

    def make_sender(self, name: str) -> Sender:
        return Sender(
            self.database,
            self.channels,
            self.wording,
            Metrics(),
            name=name,
            clock=lambda: self.now,
        )

    def queue(self, *paragraphs: str) -> None:
        text = "\n\n".join(letter * self.long for letter in paragraphs)
        with self.database.write() as connection:
            talk = conversations.get_conversation(connection, self.talk.id)
            enqueue(connection, talk, Said(text, YES), self.now)

    def later(self, **duration: float) -> None:
        """Let time pass, in which the person wrote: nothing waits for discretion's sake."""
        self.now += timedelta(**duration)
        with self.database.write() as connection:
            conversations.change(connection, self.talk.id, last_written_at=self.now)

    @property
    def arrived(self) -> str:
        """The first letter of each message on the phone, and whether it has its button."""
        return " ".join(
            sent.text[0] + "+" * bool(sent.buttons) for sent in self.server.sent(self.address)
        )

    @property
    def row(self) -> Any:
        with self.database.read() as connection:
            return connection.execute(select(outbox).order_by(outbox.c.id)).first()

    def hear(self, message: int, state: str, code: int | None = None) -> None:
        """Take in what WhatsApp says of the message that arrived in that place."""
        sent = self.server.sent(self.address)[message - 1]
        error = {"code": code} if code else None
        item = payloads.status(sent.message_id, self.address, state, error)
        intake = DatabaseIntake(
            self.database, Deaf(), self.wording, Metrics(), country="CI", clock=lambda: self.now
        )
        post = payloads.post("1", statuses=[item])
        intake.record("whatsapp", parse(post, "1", self.now))

    def at(self, message: int, deed: Callable[[], None]) -> None:
        """Do something when so many messages have arrived from here on."""
        self.server.after_next(deed if message == 1 else lambda: self.at(message - 1, deed))

    def change(self, **values: object) -> None:
        with self.database.write() as connection:
            connection.execute(update(outbox).values(**values))


class Telegram(Line):
    address = "7000000021"

    def __init__(self, *given: Any) -> None:
        server = TelegramServer()
        telegram = TelegramSettings(token=server.token, base_url=server.base_url)
        super().__init__(server, Settings("", KEYS, telegram=telegram), *given)

    def fail_for_now(self) -> None:
        self.server.fail_next(500)

    def throttle(self) -> None:
        self.server.fail_next(429, retry_after=2)

    def misconfigure(self) -> None:
        self.server.fail_next(401)

    def fail_for_good(self) -> None:
        self.server.fail_next(403)

    def open(self) -> None:
        self.server.start()


class WhatsApp(Line):
    address = "2250000000021"

    def __init__(self, *given: Any) -> None:
        server = WhatsAppServer()
        super().__init__(server, Settings("", KEYS, whatsapp=server.settings()), *given)

    def fail_for_now(self) -> None:
        self.server.fail_next(131016, 500)

    def throttle(self) -> None:
        self.server.fail_next(130429, 429)

    def misconfigure(self) -> None:
        self.server.fail_next(190, 401)

    def fail_for_good(self) -> None:
        self.server.fail_next(131026)

    def open(self) -> None:
        self.server.start()
        # Nobody listens for what the person writes; it opens the window.
        self.server.write(self.address, "text", {"body": "bonjour"})


@pytest.fixture(params=[Telegram, WhatsApp])
async def line(
    request: pytest.FixtureRequest, database: Database, wording, now: datetime
) -> AsyncIterator[Line]:
    made = request.param(database, wording, now)
    made.open()
    yield made
    for channel in made.channels.values():
        await channel.close()
    made.server.stop()


async def test_the_parts_arrive_in_order_and_the_buttons_with_the_last(line):
    line.queue("a", "b", "c")
    assert await line.sender.send_due() == 1
    assert line.arrived == "a b c+"
    assert line.row.state == "sent"
    ids = [sent.message_id for sent in line.server.sent(line.address)]
    assert [*line.row.sent_parts, line.row.provider_id] == ids


@pytest.mark.parametrize("failure", ["fail_for_now", "throttle", "misconfigure"])
@pytest.mark.parametrize("accepted", [1, 2])
async def test_after_a_passing_fault_the_next_part_leaves_and_none_again(line, failure, accepted):
    line.queue("a", "b", "c")
    line.queue("d")
    line.at(accepted, getattr(line, failure))
    assert await line.sender.send_due() == 0
    assert line.arrived == "a b"[: 2 * accepted - 1]
    assert line.row.state == "queued"
    line.later(minutes=6)
    assert await line.sender.send_due() >= 1
    line.later(minutes=1)
    await line.sender.send_due()
    assert line.arrived == "a b c+ d+"


async def test_what_fails_more_than_once_goes_on_where_it_was(line):
    line.queue("a", "b", "c")
    line.at(1, line.fail_for_now)
    await line.sender.send_due()
    for _ in range(2):
        line.fail_for_now()
        line.later(minutes=1)
        await line.sender.send_due()
    assert line.arrived == "a"
    line.later(minutes=1)
    await line.sender.send_due()
    assert line.arrived == "a b c+"


async def test_what_fails_for_good_is_not_begun_again_and_staff_see_it(line):
    line.queue("a", "b", "c")
    line.at(1, line.fail_for_good)
    assert await line.sender.send_due() == 0
    assert line.row.state == "failed"
    line.later(days=2)
    assert await line.sender.send_due() == 0
    assert line.arrived == "a"
    with line.database.read() as connection:
        assert connection.execute(select(alert.c.kind)).scalars().all() == ["undelivered"]


@pytest.mark.parametrize("line", [WhatsApp], indirect=True)
async def test_a_window_that_closes_between_two_parts_keeps_the_rest_for_later(line):
    line.queue("a", "b")
    line.at(1, lambda: line.server.close_window(line.address))
    await line.sender.send_due()
    line.later(seconds=10)
    await line.sender.send_due()
    assert line.row.state == "held"
    assert [sent.kind for sent in line.server.sent(line.address)] == ["text", "template"]
    line.server.write(line.address, "text", {"body": "oui ?"})
    with line.database.write() as connection:
        release_held(connection, line.talk.id, line.now)
    line.later(minutes=1)
    await line.sender.send_due()
    assert [sent.text[0] for sent in line.server.sent(line.address)] == ["a", "B", "b"]


@pytest.mark.parametrize("line", [Telegram], indirect=True)
async def test_a_sender_that_is_killed_between_two_parts_leaves_the_rest_to_another(line):
    line.queue("a", "b", "c")
    line.at(1, line.server.hang_next)
    sending = asyncio.create_task(line.sender.send_due())
    for _ in range(1000):
        if line.server.count("sendMessage") == 2:
            break
        await asyncio.sleep(0.01)
    await end([sending])
    assert line.row.state == "queued"
    line.later(seconds=61)
    await line.make_sender("other").send_due()
    assert line.arrived == "a b c+"


async def test_what_is_cancelled_between_two_parts_stops_there_and_can_be_erased(line):
    def leave() -> None:
        with line.database.write() as connection:
            cancel_waiting(connection, line.talk.id)
            enqueue_erasure(connection, line.talk, line.now)

    line.queue("a", "b", "c")
    line.at(1, leave)
    await line.sender.send_due()
    await line.sender.send_due()
    assert line.arrived == "a"
    assert line.row.state == "cancelled"
    if isinstance(line, Telegram):
        (sent,) = line.server.sent(line.address)
        assert line.server.deleted == [(line.address, int(sent.message_id))]


async def test_what_another_sender_took_over_is_left_to_it(line):
    line.queue("a", "b", "c")
    line.at(1, lambda: line.change(claimed_by="other"))
    await line.sender.send_due()
    assert line.arrived == "a"
    assert (line.row.state, line.row.claimed_by) == ("queued", "other")


async def test_a_part_that_cannot_be_recorded_is_before_the_next_one_leaves(line, monkeypatch):
    away = iter([True, True, False])
    begin = line.database.write

    @contextmanager
    def write(**how: bool):
        if next(away, False):
            raise OperationalError("", None, Exception("the database is away"))
        with begin(**how) as connection:
            yield connection

    line.queue("a", "b")
    line.at(1, lambda: monkeypatch.setattr(line.database, "write", write))
    monkeypatch.setattr("bot.delivery.outbox._WHILE_AWAY", 0.0)
    await line.sender.send_due()
    assert line.arrived == "a b+"
    assert len(line.row.sent_parts) == 1
    assert next(away, None) is None


class TestReceipts:
    """What WhatsApp says of the messages of one text, once it has taken them."""

    pytestmark = pytest.mark.parametrize("line", [WhatsApp], indirect=True)

    @pytest.mark.parametrize("receipt", ["delivered", "read"])
    async def test_the_last_message_tells_how_far_the_text_came(self, line, receipt):
        line.queue("a", "b")
        await line.sender.send_due()
        line.hear(1, receipt)
        assert line.row.state == "sent"
        assert line.row.delivered_at is line.row.read_at is None
        line.hear(2, receipt)
        assert line.row.state == receipt

    @pytest.mark.parametrize("before", ["sent", "delivered", "read"])
    async def test_what_failed_leaves_again_with_all_behind_it(self, line, before):
        line.queue("a", "b", "c")
        await line.sender.send_due()
        line.hear(3, before)
        line.hear(2, "failed", 131000)
        line.hear(2, "failed", 131000)
        line.hear(3, "read")
        assert (line.row.state, line.row.read_at) == ("queued", None)
        line.later(minutes=1)
        await line.sender.send_due()
        assert line.arrived == "a b c+ b c+"
        assert line.row.state == "sent"
        line.hear(5, "read")
        assert line.row.state == "read"

    async def test_what_fails_again_and_again_is_given_up_and_staff_see_it(self, line):
        line.queue("a", "b")
        for first in (1, 3, 5):
            await line.sender.send_due()
            line.hear(first, "failed", 131000)
            line.later(minutes=1)
        await line.sender.send_due()
        assert line.arrived == "a b+ a b+ a b+"
        assert line.row.state == "failed"
        line.hear(6, "read")
        assert line.row.state == "failed"
        with line.database.read() as connection:
            assert connection.execute(select(alert.c.kind)).scalars().all() == ["undelivered"]

    async def test_nobody_there_is_a_failure_for_good(self, line):
        line.queue("a", "b")
        await line.sender.send_due()
        line.hear(2, "delivered")
        line.hear(1, "failed", 131026)
        assert line.row.state == "failed"
        with line.database.read() as connection:
            assert conversations.get_conversation(connection, line.talk.id).blocked_at is not None

    @pytest.mark.parametrize("arrived", [2, 3])
    async def test_a_failure_between_two_messages_is_not_lost(self, line, arrived):
        line.queue("a", "b", "c")
        line.at(arrived, lambda: line.hear(1, "failed", 131000))
        await line.sender.send_due()
        assert line.row.state == "queued"
        line.later(minutes=1)
        await line.sender.send_due()
        assert line.arrived == ("a b a b c+" if arrived == 2 else "a b c+ a b c+")
        assert line.row.state == "sent"

    async def test_a_closed_window_holds_all_from_there_on(self, line):
        line.queue("a", "b")
        await line.sender.send_due()
        line.hear(1, "failed", 131047)
        assert (line.row.state, line.row.sent_parts) == ("held", [])


class TestReceiptsOfStaff:
    """What WhatsApp says of a message to the own chat of a member of staff."""

    pytestmark = pytest.mark.parametrize("line", [WhatsApp], indirect=True)

    @pytest.fixture(autouse=True)
    async def told(self, line):
        with line.database.write() as connection:
            home = connection.execute(select(structure)).one()
            member = make_member(connection, home)
            line.server.write("2250000000022", "text", {"body": "bonjour"})
            row = {
                "staff_id": member.id,
                "channel": "whatsapp",
                "address": "2250000000022",
                "address_index": sealer_of(connection).blind_index("whatsapp:2250000000022"),
                "linked_at": line.now,
            }
            chat_id = connection.execute(insert(staff_chat).values(row)).inserted_primary_key[0]
            text = "\n\n".join(letter * line.long for letter in "ab")
            enqueue_to_staff(connection, chat_id, text, line.now)
        line.address = "2250000000022"
        await line.sender.send_due()
        assert line.row.state == "sent"

    @pytest.mark.parametrize("receipt", ["delivered", "read"])
    async def test_it_arrived(self, line, receipt):
        line.hear(1, receipt)
        assert line.row.state == "sent"
        line.hear(2, receipt)
        assert line.row.state == receipt

    @pytest.mark.parametrize("message", [1, 2])
    @pytest.mark.parametrize("code", [131026, 131047])
    async def test_it_did_not(self, line, message, code):
        line.hear(message, "failed", code)
        assert line.row.state == "failed"
        assert line.row.error == str(code)

    async def test_a_passing_fault_is_tried_again(self, line):
        once = line.arrived
        line.hear(1, "failed", 131000)
        assert line.row.state == "queued"
        line.later(minutes=1)
        await line.sender.send_due()
        assert line.arrived == f"{once} {once}"


async def test_a_text_of_one_message_costs_its_claim_and_its_end(line):
    changes = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("UPDATE outbox"):
            changes.append(statement)

    line.queue("a")
    event.listen(line.database.engine, "before_cursor_execute", note)
    await line.sender.send_due()
    event.remove(line.database.engine, "before_cursor_execute", note)
    assert line.arrived == "a+"
    assert len(changes) == 2
    assert line.row.sent_parts is None
