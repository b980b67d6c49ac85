"""Whom an alert climbs to while nobody takes it, by a clock that the test sets."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from bot.db.tables import alert_notice, outbox, staff, staff_chat
from bot.followup import cases, closing, conversations, duty, ladder
from bot.followup.access import NotAllowed
from bot.followup.alerts import get_alert, history, list_alerts
from bot.followup.days_off import add_leave
from tests.made_up import WEEKDAYS, make_conversation, make_member, make_person, make_structure

MINUTE = timedelta(minutes=1)
EVENINGS = dict.fromkeys(WEEKDAYS, ("17:00", "22:00"))


class Team:
    """A structure with one member on each level, each with a chat, and a boy whom Awa follows."""

    def __init__(self, connection, now):
        self.connection, self.now = connection, now
        self.home = make_structure(connection, on_call_hours=EVENINGS)
        self.awa = self.employ("social_worker", "Awa")
        self.serge = self.employ("on_call", "Serge")
        self.clarisse = self.employ("supervisor", "Clarisse")
        self.fanta = self.employ("focal_point", "Fanta")
        self.boy = make_person(connection, self.home, worker_id=self.awa.id)
        self.talk = make_conversation(connection, self.boy, unanswered_since=now)

    def employ(self, role, name, home=None, chats=1):
        member = make_member(self.connection, home or self.home, role, name)
        for number in range(chats):
            address = f"{name}-{number}"
            self.connection.execute(
                insert(staff_chat).values(
                    staff_id=member.id,
                    channel="telegram",
                    address=address,
                    address_index=address,
                    linked_at=self.now,
                )
            )
        return member

    def flag(self, severity="critical", talk=None, **values):
        return cases.open_alert(
            self.connection,
            **{
                "kind": "red_flag",
                "category": "violence",
                "severity": severity,
                "talk": conversations.get_conversation(self.connection, (talk or self.talk).id),
                "now": self.now,
                **values,
            },
        )

    def wait(self, minutes=0):
        """Let time pass; return who is told then."""
        self.now += minutes * MINUTE
        steps = ladder.climb_due(self.connection, self.now)
        return [notice.member.shown_name for step in steps for notice in step.notices]

    def notice(self, alert_id, member):
        query = select(alert_notice).where(
            alert_notice.c.alert_id == alert_id, alert_notice.c.staff_id == member.id
        )
        return self.connection.execute(query.order_by(alert_notice.c.id.desc())).first()

    def press(self, verb, alert_id, member):
        notice = self.notice(alert_id, member)
        if verb == "take":
            return ladder.take(self.connection, notice, member, self.now)
        return ladder.decline(self.connection, notice, self.now)


@pytest.fixture
def team(connection, now):
    return Team(connection, now)


@pytest.fixture
def evening(connection, now):
    return Team(connection, now.replace(hour=20))


@pytest.fixture
def night(connection, now):
    return Team(connection, now.replace(hour=23))


def _verbs(team, alert_id):
    return [event.verb for event in history(team.connection, alert_id)]


def test_worker_then_on_call_then_supervisor_then_again(team):
    team.flag()
    assert team.wait() == ["Awa"]
    assert team.wait(4) == []
    assert team.wait(1) == ["Serge"]
    assert team.wait(9) == []
    assert team.wait(1) == ["Clarisse"]
    assert team.wait(15) == ["Clarisse"]


def test_a_worker_on_leave_is_passed_over_at_once(team):
    today = team.now.date()
    add_leave(team.connection, team.awa, today, today)
    team.flag()
    assert team.wait() == ["Serge"]
    add_leave(team.connection, team.serge, today, today)
    team.flag(category="fear")
    assert team.wait() == ["Clarisse"]


def test_what_is_high_climbs_more_slowly_and_what_is_normal_not_at_all(team):
    team.flag("high")
    team.flag("normal", category="fear")
    assert team.wait() == ["Awa"]
    assert team.wait(29) == []
    assert team.wait(1) == ["Serge"]
    assert team.wait(30) == ["Clarisse"]


def test_a_level_without_anybody_is_passed_over_at_once(team):
    team.connection.execute(
        update(staff).where(staff.c.id.in_((team.awa.id, team.serge.id))).values(active=False)
    )
    team.flag()
    assert team.wait() == ["Clarisse"]


def test_out_of_hours_who_is_on_call_is_told_at_once_and_another_within_15_minutes(evening):
    evening.flag()
    assert evening.wait() == ["Awa", "Serge"]
    assert evening.wait(14) == []
    assert evening.wait(1) == ["Clarisse"]


def test_a_critical_alert_with_nobody_on_duty_goes_to_all_supervisors(night):
    night.employ("supervisor", "Marius")
    night.flag()
    (step,) = ladder.climb_due(night.connection, night.now)
    names = [notice.member.shown_name for notice in step.notices]
    assert (step.cause, names) == ("nobody", ["Awa", "Clarisse", "Marius"])
    assert night.wait(15) == ["Clarisse", "Marius"]


def test_with_no_supervisor_either_a_cry_for_help_reaches_all_case_staff(night):
    night.connection.execute(
        update(staff).where(staff.c.role != "focal_point").values(active=False)
    )
    night.flag()
    assert night.wait() == ["Fanta"]


def test_what_is_not_critical_wakes_nobody_and_goes_on_in_the_morning(night):
    night.flag("high")
    assert night.wait() == ["Awa"]
    assert night.wait(8 * 60 + 30) == []  # 8 h
    assert night.wait(30) == ["Serge"]


def test_whom_the_rota_names_is_told_in_place_of_the_role(night):
    sita = night.employ("social_worker", "Sita")
    duty.plan_shift(night.connection, sita, "on_call", night.now, night.now + 60 * MINUTE)
    night.flag()
    assert night.wait() == ["Awa", "Sita"]


def test_taking_it_stops_the_ladder_and_an_answer_ends_it(team):
    made = team.flag()
    team.wait()
    assert team.press("take", made, team.awa)
    assert team.wait(9) == []
    conversations.change(team.connection, team.talk.id, unanswered_since=None)
    assert team.wait(60) == []
    assert get_alert(team.connection, team.awa, made).state == "acknowledged"


def test_an_answer_that_is_followed_by_another_message_was_one(team):
    made = team.flag()
    team.wait()
    team.press("take", made, team.awa)
    team.connection.execute(
        insert(outbox).values(
            conversation_id=team.talk.id,
            author="staff",
            staff_id=team.awa.id,
            kind="text",
            text="bonjour",
            priority=1,
            state="sent",
            restricted=False,
            attempts=1,
            due_at=team.now,
            created_at=team.now,
        )
    )
    conversations.change(team.connection, team.talk.id, unanswered_since=team.now)
    assert team.wait(10) == []


def test_a_note_is_something_too(team):
    made = team.flag()
    team.wait()
    team.press("take", made, team.awa)
    cases.note(team.connection, team.awa, made, "je suis au téléphone", team.now)
    assert team.wait(60) == []


def test_without_an_answer_in_ten_minutes_the_others_are_told_again(team):
    made = team.flag()
    team.wait()
    team.press("take", made, team.awa)
    assert team.wait(9) == []
    assert team.wait(1) == ["Serge"]
    assert get_alert(team.connection, team.awa, made).state == "open"
    assert "lapsed" in _verbs(team, made)
    assert team.wait(10) == ["Clarisse"]


def test_what_was_promised_before_the_claim_is_no_answer(team):
    """The person writes once more after the claim: the first message is still unanswered."""
    made = team.flag()
    team.wait()
    team.press("take", made, team.awa)
    team.flag("high")
    assert team.wait(10) == ["Serge"]


def test_the_first_of_two_has_it(team):
    made = team.flag()
    team.wait()
    team.wait(5)
    assert team.press("take", made, team.serge)
    assert not team.press("take", made, team.awa)
    assert get_alert(team.connection, team.awa, made).assigned_to == team.serge.id


def test_once_all_who_were_asked_are_not_available_the_next_is_told_at_once(team):
    sam = team.employ("on_call", "Sam", chats=2)
    made = team.flag()
    team.wait()
    team.press("decline", made, team.awa)
    assert sorted(team.wait()) == ["Sam", "Sam", "Serge"]
    team.press("decline", made, sam)
    assert team.wait() == []
    team.press("decline", made, team.serge)
    assert team.wait() == ["Clarisse"]
    assert _verbs(team, made).count("unavailable") == 3


def test_who_has_no_chat_is_told_in_the_console_and_may_see_it(team):
    sam = team.employ("on_call", "Sam", chats=0)
    made = team.flag()
    team.wait()
    assert team.wait(5) == ["Serge", "Sam"]
    assert team.notice(made, sam).staff_chat_id is None


def test_becoming_critical_begins_at_the_foot_again(team):
    made = team.flag("high")
    team.wait()
    team.press("take", made, team.awa)
    team.flag("critical")
    assert team.wait() == ["Awa"]
    assert team.wait(5) == ["Serge"]


def test_escalating_and_giving_away_tell_at_once(team):
    sita = team.employ("social_worker", "Sita")
    made = team.flag()
    team.wait()
    cases.assign(team.connection, team.awa, made, sita.id, team.now)
    assert team.wait() == ["Sita"]
    cases.escalate(team.connection, sita, made, team.now)
    assert team.wait() == ["Serge"]
    cases.escalate(team.connection, sita, made, team.now)
    assert team.wait() == ["Clarisse"]


def test_what_is_closed_tells_nobody(team):
    made = team.flag()
    team.wait()
    closing.resolve(team.connection, team.awa, made, "false_alarm", team.now)
    assert team.wait(60) == []
    closing.reopen(team.connection, team.awa, made, team.now)
    assert team.wait() == ["Awa"]


def test_a_stranger_has_no_worker_and_reaches_the_staff_of_all_structures(team):
    elsewhere = make_structure(team.connection, "Centre Autre")
    team.employ("on_call", "Ruth", elsewhere)
    stranger = make_conversation(team.connection)
    team.flag(talk=stranger)
    assert team.wait() == ["Serge", "Ruth"]


class TestComplaints:
    """A complaint about staff climbs out of the structure (safeguarding 15)."""

    @pytest.fixture
    def other(self, team):
        other = make_structure(team.connection, "Centre Autre")
        team.ruth = team.employ("focal_point", "Ruth", other)
        team.marius = team.employ("supervisor", "Marius", other)
        return other

    def test_focal_point_then_the_second_then_a_supervisor_outside(self, team, other):
        team.flag(restricted=True, kind="staff_complaint")
        assert team.wait() == ["Fanta"]
        assert team.wait(15) == ["Ruth"]
        assert team.wait(15) == ["Marius"]
        assert team.wait(15) == ["Marius"]

    def test_it_never_reaches_the_structures_own_staff(self, night):
        night.connection.execute(
            update(staff).where(staff.c.role == "focal_point").values(active=False)
        )
        night.flag(restricted=True, kind="staff_complaint")
        assert night.wait() == []
        assert night.wait(60) == []

    def test_whoever_was_told_may_see_and_take_it_and_nobody_else(self, team, other):
        made = team.flag(restricted=True, kind="staff_complaint", talk=team.talk)
        team.wait()
        team.wait(15)
        assert [row.id for row in list_alerts(team.connection, team.ruth)] == [made]
        with pytest.raises(NotAllowed):
            get_alert(team.connection, team.marius, made)
        team.wait(15)
        assert team.press("take", made, team.marius)
        for member in (team.awa, team.clarisse):
            assert list_alerts(team.connection, member) == []

    def test_a_strangers_stays_with_the_focal_points(self, team, other):
        team.flag(restricted=True, kind="staff_complaint", talk=make_conversation(team.connection))
        for _ in range(4):
            assert team.wait(15) == ["Fanta", "Ruth"]


def test_two_clocks_tell_once(database, now):
    with database.write() as connection:
        team = Team(connection, now)
        team.flag()
    with database.write() as first:
        assert len(ladder.climb_due(first, now)) == 1
        if not database.is_sqlite:
            with database.write() as second:
                assert ladder.climb_due(second, now) == []
    with database.write() as third:
        assert ladder.climb_due(third, now) == []
