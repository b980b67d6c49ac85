"""The safe word: a call for help that shows no sign of one (safeguarding 5)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import count

import httpx
import pytest
from sqlalchemy import select, update
from starlette.applications import Starlette

from bot.channels.telegram.channel import TelegramChannel
from bot.db.tables import outbox, person, staff
from bot.delivery.staff_replies import TextIsSecret, send_reply
from bot.delivery.thread import read_thread
from bot.followup import conversations
from bot.settings import Settings, TelegramSettings
from tests.conftest import KEYS
from tests.platforms import telegram_payloads as telegram

COVER = "D'accord, c'est noté 👍"
WORD = "Tonton Parapluie"
SECRET = "an-invented-secret"

Write = Callable[[str], Awaitable[list[str]]]


@pytest.fixture
async def web(desk) -> AsyncIterator[httpx.AsyncClient]:
    """Give the webhook, with the intake behind it."""
    bot = TelegramSettings(
        token="7:invented", base_url="http://127.0.0.1:9", mode="webhook", secret=SECRET
    )
    settings = Settings(database_url="", secret_keys=KEYS, public_url="", telegram=bot)
    channel = TelegramChannel(settings, desk.database, desk.clock)
    app = Starlette(routes=channel.routes(desk.intake))
    transport = httpx.ASGITransport(app)
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    async with httpx.AsyncClient(
        transport=transport, base_url="https://example.org", headers=headers
    ) as web:
        yield web
    await channel.close()


@pytest.fixture
def write(desk, boy, web) -> Write:
    """Let the boy, who has agreed on a safe word, write; return what reaches his phone."""
    with desk.database.write() as connection:
        his = person.c.case_number == "0317"
        connection.execute(update(person).where(his).values(safe_word=WORD))
    numbers = count(1)

    async def write(text: str) -> list[str]:
        number, before = next(numbers), len(desk.phone.accepted)
        sent = telegram.message(boy, number, telegram.person(boy), text=text)
        answer = await web.post("/webhooks/telegram", json={"update_id": number, "message": sent})
        assert answer.status_code == 200
        await desk.turns.run_waiting()
        await desk.sender.send_due()
        return desk.phone.texts[before:]

    return write


@pytest.mark.parametrize("written", [WORD, "tonton parapluie !", "tonton paraplui"])
async def test_it_calls_for_help_and_shows_no_sign_of_it(desk, write, written):
    assert await write(written) == [COVER]
    (_, shown) = desk.phone.accepted[-1]
    assert (shown.buttons, shown.rows) == ((), ())
    (raised,) = desk.alerts
    assert (raised.kind, raised.severity, raised.author_unsure) == ("safe_word", "critical", False)
    assert raised.climbs_at == desk.now
    assert desk.dialogue.heard == []


async def test_a_second_time_joins_the_alert_and_is_covered_too(desk, write):
    await write(WORD)
    desk.later(minutes=3)
    assert await write(WORD) == [COVER]
    (raised,) = desk.alerts
    assert raised.message_count == 2


async def test_what_is_said_after_it_is_answered_as_ever(desk, write):
    await write(WORD)
    assert await write("oui") == ["1: oui"]
    assert await write("c rien") == ["2: c rien"]
    assert len(desk.alerts) == 1


async def test_it_is_a_word_of_the_one_who_chose_it(desk, write, mother):
    assert await desk.say(mother, WORD) == [f"1: {WORD}"]
    await desk.say("8", WORD)  # of nobody known
    assert desk.alerts == []


@pytest.mark.parametrize("written", ["mon tonton a pris le parapluie", f"{WORD} il pleut"])
async def test_a_word_within_talk_is_talk(desk, write, written):
    assert await write(written) == [f"1: {written}"]
    assert desk.alerts == []


async def test_it_fires_before_the_name_is_confirmed_and_after_stop_and_x(desk, boy, write):
    with desk.database.write() as connection:
        talk = conversations.find_or_open(connection, "telegram", boy, desk.now)
        conversations.change(
            connection, talk.id, enrolment="to_confirm", opted_out_at=desk.now, left_at=desk.now
        )
    assert await write(WORD) == [COVER]
    assert [row.kind for row in desk.alerts] == ["safe_word"]


async def test_it_fires_while_a_person_has_the_conversation(desk, boy, write):
    with desk.database.write() as connection:
        member = connection.execute(select(staff)).first()
        talk = conversations.find_or_open(connection, "telegram", boy, desk.now)
        conversations.change(connection, talk.id, owner_id=member.id)
    assert await write(WORD) == [COVER]
    assert len(desk.alerts) == 1


async def test_a_danger_in_its_words_does_not_betray_it(desk, write):
    with desk.database.write() as connection:
        connection.execute(update(person).values(safe_word="il me frappe tous les jours"))
    assert await write("il me frappe tous les jours") == [COVER]
    assert [row.kind for row in desk.alerts] == ["safe_word"]


async def test_what_was_held_does_not_leave_beside_it(desk, boy, write):
    await write("bonjour")
    with desk.database.write() as connection:
        values = {"state": "held", "provider_id": None}
        connection.execute(update(outbox).values(**values))
    assert await write(WORD) == [COVER]
    assert [row.state for row in desk.replies] == ["held", "sent"]


async def test_the_word_is_kept_and_shown_nowhere(desk, boy, write):
    await write(WORD)
    (message,) = desk.messages
    assert message.text is None
    with desk.database.read() as connection:
        member = connection.execute(select(staff)).first()
        lines = read_thread(connection, member, message.conversation_id)
    assert [(line.secret, line.text) for line in lines] == [(True, ""), (False, COVER)]


async def test_staff_do_not_write_it(desk, boy, write):
    await write("bonjour")
    with desk.database.write() as connection:
        member = connection.execute(select(staff)).first()
        talk = conversations.find_or_open(connection, "telegram", boy, desk.now)
        conversations.change(connection, talk.id, owner_id=member.id)
        with pytest.raises(TextIsSecret):
            send_reply(
                connection, member, talk.id, "J'ai lu TONTON PARAPLUIE", desk.wording, desk.now
            )


async def test_ordinary_talk_has_the_same_answer(desk, boy):
    with desk.database.write() as connection:
        talk = conversations.find_or_open(connection, "telegram", boy, desk.now)
        conversations.change(connection, talk.id, expects_number=True)
    await desk.say(boy, "9")
    assert await desk.press(boy, "Non") == [COVER]
