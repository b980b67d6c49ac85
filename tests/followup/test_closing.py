"""How an alert ends, the decision on reporting, and taking an end back."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from bot.db.tables import outbox, promise
from bot.followup import cases, closing, conversations
from bot.followup.alerts import SEVERITIES, get_alert, history
from bot.followup.cases import REPORTABLE
from bot.followup.closing import Decision
from bot.followup.promises import keep_promises, make_promise, open_promise
from tests.made_up import make_conversation, make_member, make_person

NOT_REPORTED = Decision("not_reported", "déjà signalé par le centre")


@pytest.fixture
def talk(connection, home, now):
    someone = make_person(connection, home)
    return make_conversation(connection, someone, unanswered_since=now - timedelta(minutes=4))


def _flag(connection, talk, now, severity="high", category="fear", **values):
    return cases.open_alert(
        connection,
        **{
            "kind": "red_flag",
            "category": category,
            "severity": severity,
            "talk": conversations.get_conversation(connection, talk.id),
            "now": now,
            **values,
        },
    )


def _verbs(connection, alert_id):
    return [event.verb for event in history(connection, alert_id)]


def _decided(connection, alert_id):
    found = closing.decision_of(connection, alert_id)
    return None if found is None else (found.decision, found.reason, found.shown_name)


def _waits(connection, talk):
    return conversations.get_conversation(connection, talk.id).unanswered_since


def test_an_alert_closes_once_with_an_outcome_that_exists(connection, talk, awa, now):
    made = _flag(connection, talk, now)
    with pytest.raises(ValueError, match="safe_now"):
        closing.resolve(connection, awa, made, "solved", now)
    closing.resolve(connection, awa, made, "called", now)
    closing.resolve(connection, awa, made, "nothing", now)
    row = get_alert(connection, awa, made)
    assert (row.outcome, row.climbs_at) == ("called", None)
    assert _verbs(connection, made) == ["opened", "resolved"]


def test_a_message_after_the_closing_opens_a_new_alert(connection, talk, awa, now):
    made = _flag(connection, talk, now)
    closing.resolve(connection, awa, made, "called", now)
    assert _flag(connection, talk, now) != made


@pytest.mark.parametrize("severity", SEVERITIES)
@pytest.mark.parametrize("category", REPORTABLE)
def test_what_may_be_reported_ends_with_a_decision_and_its_reason(
    connection, talk, awa, now, category, severity
):
    made = _flag(connection, talk, now, severity, category)
    with pytest.raises(closing.DecisionMissing):
        closing.resolve(connection, awa, made, "safe_now", now)
    for decision in (Decision("perhaps", "x"), Decision("reported", "  ")):
        with pytest.raises(ValueError, match="reported"):
            closing.resolve(connection, awa, made, "safe_now", now, decision=decision)
    assert get_alert(connection, awa, made).state == "open"
    closing.resolve(connection, awa, made, "safe_now", now, decision=NOT_REPORTED)
    assert _decided(connection, made) == ("not_reported", "déjà signalé par le centre", "Awa")
    assert _verbs(connection, made) == ["opened", "decided", "resolved"]


def test_a_decision_may_come_first_and_change(connection, talk, awa, now):
    made = _flag(connection, talk, now, category="violence")
    closing.decide(connection, awa, made, Decision("to_report", "demain"), now)
    closing.decide(connection, awa, made, Decision("reported", "au juge"), now)
    closing.resolve(connection, awa, made, "referred", now)
    assert _decided(connection, made) == ("reported", "au juge", "Awa")


@pytest.mark.parametrize(
    ("severity", "category"), [("high", "fear"), ("normal", "basic_needs"), ("critical", None)]
)
def test_other_alerts_need_no_decision(connection, talk, awa, now, severity, category):
    made = _flag(connection, talk, now, severity, category)
    closing.resolve(connection, awa, made, "nothing", now)
    assert get_alert(connection, awa, made).state == "resolved"


def test_one_tap_ends_what_needs_no_decision_and_any_false_alarm(connection, talk, awa, now):
    violence = get_alert(connection, awa, _flag(connection, talk, now, category="violence"))
    fear = get_alert(connection, awa, _flag(connection, talk, now, category="fear"))
    quick = {
        row.category: [o for o in closing.OUTCOMES if closing.may_close_quickly(row, o)]
        for row in (violence, fear)
    }
    assert quick["violence"] == ["false_alarm"]
    assert set(quick["fear"]) == set(closing.QUICK_OUTCOMES)
    closing.resolve(connection, awa, violence.id, "false_alarm", now)
    assert get_alert(connection, awa, violence.id).state == "resolved"


def test_the_last_end_stops_the_human_clock_and_keeps_the_promise(connection, talk, awa, now):
    make_promise(
        connection,
        conversation_id=talk.id,
        person_id=talk.person_id,
        subject="human_answer",
        due_at=now,
        now=now,
    )
    first, second = _flag(connection, talk, now), _flag(connection, talk, now, category=None)
    closing.resolve(connection, awa, first, "nothing", now)
    assert _waits(connection, talk) is not None
    assert open_promise(connection, talk.id, "human_answer") is not None
    closing.resolve(connection, awa, second, "called", now)
    assert _waits(connection, talk) is None
    assert open_promise(connection, talk.id, "human_answer") is None


def test_an_end_is_taken_back_as_if_it_never_was(connection, talk, awa, now):
    made = _flag(connection, talk, now)
    since = _waits(connection, talk)
    closing.resolve(connection, awa, made, "nothing", now)
    later = now + timedelta(minutes=1)
    assert closing.undo(connection, awa, made, later)
    row = get_alert(connection, awa, made)
    assert (row.state, row.outcome, row.waits_since, row.climbs_at) == ("open", None, since, later)
    assert _waits(connection, talk) == since
    assert _verbs(connection, made) == ["opened", "resolved", "undone"]


def test_a_promise_that_the_end_kept_is_open_again_and_an_older_one_is_not(
    connection, talk, awa, now
):
    promised = {
        "conversation_id": talk.id,
        "person_id": talk.person_id,
        "subject": "human_answer",
        "due_at": now + timedelta(hours=1),
    }
    make_promise(connection, now=now - timedelta(days=1), **promised)
    keep_promises(connection, talk.id, "human_answer", now - timedelta(hours=1))
    running = make_promise(connection, now=now, **promised)
    made = _flag(connection, talk, now)
    closing.resolve(connection, awa, made, "called", now)
    assert closing.undo(connection, awa, made, now + timedelta(minutes=1))
    still = select(promise.c.id).where(promise.c.kept_at.is_(None))
    assert connection.execute(still).scalars().all() == [running]


def test_what_was_in_good_hands_is_so_again(connection, talk, awa, now):
    made = _flag(connection, talk, now)
    cases.acknowledge(connection, awa, made, now)
    connection.execute(
        insert(outbox).values(
            conversation_id=talk.id,
            author="staff",
            staff_id=awa.id,
            kind="text",
            text="bonjour",
            priority=1,
            state="sent",
            restricted=False,
            attempts=1,
            due_at=now,
            created_at=now,
        )
    )
    conversations.change(connection, talk.id, unanswered_since=None)
    closing.resolve(connection, awa, made, "answered", now)
    assert closing.undo(connection, awa, made, now)
    assert get_alert(connection, awa, made).state == "acknowledged"
    assert _waits(connection, talk) is None


def test_only_who_closed_it_takes_it_back_and_only_for_a_while(connection, home, talk, awa, now):
    sita = make_member(connection, home, shown_name="Sita")
    made = _flag(connection, talk, now)
    assert not closing.undo(connection, awa, made, now)
    closing.resolve(connection, awa, made, "nothing", now)
    assert not closing.undo(connection, sita, made, now)
    late = now + closing.UNDO_WITHIN + timedelta(seconds=1)
    assert not closing.undo(connection, awa, made, late)
    assert get_alert(connection, awa, made).state == "resolved"


def test_a_reopened_alert_waits_anew_and_is_told_anew(connection, talk, awa, now):
    conversations.change(connection, talk.id, unanswered_since=None)
    made = _flag(connection, talk, now - timedelta(days=3))
    cases.acknowledge(connection, awa, made, now)
    closing.resolve(connection, awa, made, "called", now)
    closing.reopen(connection, awa, made, now)
    closing.reopen(connection, awa, made, now)
    row = get_alert(connection, awa, made)
    assert (row.state, row.outcome, row.acknowledged_at) == ("open", None, None)
    assert (row.level, row.climbs_at, row.waits_since) == (None, now, now)
    assert _verbs(connection, made)[-2:] == ["resolved", "reopened"]


def test_what_is_open_on_the_subject_already_is_not_opened_twice(connection, talk, awa, now):
    made = _flag(connection, talk, now)
    closing.resolve(connection, awa, made, "nothing", now)
    newer = _flag(connection, talk, now)
    for again in (closing.reopen, closing.undo):
        with pytest.raises(closing.AlreadyOpen) as refused:
            again(connection, awa, made, now)
        assert refused.value.alert_id == newer
