"""Opening a file, consent that was spoken, and the invitation to a chat."""

from datetime import timedelta

import pytest

from bot.followup import enrolment
from bot.followup.access import NotAllowed
from bot.followup.consent import CODE_LIFETIME, ConsentMissing, record_consent, redeem_code
from bot.followup.enrolment import NewFile, SafeContact
from bot.followup.people import find_person
from tests.made_up import make_member, make_person


def _new(**values):
    return NewFile(
        **{
            "kind": "beneficiary",
            "first_name": "Adjoua",
            "family_name": "Inventée",
            "birth_year": 2011,
            "address_form": "",
            "language": "fr",
            "contact": SafeContact(True),
            "worker_id": None,
            **values,
        }
    )


def _consent(connection, awa, someone, now, **values):
    answer = {"answer": "yes", "given_by": "guardian", **values}
    enrolment.record_spoken_consent(connection, awa, someone, now=now, **answer)


def test_a_file_belongs_to_the_members_structure(connection, home, awa, now):
    made = enrolment.open_file(connection, awa, _new(worker_id=awa.id), now)
    assert (made.structure_id, made.worker_id, made.country) == (home.id, awa.id, home.country)


@pytest.mark.parametrize(("year", "form"), [(2011, "tu"), (1990, "vous"), (None, "tu")])
def test_without_a_choice_a_child_is_tu_and_others_vous(connection, awa, now, year, form):
    assert enrolment.open_file(connection, awa, _new(birth_year=year), now).address_form == form
    kept = enrolment.open_file(connection, awa, _new(birth_year=year, address_form="vous"), now)
    assert kept.address_form == "vous"


def test_the_next_free_number_is_given(connection, home, awa, now):
    for number in ("0099", "0317", "A-9999"):
        make_person(connection, home, case_number=number)
    made = [enrolment.open_file(connection, awa, _new(), now).case_number for _ in range(2)]
    assert made == ["0318", "0319"]


def test_a_number_that_is_taken_is_refused(connection, home, awa, now):
    make_person(connection, home, case_number="0317")
    with pytest.raises(enrolment.NumberTaken):
        enrolment.open_file(connection, awa, _new(case_number="0317"), now)


def test_who_follows_nobody_opens_nothing_and_is_given_nobody(connection, home, awa, now):
    observer = make_member(connection, home, "observer", "Ines")
    with pytest.raises(NotAllowed):
        enrolment.open_file(connection, observer, _new(), now)
    with pytest.raises(NotAllowed):
        enrolment.open_file(connection, awa, _new(worker_id=observer.id), now)


def test_a_worker_who_decides_says_why(connection, home, awa, now):
    child = make_person(connection, home)
    with pytest.raises(enrolment.ReasonMissing):
        _consent(connection, awa, child, now, given_by="worker", reason=" ")
    with pytest.raises(ConsentMissing):
        enrolment.invite(connection, awa, child.id, now)
    _consent(connection, awa, child, now, given_by="worker", reason="Le tuteur est le danger.")
    assert enrolment.invite(connection, awa, child.id, now).code


def test_an_invitation_ends_the_one_before(connection, home, awa, now):
    child = make_person(connection, home)
    _consent(connection, awa, child, now)
    lost = enrolment.invite(connection, awa, child.id, now)
    kept = enrolment.invite(connection, awa, child.id, now + timedelta(hours=1))
    assert kept.expires_at == now + timedelta(hours=1) + CODE_LIFETIME
    assert redeem_code(connection, lost.code, now + timedelta(hours=2)) is None
    redeemed = redeem_code(connection, kept.code, now + timedelta(hours=2))
    assert redeemed is not None
    assert redeemed.person_id == child.id


def test_a_no_is_overruled_by_nobody_but_the_person(connection, home, awa, now):
    child = make_person(connection, home)
    _consent(connection, awa, child, now)
    invited = enrolment.invite(connection, awa, child.id, now)
    _consent(connection, awa, child, now, given_by="self", answer="no")
    assert redeem_code(connection, invited.code, now) is None
    _consent(connection, awa, child, now)
    with pytest.raises(ConsentMissing, match="dit non|said no"):
        enrolment.invite(connection, awa, child.id, now)
    _consent(connection, awa, child, now, given_by="self")
    assert enrolment.invite(connection, awa, child.id, now).code


def test_a_no_in_a_chat_counts_too(connection, home, awa, now):
    grown_up = make_person(connection, home, birth_year=1990)
    record_consent(
        connection,
        answer="no",
        given_by="self",
        language="fr",
        now=now,
        person_id=grown_up.id,
    )
    with pytest.raises(ConsentMissing):
        enrolment.invite(connection, awa, grown_up.id, now)


def test_safe_contact_is_changed_whole(connection, home, awa, now):
    someone = make_person(connection, home, safe_from_hour=8, safe_until_hour=9)
    contact = SafeContact(True)
    enrolment.set_safe_contact(connection, awa, someone.id, contact, now)
    changed = find_person(connection, someone.id)
    assert (changed.phone_shared, changed.safe_from_hour) == (True, None)


def test_nothing_is_changed_in_a_colleagues_file(connection, home, awa, now):
    sita = make_member(connection, home, shown_name="Sita")
    hers = make_person(connection, home, worker_id=sita.id, birth_year=1990)
    for change in (
        lambda: enrolment.invite(connection, awa, hers.id, now),
        lambda: enrolment.set_safe_contact(connection, awa, hers.id, SafeContact(False), now),
        lambda: _consent(connection, awa, hers, now),
    ):
        with pytest.raises(NotAllowed):
            change()
