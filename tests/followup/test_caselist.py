"""Whose files one may open, searched and in order."""

from datetime import timedelta

import pytest

from bot.followup import cases, conversations
from bot.followup.caselist import list_people
from bot.followup.sharing import share_case
from tests.made_up import make_conversation, make_member, make_person, make_structure
from tests.made_up_caseload import make_appointment

DAY = timedelta(days=1)


def _listed(connection, member, **how):
    rows = list_people(connection, member, limit=50, **how)
    return [row.case_number for row in rows]


def test_one_lists_the_own_cases_those_shared_and_nobodys(connection, home, awa, now):
    sita = make_member(connection, home, shown_name="Sita")
    make_person(connection, home, case_number="1", worker_id=awa.id)
    make_person(connection, home, case_number="2")
    shared = make_person(connection, home, case_number="3", worker_id=sita.id)
    make_person(connection, home, case_number="4", worker_id=sita.id)
    make_person(connection, make_structure(connection, "Centre Autre"), case_number="5")
    share_case(connection, sita, shared.id, awa.id, now)
    assert _listed(connection, awa) == ["1", "2", "3"]
    assert _listed(connection, awa, mine=True) == ["1", "3"]
    boss = make_member(connection, home, "supervisor", "Clarisse")
    assert _listed(connection, boss) == ["1", "2", "3", "4"]
    for role in ("administrator", "partner", "observer"):
        assert _listed(connection, make_member(connection, home, role, role)) == []


def test_numbers_stand_as_numbers_do(connection, home, awa):
    for number in ("0317", "22", "1000", "9"):
        make_person(connection, home, case_number=number)
    assert _listed(connection, awa) == ["9", "22", "0317", "1000"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ami", ["0001"]),
        ("DIALLO aminata", ["0001"]),
        ("n'dri", ["0002"]),
        ("yao ndri", ["0002"]),
        ("000", ["0001", "0002"]),
        ("2", ["0002"]),
        ("minata", []),
        ("  ", ["0001", "0002"]),
    ],
)
def test_names_are_found_by_their_beginnings_and_numbers_by_a_part(
    connection, home, awa, words, found
):
    make_person(connection, home, case_number="0001", first_name="Aminata", family_name="Diallo")
    make_person(connection, home, case_number="0002", first_name="Yao", family_name="N’Dri")
    assert _listed(connection, awa, words=words) == found


def test_a_search_finds_nobody_elses_case(connection, home, awa):
    sita = make_member(connection, home, shown_name="Sita")
    make_person(connection, home, first_name="Aminata", worker_id=sita.id)
    assert _listed(connection, awa, words="aminata") == []


def test_the_last_sign_is_a_message_or_an_appointment_that_took_place(connection, home, awa, now):
    silent = make_person(connection, home, case_number="1")
    wrote = make_person(connection, home, case_number="2")
    seen = make_person(connection, home, case_number="3")
    talk = make_conversation(connection, wrote)
    conversations.change(connection, talk.id, last_inbound_at=now - 9 * DAY)
    make_appointment(connection, wrote, now - 20 * DAY, state="done")
    make_appointment(connection, wrote, now - DAY, state="missed")
    late = make_conversation(connection, seen)
    conversations.change(connection, late.id, last_inbound_at=now - 30 * DAY)
    make_appointment(connection, seen, now - 3 * DAY, state="done")
    rows = list_people(connection, awa, order="silence", limit=50)
    assert [(row.id, row.last_sign_at) for row in rows] == [
        (silent.id, None),
        (wrote.id, now - 9 * DAY),
        (seen.id, now - 3 * DAY),
    ]


def test_who_only_says_to_be_somebody_is_no_sign_of_them(connection, home, awa, now):
    someone = make_person(connection, home)
    talk = make_conversation(connection, someone, enrolment="to_confirm")
    conversations.change(connection, talk.id, last_inbound_at=now)
    assert list_people(connection, awa, limit=1)[0].last_sign_at is None


def test_alerts_are_counted_that_one_may_see(connection, home, awa, now):
    someone = make_person(connection, home)
    talk = make_conversation(connection, someone)
    for restricted in (False, True):
        cases.open_alert(
            connection,
            kind="task",
            severity="normal",
            talk=talk,
            now=now,
            restricted=restricted,
        )
    fanta = make_member(connection, home, "focal_point", "Fanta")
    assert [list_people(connection, m, limit=1)[0].open_alerts for m in (awa, fanta)] == [1, 2]


def test_a_list_has_pages(connection, home, awa):
    for number in range(5):
        make_person(connection, home, case_number=str(number))
    rows = list_people(connection, awa, limit=2, offset=3)
    assert [row.case_number for row in rows] == ["3", "4"]


def test_an_unknown_order_is_refused(connection, awa):
    with pytest.raises(ValueError, match="order"):
        list_people(connection, awa, order="name", limit=1)
