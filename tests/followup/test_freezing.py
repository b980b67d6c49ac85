"""What a danger freezes, and who releases it (safeguarding 14)."""

import pytest

from bot.followup import cases, closing
from bot.followup.access import NotAllowed
from bot.followup.alerts import history
from bot.followup.family import wards_of
from bot.followup.freezing import ReasonMissing, freeze_of, frozen_around, release
from tests.made_up import make_conversation, make_member, make_person
from tests.made_up_caseload import make_link


@pytest.fixture
def child(connection, home, awa):
    return make_person(connection, home, worker_id=awa.id)


@pytest.fixture
def mother(connection, home, child):
    mother = make_person(connection, home, kind="caregiver")
    make_link(connection, mother, child, "sees_payments")
    return mother


@pytest.fixture
def uncle(connection, home, child):
    uncle = make_person(connection, home, kind="caregiver")
    make_link(connection, uncle, child, "sees_payments")
    return uncle


def _alert(connection, someone, now, category="violence", **values):
    talk = make_conversation(connection, someone)
    return cases.open_alert(
        connection,
        **{
            "kind": "red_flag",
            "category": category,
            "severity": "high",
            "talk": talk,
            "now": now,
            **values,
        },
    )


def _frozen(connection, someone):
    return [freeze.contact.id for freeze in frozen_around(connection, someone)]


@pytest.mark.parametrize("category", ["violence", "sexual_abuse", "exploitation", "fear"])
def test_a_danger_freezes_the_child_and_every_caregiver(
    connection, child, mother, uncle, now, category
):
    assert _frozen(connection, child) == []
    _alert(connection, child, now, category)
    assert _frozen(connection, child) == [child.id, mother.id, uncle.id]
    assert _frozen(connection, uncle) == [uncle.id, child.id, mother.id]
    assert wards_of(connection, mother.id, "sees_payments") == []


@pytest.mark.parametrize("category", ["medical_emergency", "basic_needs", "missing_child"])
def test_other_dangers_freeze_nobody(connection, child, mother, now, category):
    _alert(connection, child, now, category)
    assert _frozen(connection, child) == []
    assert len(wards_of(connection, mother.id, "sees_payments")) == 1


def test_what_a_caregiver_writes_freezes_too(connection, child, mother, uncle, now):
    _alert(connection, mother, now)
    assert _frozen(connection, mother) == [mother.id, child.id, uncle.id]
    assert wards_of(connection, uncle.id, "sees_payments") == []


def test_a_safe_word_freezes_and_a_sealed_complaint_shows_nothing(connection, child, mother, now):
    _alert(connection, child, now, kind="staff_complaint", restricted=True)
    assert _frozen(connection, child) == []
    _alert(connection, child, now, None, kind="safe_word")
    assert _frozen(connection, child) == [child.id, mother.id]


def test_another_child_of_the_family_is_none_of_it(connection, home, child, mother, now):
    sister = make_person(connection, home)
    make_link(connection, mother, sister, "sees_payments")
    _alert(connection, child, now)
    assert [ward.id for ward in wards_of(connection, mother.id, "sees_payments")] == [sister.id]
    assert freeze_of(connection, sister) is None


def test_each_contact_is_released_with_a_reason_in_the_history(
    connection, awa, child, mother, uncle, now
):
    alert_id = _alert(connection, child, now)
    with pytest.raises(ReasonMissing):
        release(connection, awa, child.id, [mother.id], "  ", now)
    assert release(connection, awa, child.id, [mother.id], "vit chez elle", now) == [mother.id]
    assert _frozen(connection, child) == [child.id, uncle.id]
    assert len(wards_of(connection, mother.id, "sees_payments")) == 1
    event = history(connection, alert_id)[-1]
    assert (event.verb, event.note, event.staff_id) == ("released", "vit chez elle", awa.id)


def test_what_happens_after_it_freezes_again(connection, awa, child, mother, now):
    _alert(connection, child, now)
    release(connection, awa, child.id, [child.id, mother.id], "vu", now)
    assert _frozen(connection, child) == []
    _alert(connection, child, now)
    assert _frozen(connection, child) == [child.id, mother.id]


def test_closing_releases_nobody_unless_it_was_a_false_alarm(connection, awa, child, mother, now):
    first = _alert(connection, child, now, "fear")
    closing.resolve(connection, awa, first, "safe_now", now)
    assert _frozen(connection, child) == [child.id, mother.id]
    release(connection, awa, child.id, [child.id, mother.id], "vu", now)
    second = _alert(connection, child, now)
    assert _frozen(connection, child) == [child.id, mother.id]
    closing.resolve(connection, awa, second, "false_alarm", now)
    assert _frozen(connection, child) == []


def test_nobody_else_releases_or_is_released(connection, home, awa, child, mother, now):
    sita = make_member(connection, home, shown_name="Sita")
    stranger = make_person(connection, home)
    _alert(connection, child, now)
    with pytest.raises(NotAllowed):
        release(connection, sita, child.id, [mother.id], "vu", now)
    for contacts in ([], [stranger.id], [mother.id, stranger.id]):
        with pytest.raises(NotAllowed):
            release(connection, awa, child.id, contacts, "vu", now)
    assert _frozen(connection, child) == [child.id, mother.id]
