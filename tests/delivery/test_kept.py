"""Before a yes only what a person reads is kept, and only for as long as a person does."""

import pytest
from sqlalchemy import select

from bot.db.tables import structure
from bot.delivery.clock import WITHOUT_CONSENT, do_what_is_due
from bot.delivery.staff_replies import announce_hand_back, announce_takeover, send_reply
from bot.followup import conversations
from bot.followup.closing import reopen, resolve, undo
from bot.followup.requests import ask_for_person
from tests.delivery.conftest import Listener
from tests.made_up import make_member

STRANGER = "77"
ASKS = "je veux parler à quelqu'un"


class Forwarder(Listener):
    """A dialogue that asks for a person where it is told to."""

    async def answer(self, message, caller, memory):
        if not isinstance(message, str) and message.parse["text"] == ASKS:
            ask_for_person(caller)
        return await super().answer(message, caller, memory)


class Awa:
    """A worker who answers strangers from the console."""

    def __init__(self, desk, member):
        self._desk, self.member = desk, member

    def take_over(self):
        self._do(conversations.take_over)
        self._say(announce_takeover)

    def write(self, text):
        self._say(send_reply, text)

    def hand_back(self):
        self._do(conversations.hand_back)
        self._say(announce_hand_back)

    def close(self, outcome="answered"):
        with self._desk.database.write() as connection:
            for alert in self._desk.alerts:
                resolve(connection, self.member, alert.id, outcome, self._desk.now)

    def change_mind(self, act):
        with self._desk.database.write() as connection:
            act(connection, self.member, self._desk.alerts[0].id, self._desk.now)

    def _do(self, act):
        with self._desk.database.write() as connection:
            act(connection, self.member, 1)

    def _say(self, act, *text):
        with self._desk.database.write() as connection:
            act(connection, self.member, 1, *text, self._desk.wording, self._desk.now)


@pytest.fixture
def awa(desk):
    with desk.database.write() as connection:
        home = connection.execute(select(structure)).one()
        return Awa(desk, make_member(connection, home))


@pytest.fixture
async def left(desk):
    """Give a function by which a stranger writes, and that tells what is left of it later."""
    desk.dialogue = Forwarder()
    desk.turns = desk.make_turns("w")
    await desk.say(STRANGER, "bonjour")

    async def left(text, *, worker_is_dead=False, **values):
        desk.take_in(desk.message(STRANGER, text, **values))
        if not worker_is_dead:
            await desk.turns.run_waiting()
        with desk.database.write() as connection:
            do_what_is_due(connection, desk.now + WITHOUT_CONSENT)
        return desk.messages[-1].text

    return left


async def test_what_was_written_for_a_person_stays_and_what_comes_after_does_not(desk, awa, left):
    assert await left("je suis à Soubré") is None
    await left(ASKS)
    assert await left("c'est pour mon frère") == "c'est pour mon frère"
    awa.take_over()
    awa.write("Bonjour, je lis.")
    assert await left("merci beaucoup") == "merci beaucoup"
    awa.hand_back()
    assert await left("je suis à Daloa") is None
    assert [m.text for m in desk.messages if m.text] == [
        ASKS,
        "c'est pour mon frère",
        "merci beaucoup",
    ]
    await left(ASKS)
    assert await left("encore une chose") == "encore une chose"


async def test_the_clock_tells_messages_apart_as_the_turns_do(desk, awa, left):
    await left(ASKS)
    assert await left("pour mon frère", worker_is_dead=True) == "pour mon frère"
    awa.close()
    assert await left("je suis à Daloa", worker_is_dead=True) is None
    await desk.turns.run_waiting()
    assert [m.text for m in desk.messages[-2:]] == ["pour mon frère", None]


async def test_who_was_handed_back_without_an_answer_still_waits_for_a_person(awa, left):
    await left(ASKS)
    awa.take_over()
    awa.hand_back()
    assert await left("il y a quelqu'un ?") == "il y a quelqu'un ?"


@pytest.mark.parametrize("outcome", ["called", "nothing"])
async def test_with_the_request_closed_nothing_more_is_kept(awa, left, outcome):
    await left(ASKS)
    awa.close(outcome)
    assert await left("je suis à Daloa") is None


async def test_a_request_closed_while_a_colleague_has_the_conversation_goes_on_until_the_hand_back(
    awa, left
):
    await left(ASKS)
    awa.take_over()
    awa.close("nothing")
    assert await left("je suis à Daloa") == "je suis à Daloa"
    awa.hand_back()
    assert await left("et voilà") is None


@pytest.mark.parametrize("outcome", ["called", "nothing"])
async def test_a_request_that_was_closed_by_mistake_goes_on(awa, left, outcome):
    await left(ASKS)
    awa.close(outcome)
    awa.change_mind(undo)
    assert await left("il y a quelqu'un ?") == "il y a quelqu'un ?"


async def test_a_request_that_is_opened_again_without_an_answer_goes_on(awa, left):
    await left(ASKS)
    awa.close("nothing")
    awa.change_mind(reopen)
    assert await left("il y a quelqu'un ?") == "il y a quelqu'un ?"


async def test_the_words_under_a_picture_stay_though_the_request_is_over(awa, left):
    shown = await left("ma main", kind="photo", media="file-1")
    assert shown == "ma main"
    awa.close()
    assert await left("je suis à Daloa") is None
    assert await left("ma main", kind="photo", media="file-2") == "ma main"


async def test_what_is_written_to_a_colleague_who_has_come_by_themselves_stays(awa, left):
    awa.take_over()
    assert await left("je suis à Soubré") == "je suis à Soubré"
    awa.hand_back()
    assert await left("je suis à Daloa") is None


async def test_a_colleague_who_comes_back_reads_what_is_written_to_them(awa, left):
    await left(ASKS)
    awa.take_over()
    awa.write("Bonjour, je lis.")
    awa.hand_back()
    awa.take_over()
    assert await left("je suis à Soubré") == "je suis à Soubré"


async def test_a_colleague_who_comes_before_the_turn_reads_what_they_came_for(desk, awa, left):
    assert await left("je suis à Soubré", worker_is_dead=True) is None
    desk.take_in(desk.message(STRANGER, "et mon frère aussi"))
    awa.take_over()
    await desk.turns.run_waiting()
    assert desk.messages[-1].text == "et mon frère aussi"
