"""Who wrote to a person that has left is told so, once, and by when a person answers."""

from datetime import date, datetime, timezone

import pytest

from bot.db.tables import promise
from bot.delivery.staff_replies import announce_hand_back, announce_takeover, send_reply
from bot.followup import conversations
from bot.followup.days_off import add_leave
from bot.followup.staff import find_by_email
from bot.followup.typing import say_typing

CLOSED = "Je demande à une personne de te répondre. Il est 17 h 05 : réponse demain avant 9 h."
OPEN = "Je demande à une personne de te répondre : aujourd'hui avant 17 h."


class Worker:
    """Awa, who has the boy's conversation and answers from the console."""

    def __init__(self, desk, address):
        self._desk = desk
        with desk.database.write() as connection:
            self.member = find_by_email(connection, f"awa{address}@exemple.test")
        self._act(self._take)

    def write(self, text):
        self._act(lambda connection: send_reply(connection, *self._here(text)))

    def type(self):
        self._act(lambda connection: say_typing(connection, self.member, 1, self._desk.now))

    def hand_back(self):
        self._act(self._give)

    def go_on_leave(self, first, last):
        self._act(lambda connection: add_leave(connection, self.member, first, last))

    def _act(self, act):
        with self._desk.database.write() as connection:
            act(connection)

    def _here(self, *text):
        return (self.member, 1, *text, self._desk.wording, self._desk.now)

    def _take(self, connection):
        conversations.take_over(connection, self.member, 1)
        announce_takeover(connection, *self._here())

    def _give(self, connection):
        conversations.hand_back(connection, self.member, 1)
        announce_hand_back(connection, *self._here())


@pytest.fixture
def awa(desk, boy):
    return Worker(desk, boy)


@pytest.fixture
def say(desk, boy, awa):
    """Give a function by which the boy writes; it returns what the programme says to that."""

    async def say(text="tu es là ?", **values):
        heard = [each.replace("\u00a0", " ") for each in await desk.say(boy, text, **values)]
        return [each for each in heard if not each.startswith(("Awa900, une", "(programme)"))]

    return say


def _at(desk, hour, minute=0, day=25):
    desk.now = datetime(2026, 11, day, hour, minute, tzinfo=timezone.utc)


async def test_while_the_worker_answers_the_programme_says_nothing(desk, awa, say):
    desk.later(minutes=5)
    assert await say() == []
    awa.write("Je suis là.")
    desk.later(minutes=90)
    assert await say("merci") == []


async def test_after_hours_the_person_is_told_once_by_when_one_answers(desk, awa, say):
    _at(desk, 16, 30)
    awa.write("On en parle.")
    _at(desk, 17, 5)
    (told,) = await say()
    assert told.startswith(CLOSED)
    assert await say("il y a quelqu'un ?") == []
    (row,) = desk.rows(promise)
    assert row.due_at == datetime(2026, 11, 26, 9, tzinfo=timezone.utc)
    assert [alert.kind for alert in desk.alerts] == ["human_asked"]
    assert desk.talks[0].unanswered_since == desk.now
    assert desk.dialogue.heard == []  # the programme answers nothing in the worker's place


async def test_who_goes_on_writing_after_hours_is_there(desk, awa, say):
    _at(desk, 17, 0)
    awa.write("Je reste encore un peu.")
    _at(desk, 17, 5)
    assert await say() == []


async def test_who_is_writing_at_this_moment_is_there(desk, awa, say):
    _at(desk, 17, 5)
    awa.type()
    assert await say() == []


async def test_once_answered_it_is_told_again_when_the_worker_leaves_again(desk, awa, say):
    _at(desk, 17, 5)
    assert len(await say()) == 1
    _at(desk, 8, 30, day=26)
    awa.write("Me voilà.")
    assert [row.kept_at for row in desk.rows(promise)] == [desk.now]
    assert await say("bonjour") == []
    _at(desk, 20, 0, day=26)
    (told,) = await say()
    assert "Il est 20 h" in told


async def test_leave_that_has_begun_is_no_presence(desk, awa, say):
    awa.go_on_leave(date(2026, 11, 26), date(2026, 11, 30))
    _at(desk, 10, 0)
    awa.write("Bon courage.")
    _at(desk, 9, 0, day=26)
    (told,) = await say()
    # All who work there are away: the date is the first day on which somebody is back.
    assert "réponse avant mardi 1 décembre à 9 h" in told


async def test_who_lets_somebody_wait_is_not_there(desk, awa, say):
    assert await say() == []
    desk.later(minutes=29)
    assert await say("allo") == []
    desk.later(minutes=1)
    (told,) = await say("allo ?")
    assert told.startswith(OPEN)


async def test_who_has_not_written_for_long_is_not_there(desk, awa, say):
    _at(desk, 10, 30)
    awa.write("À plus tard.")
    desk.later(hours=2)
    (told,) = await say()
    assert told.startswith(OPEN)


async def test_a_voice_note_is_acknowledged_where_nobody_is_there_and_once(desk, awa, say):
    assert await say("", kind="voice", media="file-1") == []
    _at(desk, 17, 5)
    (told,) = await say("", kind="voice", media="file-2")
    assert told.startswith("J'ai ton vocal.")
    assert await say("", kind="voice", media="file-3") == []
    assert await say() == []


async def test_a_note_sent_to_who_was_there_does_not_count_as_told(desk, awa, say):
    assert await say("", kind="voice", media="file-1") == []
    desk.later(minutes=45)
    (told,) = await say()
    assert told.startswith("Ton message est déjà transmis. Réponse aujourd'hui avant 17 h.")


async def test_when_the_promised_moment_has_passed_a_new_one_is_told(desk, awa, say):
    _at(desk, 17, 5)
    assert len(await say()) == 1
    _at(desk, 9, 1, day=26)
    (told,) = await say()
    assert told.startswith(OPEN)


async def test_after_the_hand_back_the_programme_answers(desk, awa, say):
    awa.hand_back()
    desk.later(hours=3)
    assert await say("bonjour") == ["1: bonjour"]


async def test_a_complaint_about_a_colleague_is_sealed_and_not_announced_to_them(desk, awa, say):
    desk.dialogue.intents["la tantie du foyer nous insulte"] = "complain_staff"
    _at(desk, 17, 5)
    assert await say("la tantie du foyer nous insulte") == []
    assert [alert.kind for alert in desk.alerts] == ["staff_complaint"]
