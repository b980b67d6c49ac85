"""Consent, and the codes that let a person in."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from bot.db.tables import access_code, consent
from bot.followup import conversations
from bot.followup.consent import (
    CODE_LIFETIME,
    WORDING_VERSION,
    ConsentMissing,
    burn_codes,
    code_in,
    covers_improving,
    looks_like_code,
    make_enrolment_code,
    make_staff_link_code,
    normalise_code,
    person_named,
    record_consent,
    redeem_code,
    withdraw_enrolment,
)
from tests.made_up import make_conversation, make_member, make_person


@pytest.fixture
def grown_up(connection, home):
    return make_person(connection, home, birth_year=1990)


def _answer(connection, someone, now, given_by, answer="yes"):
    record_consent(
        connection, answer=answer, given_by=given_by, language="fr", now=now, person_id=someone.id
    )


def _redeem(connection, written, now):
    """Return (person, staff) of the code, or None."""
    row = redeem_code(connection, written, now)
    return (row.person_id, row.staff_id) if row else None


def test_an_answer_says_what_was_agreed_to_and_when(connection, grown_up, now):
    _answer(connection, grown_up, now, "self")
    row = connection.execute(select(consent)).one()
    assert (row.answer, row.wording_version, row.language, row.at) == (
        "yes",
        WORDING_VERSION,
        "fr",
        now,
    )


def test_a_child_is_enrolled_only_after_a_grown_up_has_consented(connection, home, now):
    child = make_person(connection, home)
    for given_by, answer in (("self", "yes"), ("guardian", "no")):
        _answer(connection, child, now, given_by, answer)
        with pytest.raises(ConsentMissing, match=child.case_number):
            make_enrolment_code(connection, child, now)
    _answer(connection, child, now, "worker")
    assert make_enrolment_code(connection, child, now)


def test_a_guardian_can_take_consent_back(connection, home, now):
    child = make_person(connection, home)
    _answer(connection, child, now, "guardian")
    _answer(connection, child, now, "guardian", "no")
    with pytest.raises(ConsentMissing):
        make_enrolment_code(connection, child, now)


def test_a_code_opens_once_however_it_is_written(connection, grown_up, now):
    code = make_enrolment_code(connection, grown_up, now)
    written = f" {code[:4].lower()}-{code[4:]} "
    assert looks_like_code(written)
    assert _redeem(connection, written, now) == (grown_up.id, None)
    assert redeem_code(connection, code, now) is None


def test_a_code_ends_after_its_lifetime(connection, grown_up, now):
    code = make_enrolment_code(connection, grown_up, now)
    assert redeem_code(connection, code, now + CODE_LIFETIME) is None
    assert redeem_code(connection, code, now + CODE_LIFETIME - timedelta(seconds=1)) is not None


def test_an_unknown_code_opens_nothing(connection, grown_up, now):
    make_enrolment_code(connection, grown_up, now)
    assert redeem_code(connection, "22222222", now) is None


def test_a_code_of_staff_is_no_persons(connection, home, now):
    awa = make_member(connection, home)
    code = make_staff_link_code(connection, awa.id, now)
    assert _redeem(connection, code, now) == (None, awa.id)


def test_codes_are_stored_in_no_readable_form(connection, grown_up, now):
    code = make_enrolment_code(connection, grown_up, now)
    stored = connection.execute(select(access_code)).one()
    assert code not in [str(value) for value in stored]


def test_a_no_burns_every_code_of_that_person_alone(connection, home, grown_up, now):
    other = make_person(connection, home, birth_year=1990)
    burnt = [make_enrolment_code(connection, grown_up, now) for _ in range(2)]
    kept = make_enrolment_code(connection, other, now)
    burn_codes(connection, grown_up.id, now)
    assert [redeem_code(connection, code, now) for code in burnt] == [None, None]
    assert _redeem(connection, kept, now) == (other.id, None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2A3B4C5D", True),
        ("2a3b-4c5d", True),
        ("BONJOURS", False),
        ("ABCDEFGH", False),
        ("2A3B4C5", False),
        ("0A1B4C5D", False),
        ("mon code est 2A3B4C5D", False),
        ("", False),
    ],
)
def test_what_looks_like_a_code(text, code):
    assert looks_like_code(text) is code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2A3B 4C5D", "2A3B 4C5D"),
        ("mon code est 2A3B4C5D", "2A3B4C5D"),
        ("code:2a3b4c5d, merci !", "2A3B4C5D"),
        ("Bonjour, c'est 2a3b-4c5d.", "2A3B4C5D"),
        ("2A3B4C5D oui 2a3b4c5d", "2A3B4C5D"),
        ("2A3B4C5D ou 2A3B4C5E", ""),
        ("mon numéro est le 76543289", ""),
        ("il y a dans 2345 sacs", ""),
        ("écris-moi à x-2A3B4C5D", ""),
        ("mon code est 2A3B4C5", ""),
        ("bonjours", ""),
        ("", ""),
    ],
)
def test_the_code_that_a_message_says(text, code):
    assert code_in(text) == code


def test_codes_are_eight_signs_that_nobody_takes_for_another(connection, grown_up, now):
    for _ in range(20):
        code = make_enrolment_code(connection, grown_up, now)
        assert looks_like_code(code)
        assert normalise_code(code) == code
        assert not set(code) & set("01OIL")


def test_a_withdrawn_enrolment_belongs_to_nobody(connection, grown_up):
    talk = make_conversation(connection, grown_up, enrolment="to_confirm", name_tries=1)
    assert person_named(connection, talk.person_id) == grown_up
    withdraw_enrolment(connection, talk.id)
    left = conversations.get_conversation(connection, talk.id)
    assert (left.person_id, left.enrolment, left.name_tries) == (None, "none", 0)
    assert person_named(connection, left.person_id) is None


def _consents(connection, someone, now, *answers):
    for given_by, answer, version in answers:
        record_consent(
            connection,
            answer=answer,
            given_by=given_by,
            language="fr",
            person_id=someone.id,
            now=now,
        )
        newest = select(func.max(consent.c.id)).scalar_subquery()
        connection.execute(
            update(consent).where(consent.c.id == newest).values(wording_version=version)
        )


@pytest.mark.parametrize(
    ("born", "answers", "covered"),
    [
        (1990, [("self", "yes", WORDING_VERSION)], True),
        (1990, [], False),
        # An older text did not say what messages also serve for.
        (1990, [("self", "yes", "2026-11")], False),
        (1990, [("self", "yes", WORDING_VERSION), ("self", "no", WORDING_VERSION)], False),
        # A child's yes is not enough, nor is a guardian's.
        (2011, [("self", "yes", WORDING_VERSION)], False),
        (2011, [("guardian", "yes", WORDING_VERSION)], False),
        (2011, [("guardian", "yes", "2026-11"), ("self", "yes", WORDING_VERSION)], False),
        (2011, [("guardian", "yes", WORDING_VERSION), ("self", "yes", WORDING_VERSION)], True),
        (2011, [("guardian", "yes", WORDING_VERSION), ("self", "no", WORDING_VERSION)], False),
    ],
)
def test_whether_messages_may_also_improve_the_programme(
    connection, home, now, born, answers, covered
):
    someone = make_person(connection, home, birth_year=born)
    _consents(connection, someone, now, *answers)
    assert covers_improving(connection, someone, now) is covered
