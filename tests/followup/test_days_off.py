"""Closed days and leave, and what they mean for what is promised."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.db.tables import structure
from bot.followup import days_off
from bot.followup.duty import duty_now, promise_by
from bot.followup.hours import answer_by, duty_state
from tests.made_up import make_member, make_structure

CHRISTMAS = date(2026, 12, 25)


def _again(connection, home):
    return connection.execute(select(structure).where(structure.c.id == home.id)).one()


def test_a_structure_is_closed_and_opened_again(connection, home, now):
    today = now.date()
    days_off.close_days(connection, home.id, today, today + timedelta(days=1), " Fête ")
    closed = _again(connection, home)
    assert duty_state(closed, now).duty == "nobody"
    assert answer_by(closed, now).date() == date(2026, 11, 27)
    assert [day for day, _ in days_off.coming_closed_days(closed, today)] == [
        today,
        today + timedelta(days=1),
    ]
    days_off.open_days(connection, home.id, today, today)
    assert duty_state(_again(connection, home), now).duty == "duty"


def test_days_that_are_over_are_not_listed(connection, home):
    days_off.close_days(connection, home.id, CHRISTMAS, CHRISTMAS, "Noël")
    closed = _again(connection, home)
    assert days_off.coming_closed_days(closed, CHRISTMAS) == [(CHRISTMAS, "Noël")]
    assert days_off.coming_closed_days(closed, CHRISTMAS + timedelta(days=1)) == []


@pytest.mark.parametrize("length", [-1, 31, 400])
def test_days_that_end_too_early_or_too_late_are_refused(connection, home, awa, length):
    last = CHRISTMAS + timedelta(days=length)
    with pytest.raises(days_off.DaysRefused):
        days_off.close_days(connection, home.id, CHRISTMAS, last, "Noël")
    if length != 31:
        with pytest.raises(days_off.DaysRefused):
            days_off.add_leave(connection, awa, CHRISTMAS, last)


def test_leave_is_listed_and_taken_back_by_its_own_structure(connection, home, awa):
    elsewhere = make_structure(connection, "Centre Autre")
    leave = days_off.add_leave(connection, awa, CHRISTMAS, CHRISTMAS)
    days_off.remove_leave(connection, elsewhere.id, leave)
    (row,) = days_off.coming_leave(connection, home.id, CHRISTMAS)
    assert row.shown_name == "Awa"
    assert days_off.coming_leave(connection, home.id, CHRISTMAS + timedelta(days=1)) == []
    days_off.remove_leave(connection, home.id, leave)
    assert days_off.coming_leave(connection, home.id, CHRISTMAS) == []


def test_days_on_which_all_are_away_are_found(connection, home, awa):
    sita = make_member(connection, home, shown_name="Sita")
    thursday, friday, sunday = (date(2026, 11, day) for day in (26, 27, 29))
    days_off.add_leave(connection, awa, thursday, sunday)
    assert days_off.days_without_anybody(connection, home, thursday) == []
    days_off.add_leave(connection, sita, friday, sunday)
    assert days_off.days_without_anybody(connection, home, thursday) == [friday]
    days_off.close_days(connection, home.id, friday, friday, "Congés")
    assert days_off.days_without_anybody(connection, _again(connection, home), thursday) == []


def test_nothing_is_promised_for_days_on_which_all_are_away(connection, home, awa, now):
    # It is Wednesday, 25 November.
    sita = make_member(connection, home, shown_name="Sita")
    today, friday, monday = now.date(), date(2026, 11, 27), date(2026, 11, 30)
    days_off.add_leave(connection, awa, today, monday)
    assert promise_by(connection, home, now).date() == today
    days_off.add_leave(connection, sita, today, friday)
    # The weekend is closed, and on Monday Sita is back: by then the first hour is over.
    assert f"{promise_by(connection, home, now):%d %H:%M}" == "30 09:00"
    assert duty_now(connection, home, now).next_opening.date() == monday
    assert promise_by(connection, home, now - timedelta(days=1)).date() == date(2026, 11, 24)


def test_leave_of_another_structure_moves_no_date(connection, home, awa, now):
    elsewhere = make_structure(connection, "Centre Autre")
    days_off.add_leave(
        connection, make_member(connection, elsewhere, shown_name="Ruth"), now.date(), now.date()
    )
    assert promise_by(connection, home, now).date() == now.date()
    assert promise_by(connection, elsewhere, now).date() == date(2026, 11, 26)


def test_leave_that_is_near_is_told_as_one(connection, home, awa):
    monday = date(2026, 11, 30)
    days = [monday + timedelta(days=n) for n in range(40)]
    members = [awa, *(make_member(connection, home, shown_name=name) for name in ("Sita", "Ruth"))]
    _, sita, ruth = members
    days_off.add_leave(connection, awa, days[0] - timedelta(days=3), days[1])
    days_off.add_leave(connection, awa, days[2], days[4])
    days_off.add_leave(connection, awa, days[20], days[21])
    days_off.add_leave(connection, sita, days[7], days[8])
    days_off.add_leave(connection, ruth, days[8], days[9])
    days_off.add_leave(connection, ruth, days[0] - timedelta(days=9), days[0] - timedelta(days=1))
    assert days_off.leave_near(connection, members, monday) == {
        awa.id: (days[0] - timedelta(days=3), days[4]),
        sita.id: (days[7], days[8]),
    }
