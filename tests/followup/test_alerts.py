"""Which alerts a member of staff sees, and in which order."""

from datetime import timedelta

import pytest

from bot.followup import cases, closing, conversations
from bot.followup.access import ROLES, NotAllowed
from bot.followup.alerts import (
    alerts_of_conversation,
    count_alerts,
    get_alert,
    history,
    list_alerts,
)
from tests.made_up import make_conversation, make_member, make_person, make_structure


def _open(connection, talk, now, **values):
    return cases.open_alert(
        connection, **{"kind": "task", "severity": "normal", "talk": talk, "now": now, **values}
    )


def _ids(rows):
    return [row.id for row in rows]


def test_the_most_severe_comes_first_then_the_longest_waiting(connection, home, awa, now):
    minute = timedelta(minutes=1)
    order = [
        ("normal", now - 9 * minute),
        ("critical", now - 2 * minute),
        ("high", now - minute),
        ("critical", now - 5 * minute),
    ]
    made = [
        _open(
            connection,
            make_conversation(connection, make_person(connection, home), unanswered_since=since),
            now,
            severity=severity,
        )
        for severity, since in order
    ]
    assert _ids(list_alerts(connection, awa)) == [made[3], made[1], made[2], made[0]]
    assert _ids(list_alerts(connection, awa, limit=2, offset=1)) == [made[1], made[2]]
    assert count_alerts(connection, awa) == {"critical": 2, "high": 1, "normal": 1}


def test_an_alert_in_good_hands_waits_only_for_what_is_unanswered(connection, home, awa, now):
    talk = make_conversation(connection, make_person(connection, home), unanswered_since=now)
    answered = _open(connection, talk, now, severity="high")
    other = _open(connection, make_conversation(connection), now, severity="high")
    assert _ids(list_alerts(connection, awa)) == [answered, other]
    cases.acknowledge(connection, awa, answered, now)
    conversations.change(connection, talk.id, unanswered_since=None)
    last = list_alerts(connection, awa)[-1]
    assert (last.id, last.waits_since) == (answered, None)


def test_a_row_tells_whose_case_it_is_and_who_has_it(connection, home, now):
    awa = make_member(connection, home, "supervisor")
    sita = make_member(connection, home, shown_name="Sita")
    someone = make_person(connection, home, worker_id=sita.id)
    talk = make_conversation(connection, someone, channel="whatsapp")
    _open(connection, talk, now)
    conversations.take_over(connection, awa, talk.id)
    (row,) = list_alerts(connection, awa)
    assert (row.case_number, row.channel) == (someone.case_number, "whatsapp")
    assert (row.owner_name, row.assigned_name) == ("Awa", "Sita")


def test_resolved_alerts_have_a_list_of_their_own_last_closed_first(connection, awa, now):
    first, second = (_open(connection, make_conversation(connection), now) for _ in range(2))
    closing.resolve(connection, awa, second, "called", now)
    closing.resolve(connection, awa, first, "called", now + timedelta(minutes=1))
    assert list_alerts(connection, awa) == []
    assert _ids(list_alerts(connection, awa, state="resolved")) == [first, second]
    assert count_alerts(connection, awa, state="resolved") == {"normal": 2}


@pytest.mark.parametrize("role", ROLES)
def test_a_complaint_about_staff_is_the_focal_points_alone(connection, home, now, role):
    member = make_member(connection, home, role)
    talk = make_conversation(connection, make_person(connection, home))
    sealed = _open(connection, talk, now, kind="staff_complaint", restricted=True)
    sees = role == "focal_point"
    expected = [sealed] if sees else []
    assert _ids(list_alerts(connection, member)) == expected
    assert _ids(alerts_of_conversation(connection, member, talk.id)) == expected
    assert count_alerts(connection, member) == ({"normal": 1} if sees else {})
    verbs = [
        lambda: get_alert(connection, member, sealed),
        lambda: cases.acknowledge(connection, member, sealed, now),
        lambda: closing.resolve(connection, member, sealed, "nothing", now),
        lambda: closing.reopen(connection, member, sealed, now),
    ]
    for verb in verbs:
        if sees:
            verb()
        else:
            with pytest.raises(NotAllowed):
                verb()


def test_a_focal_point_of_another_structure_sees_no_complaint_of_this_one(connection, home, now):
    elsewhere = make_structure(connection, "Centre Autre")
    other = make_member(connection, elsewhere, "focal_point")
    talk = make_conversation(connection, make_person(connection, home))
    _open(connection, talk, now, restricted=True)
    assert list_alerts(connection, other) == []


def test_an_alert_of_a_stranger_is_seen_by_every_structures_case_staff(connection, home, now):
    other = make_member(connection, make_structure(connection, "Centre Autre"))
    made = _open(connection, make_conversation(connection), now)
    assert _ids(list_alerts(connection, other)) == [made]


def test_history_tells_what_happened_in_order_and_who_did_it(connection, awa, now):
    made = _open(connection, make_conversation(connection), now)
    cases.acknowledge(connection, awa, made, now)
    closing.resolve(connection, awa, made, "called", now, note="appel fait")
    events = history(connection, made)
    assert [(event.verb, event.staff_name) for event in events] == [
        ("opened", None),
        ("acknowledged", "Awa"),
        ("resolved", "Awa"),
    ]
    assert (events[-1].outcome, events[-1].note) == ("called", "appel fait")
