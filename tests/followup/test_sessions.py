"""Sessions: how long they live, how they are ended, and the PIN of a trusted phone."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.db.tables import staff_session
from bot.followup import sessions
from bot.followup.sessions import IDLE_LIMIT, MAXIMUM_PINS, PIN_AFTER, TRUSTED_FOR
from tests.made_up import make_member

PIN = "402817"
A_MINUTE = timedelta(minutes=1)


def _live(connection, token, now):
    session = sessions.find_session(connection, token, now)
    assert session is not None
    return session


def _trusted(connection, awa, now):
    token = sessions.start_session(connection, awa.id, now)
    sessions.trust_phone(connection, _live(connection, token, now).id, PIN, now)
    return token


def test_a_session_knows_its_member_until_it_ends(connection, awa, now):
    token = sessions.start_session(connection, awa.id, now)
    session = _live(connection, token, now)
    assert session.member.id == awa.id
    assert session.member.timezone == "Africa/Abidjan"
    assert session.wants is None
    assert sessions.find_session(connection, "another token", now) is None
    sessions.end_session(connection, token)
    assert sessions.find_session(connection, token, now) is None


def test_tokens_and_pins_are_stored_in_no_readable_form(connection, awa, now):
    token = _trusted(connection, awa, now)
    stored = connection.execute(select(staff_session)).one()
    assert token not in tuple(stored)
    assert stored.pin_hash.startswith("$argon2id$")


def test_an_hour_without_a_sign_of_life_ends_a_session(connection, awa, now):
    token = sessions.start_session(connection, awa.id, now)
    half = now + IDLE_LIMIT / 2
    sessions.touch_session(connection, _live(connection, token, half), half)
    assert sessions.find_session(connection, token, now + IDLE_LIMIT) is not None
    assert sessions.find_session(connection, token, half + IDLE_LIMIT) is None


def test_signing_in_clears_away_sessions_that_are_over(connection, awa, now):
    sessions.start_session(connection, awa.id, now)
    _trusted(connection, awa, now)
    sessions.start_session(connection, awa.id, now + IDLE_LIMIT)
    assert len(connection.execute(select(staff_session)).all()) == 2
    sessions.start_session(connection, awa.id, now + TRUSTED_FOR)
    assert len(connection.execute(select(staff_session)).all()) == 1


def test_a_trusted_phone_stays_for_twelve_hours_behind_its_pin(connection, awa, now):
    token = _trusted(connection, awa, now)
    assert _live(connection, token, now + PIN_AFTER - A_MINUTE).wants is None
    late = now + TRUSTED_FOR - A_MINUTE
    waiting = _live(connection, token, late)
    assert waiting.wants == "pin"
    assert sessions.try_pin(connection, waiting.id, PIN, late)
    assert _live(connection, token, late).wants is None
    # However often it was used: the password is asked once a day of work.
    assert sessions.find_session(connection, token, now + TRUSTED_FOR) is None


def test_the_fifth_wrong_pin_ends_the_session(connection, awa, now):
    token = _trusted(connection, awa, now)
    late = now + PIN_AFTER
    number = _live(connection, token, late).id
    for _ in range(MAXIMUM_PINS - 1):
        assert not sessions.try_pin(connection, number, "000000", late)
    assert _live(connection, token, late).wants == "pin"
    assert not sessions.try_pin(connection, number, "000000", late)
    assert sessions.find_session(connection, token, late) is None
    assert not sessions.try_pin(connection, number, PIN, late)


def test_the_right_pin_gives_all_tries_back(connection, awa, now):
    token = _trusted(connection, awa, now)
    number = _live(connection, token, now).id
    for _ in range(3):
        for _ in range(MAXIMUM_PINS - 1):
            sessions.try_pin(connection, number, "000000", now)
        assert sessions.try_pin(connection, number, PIN, now)


@pytest.mark.parametrize("pin", ["", "12345", "1234567", "abcdef", "111111", "123456", "987654"])
def test_a_pin_that_anybody_would_try_is_refused(connection, awa, now, pin):
    token = sessions.start_session(connection, awa.id, now)
    with pytest.raises(sessions.PinRefused):
        sessions.trust_phone(connection, _live(connection, token, now).id, pin, now)


def test_a_phone_that_is_trusted_no_more_idles_out_like_any_other(connection, awa, now):
    token = _trusted(connection, awa, now)
    sessions.forget_phone(connection, _live(connection, token, now).id)
    assert _live(connection, token, now + PIN_AFTER).wants is None
    assert sessions.find_session(connection, token, now + IDLE_LIMIT) is None


def test_a_session_that_waits_for_a_code_waits_ten_minutes(connection, awa, now):
    token = sessions.start_session(connection, awa.id, now, wants_code=True)
    waiting = _live(connection, token, now)
    assert waiting.wants == "code"
    assert sessions.find_session(connection, token, now + sessions.CODE_WITHIN) is None
    sessions.code_given(connection, waiting.id, now)
    assert _live(connection, token, now + sessions.CODE_WITHIN).wants is None


def test_a_code_counts_for_ten_minutes_and_for_as_long_as_it_is_used(connection, awa, now):
    token = sessions.start_session(connection, awa.id, now)
    assert not sessions.is_confirmed(_live(connection, token, now), now)
    sessions.code_given(connection, _live(connection, token, now).id, now)
    almost = now + sessions.CONFIRMED_FOR - A_MINUTE
    session = _live(connection, token, now)
    assert sessions.is_confirmed(session, almost)
    assert not sessions.is_confirmed(session, now + sessions.CONFIRMED_FOR)
    sessions.keep_confirmed(connection, session, almost)
    assert sessions.is_confirmed(_live(connection, token, almost), now + sessions.CONFIRMED_FOR)


def test_ones_sessions_are_listed_and_ended_one_by_one_or_all_at_once(connection, home, awa, now):
    sita = make_member(connection, home, shown_name="Sita")
    others = sessions.start_session(connection, sita.id, now)
    tokens = [
        sessions.start_session(connection, awa.id, now + n * A_MINUTE, device=f"Chrome {n}")
        for n in range(4)
    ]
    listed = sessions.sessions_of(connection, awa.id, now)
    assert [row.device for row in listed] == ["Chrome 3", "Chrome 2", "Chrome 1", "Chrome 0"]
    own = [_live(connection, token, now).id for token in tokens]
    sessions.end_one(connection, awa.id, own[0])
    sessions.end_one(connection, awa.id, _live(connection, others, now).id)
    assert sessions.find_session(connection, tokens[0], now) is None
    assert sessions.end_all(connection, awa.id, but=own[1]) == 2
    assert [row.id for row in sessions.sessions_of(connection, awa.id, now)] == [own[1]]
    assert _live(connection, others, now).member.id == sita.id
