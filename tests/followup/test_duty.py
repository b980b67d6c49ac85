"""Who is there for what: the rota, and the roles where it names nobody."""

from datetime import date, datetime, timedelta, timezone

import pytest
from sqlalchemy import update

from bot.db.tables import staff, structure
from bot.followup import duty
from bot.followup.days_off import add_leave
from tests.made_up import WEEKDAYS, make_member, make_structure

EVENINGS = dict.fromkeys(WEEKDAYS, ("17:00", "22:00"))
HOUR = timedelta(hours=1)


@pytest.fixture
def home(connection):
    return make_structure(connection, on_call_hours=EVENINGS)


@pytest.fixture
def serge(connection, home):
    return make_member(connection, home, "on_call", "Serge")


@pytest.fixture
def evening(now):
    return now.replace(hour=20)


@pytest.fixture
def night(now):
    return now.replace(hour=23)


def _names(rows):
    return [row.shown_name for row in rows]


def test_within_the_on_call_hours_whoever_has_the_role_is_called(
    connection, home, serge, now, evening, night
):
    assert _names(duty.members_on(connection, "on_call", evening)) == ["Serge"]
    assert _names(duty.members_on(connection, "on_call", now)) == ["Serge"]
    assert duty.members_on(connection, "on_call", night) == []
    states = [duty.duty_now(connection, home, at).duty for at in (now, evening, night)]
    assert states == ["duty", "on_call", "nobody"]


def test_hours_without_anybody_to_call_are_nobodys(connection, home, evening):
    assert duty.duty_now(connection, home, evening).duty == "nobody"


def test_whom_the_rota_names_is_called_in_place_of_the_role(
    connection, home, serge, evening, night
):
    awa = make_member(connection, home)
    duty.plan_shift(connection, awa, "on_call", evening, night + HOUR)
    assert _names(duty.members_on(connection, "on_call", evening)) == ["Awa"]
    assert duty.duty_now(connection, home, night).duty == "on_call"
    assert duty.duty_now(connection, home, night + HOUR).duty == "nobody"


def test_who_has_left_is_not_called(connection, home, serge, evening):
    connection.execute(update(staff).values(active=False))
    assert duty.members_on(connection, "on_call", evening) == []


def test_each_structure_has_its_own_rota(connection, home, serge, evening):
    elsewhere = make_structure(connection, "Centre Autre", on_call_hours=EVENINGS)
    ruth = make_member(connection, elsewhere, "on_call", "Ruth")
    duty.plan_shift(connection, ruth, "on_call", evening, evening + HOUR)
    assert _names(duty.members_on(connection, "on_call", evening)) == ["Serge", "Ruth"]
    here = structure.c.id == home.id
    assert _names(duty.members_on(connection, "on_call", evening, here)) == ["Serge"]


def test_supervisors_and_focal_points_stand_in_at_any_hour(connection, home, night):
    make_member(connection, home, "supervisor", "Clarisse")
    make_member(connection, home, "focal_point", "Fanta")
    assert _names(duty.members_on(connection, "supervisor", night)) == ["Clarisse"]
    assert _names(duty.members_on(connection, "focal_point", night)) == ["Fanta"]


def test_a_shift_has_a_duty_and_a_length(connection, serge, now):
    for name, ends_at in (("cleaning", now + HOUR), ("on_call", now)):
        with pytest.raises(duty.RotaRefused):
            duty.plan_shift(connection, serge, name, now, ends_at)


def test_the_rota_lists_what_has_not_ended_and_lets_go_of_its_own(connection, home, serge, now):
    duty.plan_shift(connection, serge, "on_call", now - 2 * HOUR, now - HOUR)
    later = duty.plan_shift(connection, serge, "on_call", now + HOUR, now + 2 * HOUR)
    running = duty.plan_shift(connection, serge, "supervisor", now - HOUR, now + HOUR)
    listed = duty.coming_shifts(connection, home.id, now)
    assert [(row.id, row.shown_name) for row in listed] == [(running, "Serge"), (later, "Serge")]
    elsewhere = make_structure(connection, "Centre Autre")
    duty.remove_shift(connection, elsewhere.id, later)
    duty.remove_shift(connection, home.id, running)
    assert [row.id for row in duty.coming_shifts(connection, home.id, now)] == [later]


def test_who_is_on_leave_is_not_called_whatever_the_rota_says(
    connection, home, serge, now, evening
):
    awa = make_member(connection, home)
    duty.plan_shift(connection, awa, "on_call", evening - HOUR, evening + HOUR)
    add_leave(connection, awa, now.date(), now.date())
    assert _names(duty.members_on(connection, "on_call", evening)) == ["Serge"]
    add_leave(connection, serge, now.date(), now.date() + timedelta(days=1))
    assert duty.members_on(connection, "on_call", evening) == []
    assert duty.duty_now(connection, home, evening).duty == "nobody"
    tomorrow = evening + timedelta(days=1)
    assert duty.duty_now(connection, home, tomorrow).duty == "nobody"
    assert duty.duty_now(connection, home, tomorrow + timedelta(days=1)).duty == "on_call"


def test_nobody_is_there_when_all_who_take_cases_are_on_leave(connection, home, serge, now):
    awa = make_member(connection, home)
    make_member(connection, home, "administrator", "Ines")
    add_leave(connection, awa, now.date(), now.date())
    assert duty.duty_now(connection, home, now).duty == "duty"
    add_leave(connection, serge, now.date(), now.date())
    assert duty.duty_now(connection, home, now).duty == "nobody"
    assert duty.duty_now(connection, home, now + timedelta(days=1)).duty == "duty"


def test_a_day_of_leave_is_the_structures_own_day(connection):
    far = make_structure(connection, "Centre Lointain", timezone="Africa/Nairobi")
    juma = make_member(connection, far, shown_name="Juma")
    add_leave(connection, juma, date(2026, 11, 26), date(2026, 11, 26))
    # Three hours ahead of UTC.
    late = datetime(2026, 11, 25, 22, tzinfo=timezone.utc)
    assert duty.present_members(connection, late, staff.c.id == juma.id) == []
    next_night = late + timedelta(days=1)
    assert _names(duty.present_members(connection, next_night, staff.c.id == juma.id)) == ["Juma"]
