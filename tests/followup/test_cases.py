"""What opens, joins, raises and closes an alert."""

import threading
from datetime import timedelta

import pytest

from bot.followup import cases, closing, conversations
from bot.followup.access import NotAllowed
from bot.followup.alerts import get_alert, history, list_alerts
from tests.made_up import make_conversation, make_member, make_person, make_structure


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


def test_nobody_acts_on_an_alert_of_another_structure(connection, talk, now):
    other = make_member(connection, make_structure(connection, "Centre Autre"))
    made = _flag(connection, talk, now)
    for act in (
        lambda: cases.acknowledge(connection, other, made, now),
        lambda: closing.resolve(connection, other, made, "called", now),
        lambda: closing.reopen(connection, other, made, now),
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


def test_two_phones_of_one_person_make_one_alert_answered_where_it_was_written_last(
    connection, home, awa, now
):
    someone = make_person(connection, home)
    first = make_conversation(connection, someone)
    second = make_conversation(connection, someone, channel="whatsapp")
    made = _flag(connection, first, now)
    assert _flag(connection, second, now) == made
    row = get_alert(connection, awa, made)
    assert (row.message_count, row.conversation_id) == (2, second.id)


def test_a_complaint_stays_with_its_conversation(connection, home, now):
    someone = make_person(connection, home)
    talks = [make_conversation(connection, someone) for _ in range(2)]
    first, second = (_flag(connection, talk, now, restricted=True) for talk in talks)
    assert first != second


def _light(connection, talk, now, kind="not_understood", **values):
    return cases.open_alert(connection, kind=kind, severity="normal", talk=talk, now=now, **values)


def test_what_was_not_understood_is_one_row_a_person_and_day(connection, talk, awa, now):
    made = _light(connection, talk, now)
    assert _light(connection, talk, now + timedelta(hours=5)) == made
    tomorrow = _light(connection, talk, now + timedelta(hours=14))
    assert tomorrow != made
    assert get_alert(connection, awa, made).message_count == 2


def test_what_is_past_and_over_is_one_row_a_day_unless_it_gets_worse(connection, talk, awa, now):
    made = _light(connection, talk, now, "red_flag", category="violence")
    assert _light(connection, talk, now, "red_flag", category="fear") == made
    assert _flag(connection, talk, now, "critical", category="fear") != made
    assert _flag(connection, talk, now, "critical", category="violence") == made
    assert get_alert(connection, awa, made).severity == "critical"


def test_the_row_of_a_day_is_about_what_may_have_to_be_reported(connection, talk, awa, now):
    made = _light(connection, talk, now, "red_flag", category="basic_needs")
    assert _light(connection, talk, now, "red_flag", category="violence") == made
    assert _light(connection, talk, now, "red_flag", category="basic_needs") == made
    assert get_alert(connection, awa, made).category == "violence"


def test_the_day_is_that_of_the_structure(connection, now):
    far = make_structure(connection, "Centre Lointain", timezone="Pacific/Auckland")
    talk = make_conversation(connection, make_person(connection, far))
    # 10:30 UTC is 23:30 there.
    assert _light(connection, talk, now) != _light(connection, talk, now + timedelta(hours=1))


def test_an_urgent_alert_is_due_on_the_ladder_at_once_and_a_claim_puts_it_off(
    connection, talk, awa, now
):
    made = _flag(connection, talk, now)
    assert get_alert(connection, awa, made).climbs_at == now
    assert cases.acknowledge(connection, awa, made, now)
    assert get_alert(connection, awa, made).climbs_at == now + cases.CLAIM_LASTS
    assert not cases.acknowledge(connection, awa, made, now)
    light = _light(connection, talk, now)
    cases.acknowledge(connection, awa, light, now)
    assert get_alert(connection, awa, light).climbs_at is None


def test_giving_an_alert_to_a_colleague_asks_the_colleague(connection, talk, home, awa, now):
    sita = make_member(connection, home, shown_name="Sita")
    made = _flag(connection, talk, now)
    cases.acknowledge(connection, awa, made, now)
    cases.assign(connection, awa, made, sita.id, now)
    row = get_alert(connection, awa, made)
    assert (row.state, row.assigned_to, row.climbs_at) == ("open", sita.id, now)
    last = history(connection, made)[-1]
    assert (last.verb, last.staff_name, last.to_name) == ("assigned", "Awa", "Sita")


def test_an_alert_is_given_to_nobody_who_may_not_see_it(connection, talk, home, awa, now):
    elsewhere = make_structure(connection, "Centre Autre")
    focal = make_member(connection, home, "focal_point", "Fanta")
    sealed = _flag(connection, talk, now, restricted=True)
    made = _flag(connection, talk, now)
    for member, alert_id, to in (
        (awa, made, make_member(connection, elsewhere, shown_name="Loin")),
        (awa, made, make_member(connection, home, "administrator", "Ines")),
        (focal, sealed, awa),
        (awa, sealed, focal),
    ):
        with pytest.raises(NotAllowed):
            cases.assign(connection, member, alert_id, to.id, now)


def test_a_note_says_something_and_marks_the_alert_as_changed(connection, talk, awa, now):
    made = _flag(connection, talk, now)
    later = now + timedelta(minutes=3)
    with pytest.raises(ValueError, match="says"):
        cases.note(connection, awa, made, "  ", later)
    cases.note(connection, awa, made, " appel sans réponse ", later)
    assert history(connection, made)[-1].note == "appel sans réponse"
    assert get_alert(connection, awa, made).changed_at == later


def test_escalating_calls_the_next_level_even_for_what_was_taken(connection, talk, awa, now):
    made = _light(connection, talk, now)
    cases.acknowledge(connection, awa, made, now)
    cases.escalate(connection, awa, made, now, note="je ne sais pas")
    row = get_alert(connection, awa, made)
    assert (row.state, row.severity, row.level, row.climbs_at) == ("open", "high", "worker", now)
    assert _verbs(connection, made)[-1] == "escalated"
