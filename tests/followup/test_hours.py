"""When somebody is there, and what may be promised."""

from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from bot.followup.hours import answer_by, duty_state, next_opening
from tests.made_up import WEEKDAYS

NIGHTS = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("20:00", "06:00"))


def _structure(duty=WEEKDAYS, on_call=NIGHTS, zone="Africa/Abidjan", closed=()):
    return SimpleNamespace(
        duty_hours=duty,
        on_call_hours=on_call,
        timezone=zone,
        closed_days=dict.fromkeys(closed, "Fête"),
    )


def _on(day, clock):
    """Give a moment in the week of Monday 23 November 2026 (UTC is Abidjan's time)."""
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 11, 22, hour, minute, tzinfo=timezone.utc) + timedelta(days=day)


@pytest.mark.parametrize(
    ("day", "clock", "duty"),
    [
        (3, "08:00", "duty"),
        (3, "16:59", "duty"),
        (3, "17:00", "nobody"),
        (3, "20:00", "on_call"),
        (4, "05:59", "on_call"),
        (4, "06:00", "nobody"),
        (6, "03:00", "on_call"),  # Saturday: Friday's night still runs
        (6, "12:00", "nobody"),
        (1, "03:00", "nobody"),  # Monday: there was no Sunday night
    ],
)
def test_who_is_there(day, clock, duty):
    assert duty_state(_structure(), _on(day, clock)).duty == duty


def test_hours_are_those_of_the_structures_own_clock():
    structure = _structure(zone="Africa/Nairobi")  # three hours ahead of UTC
    state = duty_state(structure, _on(3, "14:30"))
    assert state.duty == "nobody"
    assert state.local_now.hour == 17
    assert state.next_opening == _on(4, "05:00")


@pytest.mark.parametrize(
    ("day", "clock", "promised"),
    [
        (3, "10:30", (3, "17:00")),
        (3, "16:00", (3, "17:00")),
        (3, "16:01", (4, "09:00")),  # too little of the day is left
        (3, "06:30", (3, "09:00")),
        (3, "21:10", (4, "09:00")),
        (5, "18:00", (8, "09:00")),  # Friday evening: Monday
    ],
)
def test_what_may_be_promised(day, clock, promised):
    assert answer_by(_structure(), _on(day, clock)) == _on(*promised)


def test_duty_over_midnight_ends_the_next_morning():
    structure = _structure(duty=NIGHTS, on_call={})
    assert answer_by(structure, _on(3, "23:00")) == _on(4, "06:00")
    assert answer_by(structure, _on(4, "02:00")) == _on(4, "06:00")
    assert answer_by(structure, _on(4, "05:30")) == _on(4, "21:00")


def test_the_whole_day_is_a_span_that_ends_where_it_starts():
    always = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), ("00:00", "00:00"))
    assert duty_state(_structure(duty=always), _on(7, "03:00")).duty == "duty"


def test_a_structure_without_hours_promises_nothing_sooner_than_a_day():
    local = _on(3, "10:00").astimezone(ZoneInfo("Africa/Abidjan"))
    assert next_opening({}, local) == _on(4, "10:00")


def test_a_structure_that_opens_once_a_week_opens_in_a_week():
    local = _on(3, "10:00").astimezone(ZoneInfo("Africa/Abidjan"))
    assert next_opening({"wed": ("08:00", "12:00")}, local) == _on(10, "08:00")


def test_on_a_closed_day_nobody_is_there_but_who_is_on_call():
    structure = _structure(closed=["2026-11-25"])
    assert duty_state(structure, _on(3, "10:00")).duty == "nobody"
    assert duty_state(structure, _on(3, "21:00")).duty == "on_call"
    assert duty_state(structure, _on(4, "10:00")).duty == "duty"


def test_no_answer_is_promised_for_a_closed_day():
    structure = _structure(closed=[f"2026-11-{day}" for day in range(25, 31)])
    assert answer_by(structure, _on(2, "16:30")) == _on(9, "09:00")
    assert answer_by(structure, _on(3, "10:00")) == _on(9, "09:00")
    assert duty_state(structure, _on(3, "10:00")).next_opening == _on(9, "08:00")


def test_a_night_that_began_before_a_closed_day_runs_to_its_end():
    structure = _structure(duty=NIGHTS, on_call={}, closed=["2026-11-25"])
    assert duty_state(structure, _on(3, "05:00")).duty == "duty"
    assert duty_state(structure, _on(3, "21:00")).duty == "nobody"
