"""What opens, joins, raises and closes an alert."""

import threading
from datetime import timedelta

import pytest

from bot.followup import cases, conversations
from bot.followup.access import NotAllowed
from bot.followup.alerts import get_alert, history, list_alerts
from tests.made_up import make_conversation, make_member, make_person, make_structure


@pytest.fixture
def home(connection):
    return make_structure(connection)


@pytest.fixture
def awa(connection, home):
    return make_member(connection, home)


@pytest.fixture
def talk(connection, home):
    return make_conversation(connection, make_person(connection, home))


def _flag(connection, talk, now, severity="high", category="violence", **values):
    return cases.open_alert(
        connection,
        kind="red_flag",
        category=category,
        severity=severity,
        talk=talk,
        now=now,
        **values,
    )


def _verbs(connection, alert_id):
    return [event.verb for event in history(connection, alert_id)]


def test_later_messages_on_the_same_subject_join_the_open_alert(connection, talk, awa, now):
    first = _flag(connection, talk, now)
    assert _flag(connection, talk, now) == first
    assert _flag(connection, talk, now, category="fear") != first
    assert get_alert(connection, awa, first).message_count == 2
    assert _verbs(connection, first) == ["opened", "message"]


def test_severity_rises_and_never_falls(connection, talk, awa, now):
    made = _flag(connection, talk, now, "high")
    _flag(connection, talk, now, "normal")
    assert get_alert(connection, awa, made).severity == "high"
    _flag(connection, talk, now, "critical")
    assert get_alert(connection, awa, made).severity == "critical"
    assert _verbs(connection, made) == ["opened", "message", "raised"]


@pytest.mark.parametrize(
    ("severity", "again", "state"),
    [
        ("high", "high", "acknowledged"),
        ("high", "critical", "open"),
        ("critical", "critical", "open"),
    ],
)
def test_somebody_must_look_again_when_it_becomes_or_stays_critical(
    connection, home, awa, now, severity, again, state
):
    talk = make_conversation(connection, make_person(connection, home), unanswered_since=now)
    made = _flag(connection, talk, now, severity)
    cases.acknowledge(connection, awa, made, now)
    conversations.change(connection, talk.id, unanswered_since=None)
    later = now + timedelta(hours=1)
    _flag(connection, conversations.get_conversation(connection, talk.id), later, again)
    row = get_alert(connection, awa, made)
    assert row.state == state
    # The person was answered in between: the human clock starts anew.
    assert row.waits_since == (later if state == "open" else None)


def test_the_human_clock_starts_at_the_first_unanswered_message(connection, home, awa, now):
    since = now - timedelta(minutes=4)
    talk = make_conversation(connection, make_person(connection, home), unanswered_since=since)
    assert get_alert(connection, awa, _flag(connection, talk, now)).waiting_since == since


def test_a_new_alert_goes_to_the_persons_worker_a_complaint_to_nobody(connection, home, awa, now):
    focal = make_member(connection, home, "focal_point", "Fanta")
    talk = make_conversation(connection, make_person(connection, home, worker_id=awa.id))
    assert get_alert(connection, focal, _flag(connection, talk, now)).assigned_to == awa.id
    sealed = _flag(connection, talk, now, restricted=True)
    assert get_alert(connection, focal, sealed).assigned_to is None


def test_a_complaint_does_not_join_an_alert_that_others_see(connection, talk, now):
    assert _flag(connection, talk, now) != _flag(connection, talk, now, restricted=True)


def test_taking_it_back_is_noted_and_lowers_nothing(connection, talk, awa, now):
    flag = _flag(connection, talk, now, "critical")
    task = cases.open_alert(connection, kind="task", severity="normal", talk=talk, now=now)
    cases.take_back(connection, talk.id, now)
    row = get_alert(connection, awa, flag)
    assert (row.severity, row.state) == ("critical", "open")
    assert row.taken_back_at == now
    assert _verbs(connection, flag) == ["opened", "taken_back"]
    assert _verbs(connection, task) == ["opened"]


def test_the_first_to_acknowledge_has_it(connection, talk, home, awa, now):
    sita = make_member(connection, home, shown_name="Sita")
    made = _flag(connection, talk, now)
    cases.acknowledge(connection, awa, made, now)
    cases.acknowledge(connection, sita, made, now)
    assert get_alert(connection, awa, made).assigned_to == awa.id
    assert _verbs(connection, made) == ["opened", "acknowledged"]


def test_who_answers_has_all_alerts_of_the_conversation_but_the_sealed_ones(
    connection, talk, home, awa, now
):
    focal = make_member(connection, home, "focal_point", "Fanta")
    flag = _flag(connection, talk, now)
    task = cases.open_alert(connection, kind="task", severity="normal", talk=talk, now=now)
    sealed = _flag(connection, talk, now, restricted=True)
    cases.acknowledge_all(connection, awa, talk.id, now)
    states = {row.id: row.state for row in list_alerts(connection, focal)}
    assert states == {flag: "acknowledged", task: "acknowledged", sealed: "open"}


def test_an_alert_closes_once_with_an_outcome_that_exists(connection, talk, awa, now):
    made = _flag(connection, talk, now)
    with pytest.raises(ValueError, match="safe_now"):
        cases.resolve(connection, awa, made, "solved", now)
    cases.resolve(connection, awa, made, "called", now)
    cases.resolve(connection, awa, made, "nothing", now)
    assert get_alert(connection, awa, made).outcome == "called"
    assert _verbs(connection, made) == ["opened", "resolved"]


def test_a_message_after_the_closing_opens_a_new_alert(connection, talk, awa, now):
    made = _flag(connection, talk, now)
    cases.resolve(connection, awa, made, "called", now)
    assert _flag(connection, talk, now) != made


def test_a_reopened_alert_waits_anew_and_is_told_anew(connection, talk, awa, now):
    made = _flag(connection, talk, now - timedelta(days=3))
    cases.acknowledge(connection, awa, made, now)
    cases.resolve(connection, awa, made, "called", now)
    cases.reopen(connection, awa, made, now)
    cases.reopen(connection, awa, made, now)
    row = get_alert(connection, awa, made)
    assert (row.state, row.outcome, row.acknowledged_at) == ("open", None, None)
    assert (row.notified_at, row.waits_since) == (None, now)
    assert _verbs(connection, made)[-2:] == ["resolved", "reopened"]


def test_what_is_open_on_the_subject_already_is_not_opened_twice(connection, talk, awa, now):
    made = _flag(connection, talk, now)
    cases.resolve(connection, awa, made, "called", now)
    newer = _flag(connection, talk, now)
    with pytest.raises(cases.AlreadyOpen) as refused:
        cases.reopen(connection, awa, made, now)
    assert refused.value.alert_id == newer


def test_nobody_acts_on_an_alert_of_another_structure(connection, talk, now):
    other = make_member(connection, make_structure(connection, "Centre Autre"))
    made = _flag(connection, talk, now)
    for act in (
        lambda: cases.acknowledge(connection, other, made, now),
        lambda: cases.resolve(connection, other, made, "called", now),
        lambda: cases.reopen(connection, other, made, now),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_two_flags_at_the_same_moment_make_one_alert(database, now):
    with database.write() as connection:
        home = make_structure(connection)
        member = make_member(connection, home)
        talk = make_conversation(connection, make_person(connection, home))
    together = threading.Barrier(2)

    def flag() -> None:
        with database.turn() as connection:
            conversations.get_conversation(connection, talk.id)
            together.wait()
            _flag(connection, talk, now)

    threads = [threading.Thread(target=flag) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as connection:
        (row,) = list_alerts(connection, member)
    assert row.message_count == 2
