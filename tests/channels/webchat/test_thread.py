"""What a browser shows is the conversation, in order, and nothing of anybody else."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import Inbound
from bot.channels.webchat.thread import Cursor, Thread, read_thread, receipts_of
from bot.followup.conversations import change, find
from tests.channels.webchat.desk import Desk
from tests.made_up import make_structure

ME = "demo-me"


class Clock:
    """A clock that a test moves."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


@pytest.fixture
def desk(database, clock: Clock) -> Desk:
    with database.write() as connection:
        make_structure(connection, visible_name="Infos école et formation")
    return Desk(database, clock)


def _read(desk: Desk, seen: Cursor | None = None, address: str = ME) -> Thread:
    with desk.database.read() as connection:
        return read_thread(connection, address, seen or Cursor())


def _texts(thread: Thread) -> list[str | None]:
    return [entry.text for entry in thread.entries]


async def _write(desk: Desk, text: str, address: str = ME) -> int:
    await desk("webchat", [Inbound(f"{address}-{desk.calls}", address, "text", desk.clock(), text)])
    return desk.written(address)[-1].id


async def test_both_sides_are_shown_in_the_order_they_came(desk):
    await _write(desk, "slt")
    desk.answer(ME, "Bonjour 👋")
    await _write(desk, "cv")
    desk.answer(ME, "Bien.")
    desk.answer("demo-other", "Pas pour moi")
    thread = _read(desk)
    assert _texts(thread) == ["slt", "Bonjour 👋", "cv", "Bien."]
    assert [entry.own for entry in thread.entries] == [True, False, True, False]
    assert thread.visible_name == "Infos école et formation"
    assert len({entry.key for entry in thread.entries}) == 4


def test_somebody_who_never_wrote_has_an_empty_thread(desk):
    assert _read(desk).entries == ()


@pytest.mark.parametrize("state", ["queued", "held", "cancelled", "failed"])
def test_what_did_not_leave_is_not_shown(desk, state):
    desk.answer(ME, "Bonjour", state=state)
    assert _read(desk).entries == ()


async def test_a_text_that_was_not_kept_leaves_its_place(desk):
    await _write(desk, "je m'appelle Koffi")
    desk.forget(desk.written(ME)[0])
    assert _texts(_read(desk)) == [None]


async def test_a_question_can_be_answered_until_the_person_writes(desk):
    await _write(desk, "slt")
    desk.answer(ME, "On garde tes messages ?", "Oui", "Non")
    (question,) = [entry for entry in _read(desk).entries if not entry.own]
    assert [choice.title for choice in question.choices] == ["Oui", "Non"]
    await _write(desk, "oui")
    assert all(not entry.choices for entry in _read(desk).entries)


async def test_a_message_was_read_once_something_answers_it(desk):
    inbox_id = await _write(desk, "slt")
    desk.answer(ME, "Rappel : rendez-vous demain.")
    assert [entry.answered for entry in _read(desk).entries] == [False, False]
    desk.answer(ME, "Bonjour", in_reply_to=inbox_id)
    assert _read(desk).entries[0].answered
    await _write(desk, "merci")
    assert not _read(desk).entries[-1].answered
    desk.answer(ME, "Awa, une personne : avec plaisir", author="staff")
    assert all(entry.answered for entry in _read(desk).entries if entry.own)


async def test_what_was_erased_is_shown_no_more_even_before_the_order_is_sent(desk):
    await _write(desk, "mon oncle me frappe")
    desk.answer(ME, "Merci de ton message.")
    desk.answer(ME, "", kind="erase", state="queued")
    desk.answer(ME, "👋")
    await _write(desk, "slt")
    assert _texts(_read(desk)) == ["👋", "slt"]


async def test_from_its_cursor_a_browser_misses_nothing_and_gets_little_again(desk, clock):
    await _write(desk, "hier")
    clock.now += timedelta(hours=20)
    await _write(desk, "slt")
    seen = _read(desk).cursor
    clock.now += timedelta(hours=1)
    desk.answer(ME, "Bonjour")
    again = _read(desk, seen)
    # A row of the last minute comes again: it may have been committed late.
    assert _texts(again) == ["slt", "Bonjour"]
    clock.now += timedelta(hours=1)
    desk.answer(ME, "Une réponse")
    assert _texts(_read(desk, again.cursor)) == ["Bonjour", "Une réponse"]


def test_a_reply_committed_late_is_not_missed(desk, clock):
    desk.answer(ME, "deux")
    seen = _read(desk).cursor
    clock.now -= timedelta(seconds=30)
    desk.answer(ME, "un")
    assert _texts(_read(desk, seen)) == ["un", "deux"]


async def test_after_an_erasure_a_browser_gets_all_that_is_left(desk, clock):
    await _write(desk, "slt")
    desk.answer(ME, "", kind="erase")
    desk.answer(ME, "👋")
    clock.now += timedelta(hours=1)
    thread = _read(desk, Cursor(clock.now, erasure=0))
    assert _texts(thread) == ["👋"]
    assert thread.cursor.erasure != 0


def test_a_thread_is_in_the_language_of_its_conversation(desk):
    assert _read(desk).language == "fr"
    desk.answer(ME, "Hello")
    with desk.database.write() as connection:
        talk = find(connection, "webchat", ME)
        assert talk is not None
        change(connection, talk.id, language="en")
    assert _read(desk).language == "en"


def test_hours_are_those_of_the_structure(desk, clock):
    clock.now = datetime(2026, 7, 14, 23, 59, 59, tzinfo=timezone.utc)
    desk.answer(ME, "Bonne nuit")
    (entry,) = _read(desk).entries
    assert (entry.clock, entry.at.day) == ("00:00", 15)


def test_receipts_are_only_of_ones_own_replies(desk):
    own, others = desk.answer(ME, "Bonjour"), desk.answer("demo-other", "Bonjour")
    with desk.database.read() as connection:
        assert receipts_of(connection, ME, [own, others, "x"]) == [own]
        assert receipts_of(connection, "demo-nobody", [own]) == []


@given(st.datetimes(datetime(1970, 1, 1), datetime(2999, 1, 1)), st.integers(0, 2**31))
def test_a_cursor_survives_being_written_down(at, erasure):
    cursor = Cursor(at.replace(tzinfo=timezone.utc), erasure)
    assert Cursor.parse(str(cursor)) == cursor


@given(st.text())
def test_a_cursor_that_cannot_be_read_means_nothing_was_seen(text):
    assert Cursor.parse(f"x{text}") == Cursor()


@pytest.mark.parametrize("text", ["", "1", "1.", "9" * 40 + ".0", "-1.-1x"])
def test_a_broken_cursor_means_nothing_was_seen(text):
    assert Cursor.parse(text) == Cursor()
