"""Voice notes and pictures that people send: fetched once acknowledged, until it works or late."""

from datetime import timedelta

import pytest

from bot.channels.errors import Misconfigured, Retryable, TooLarge
from bot.db.tables import attachment
from bot.delivery.attachments import Fetcher

SOUND = b"OggS what was spoken"
JPEG = b"\xff\xd8\xff\xe0 what was taken"


@pytest.fixture
def fetcher(desk):
    return Fetcher(desk.database, {"telegram": desk.phone}, desk.clock)


@pytest.fixture
def speak(desk):
    """Give a function by which the boy speaks into his phone."""

    async def send(address, **values):
        return await desk.say(address, kind="voice", media="file-1", **values)

    return send


def _notes(desk):
    return desk.rows(attachment)


async def test_a_note_is_acknowledged_at_once_and_fetched_after(desk, boy, speak, fetcher):
    desk.phone.media["file-1"] = SOUND
    (said,) = await speak(boy)
    assert said.startswith("J'ai ton vocal.")
    (note,) = _notes(desk)
    assert (note.content, note.fetched_at) == (None, None)

    assert await fetcher.fetch_due() == 1

    (note,) = _notes(desk)
    assert (note.content, note.due_at, note.opened_at) == (SOUND, None, None)
    assert note.inbox_id == desk.messages[-1].id
    assert await fetcher.fetch_due() == 0


async def test_with_a_cry_for_help_written_under_it_it_is_fetched_too(desk, boy, speak, fetcher):
    desk.phone.media["file-1"] = SOUND
    await speak(boy, text="mon oncle me frappe chaque soir")

    assert await fetcher.fetch_due() == 1


async def test_a_text_has_no_sound_to_fetch(desk, boy):
    await desk.say(boy, "bonjour")

    assert _notes(desk) == []


@pytest.mark.parametrize("failure", [Retryable("500"), Misconfigured("400"), ValueError("bug")])
async def test_what_fails_is_tried_again_later(desk, boy, speak, fetcher, failure):
    desk.phone.media["file-1"] = failure
    await speak(boy)
    assert await fetcher.fetch_due() == 0
    assert await fetcher.fetch_due() == 0  # not at once

    desk.later(minutes=2)
    desk.phone.media["file-1"] = SOUND
    assert await fetcher.fetch_due() == 1
    (note,) = _notes(desk)
    assert (note.content, note.error, note.attempts) == (SOUND, None, 2)


async def test_one_phone_fills_no_disk_and_what_is_too_much_comes_the_next_day(desk, boy, fetcher):
    desk.phone.media["file-1"] = SOUND
    for _ in range(43):
        desk.take_in(desk.message(boy, kind="voice", media="file-1"))
    came = await fetcher.fetch_due()
    assert 40 <= came < 43

    desk.later(days=1, minutes=1)
    assert came + await fetcher.fetch_due() == 43
    assert all(note.content == SOUND for note in _notes(desk))


async def test_after_a_week_it_is_given_up(desk, boy, speak, fetcher):
    desk.phone.media["file-1"] = Misconfigured("404")
    await speak(boy)
    desk.later(days=8)
    await fetcher.fetch_due()

    (note,) = _notes(desk)
    assert (note.due_at, note.fetched_at, note.error) == (None, None, "404")


async def test_a_process_that_was_killed_leaves_it_to_the_next(desk, boy, speak, fetcher):
    desk.phone.media["file-1"] = SOUND
    await speak(boy)
    fetcher._claim()  # and never comes back
    assert await fetcher.fetch_due() == 0

    desk.later(minutes=2)
    assert await fetcher.fetch_due() == 1


async def test_a_channel_that_is_off_is_waited_for(desk, boy, speak):
    await speak(boy)
    off = Fetcher(desk.database, {}, desk.clock)
    assert await off.fetch_due() == 0
    (note,) = _notes(desk)
    assert note.error == "channel_off"
    assert note.due_at > desk.now + timedelta(seconds=1)


async def test_a_picture_is_acknowledged_given_to_a_person_and_fetched(desk, boy, fetcher):
    desk.phone.media["file-2"] = JPEG
    (said,) = await desk.say(boy, "mon cahier", kind="photo", media="file-2")
    assert said.startswith("C'est bien arrivé.")
    assert [(a.kind, a.severity) for a in desk.alerts] == [("voice", "high")]

    assert await fetcher.fetch_due() == 1

    (picture,) = _notes(desk)
    assert (picture.content, picture.media_type) == (JPEG, "image/jpeg")
    assert picture.inbox_id == desk.messages[-1].id


async def test_a_picture_with_a_cry_for_help_under_it_is_answered_and_fetched(desk, boy, fetcher):
    desk.phone.media["file-2"] = JPEG
    (crisis,) = await desk.say(boy, "mon oncle me frappe chaque soir", kind="photo", media="file-2")
    assert "116" in crisis
    assert await fetcher.fetch_due() == 1


async def test_what_is_too_large_is_not_asked_for_again(desk, boy, fetcher):
    desk.phone.media["film"] = TooLarge("file_too_big")
    await desk.say(boy, kind="photo", media="film")
    await fetcher.fetch_due()

    (film,) = _notes(desk)
    assert (film.due_at, film.error) == (None, "file_too_big")


async def test_what_carries_nothing_to_fetch_is_given_to_a_person_all_the_same(desk, boy):
    (said,) = await desk.say(boy, kind="photo")
    assert said.startswith("C'est bien arrivé.")
    assert [(a.kind, a.severity) for a in desk.alerts] == [("voice", "high")]
    assert _notes(desk) == []
