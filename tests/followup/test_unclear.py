"""Which messages wait for a person to say what they mean: only what consent covers."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.db.tables import inbox, person
from bot.followup import cases, conversations
from bot.followup.access import ROLES, NotAllowed
from bot.followup.closing import Decision, reopen, resolve
from bot.followup.promises import make_promise
from bot.followup.unclear import chosen_instead, list_unclear
from tests.followup.unclear import agree, make_agreed_talk, make_message, not_understood
from tests.made_up import make_conversation, make_member, make_structure

TEXT = "gnamakoudji wari"
DECISION = Decision("not_reported", "un jeu")


@pytest.fixture
def clarisse(connection, home):
    return make_member(connection, home, "supervisor", "Clarisse")


@pytest.fixture
def talk(connection, home, now):
    return make_agreed_talk(connection, home, now)


def _texts(connection, member, now):
    return [row.text for row in list_unclear(connection, member, now)]


def test_what_was_not_understood_waits_with_the_best_guess(connection, clarisse, talk, now):
    not_understood(connection, talk, TEXT, now)
    (row,) = list_unclear(connection, clarisse, now)
    assert (row.text, row.reason, row.language) == (TEXT, "not_understood", "fr")
    assert (row.guess, row.confidence) == ("ask_payment", pytest.approx(0.31))


@pytest.mark.parametrize("role", ROLES)
def test_only_who_supervises_a_structure_reads_its_messages(connection, home, talk, now, role):
    not_understood(connection, talk, TEXT, now)
    member = make_member(connection, home, role, "Ines")
    far = make_member(connection, make_structure(connection, "Centre Autre"), role, "Loin")
    if role == "supervisor":
        assert _texts(connection, member, now) == [TEXT]
        assert _texts(connection, far, now) == []
    else:
        for someone in (member, far):
            with pytest.raises(NotAllowed):
                list_unclear(connection, someone, now)


def _no(connection, talk, now):
    agree(connection, talk, now, "no")


def _stop(connection, talk, now):
    conversations.opt_out(connection, talk.id, now)


def _taken_from(connection, talk, now):
    conversations.change(connection, talk.id, enrolment="to_confirm")


def _of_a_child(connection, talk, now):
    _change_person(connection, talk, birth_year=2011)


def _safe_word(connection, talk, now):
    _change_person(connection, talk, safe_word="Gnamakoudji")


def _to_be_erased(connection, talk, now):
    make_promise(
        connection,
        conversation_id=talk.id,
        person_id=talk.person_id,
        subject="erasure",
        due_at=now,
        now=now,
    )


def _sealed(connection, talk, now):
    connection.execute(update(inbox).values(restricted=True))


def _blanked(connection, talk, now):
    connection.execute(update(inbox).values(text=None))


def _change_person(connection, talk, **values):
    connection.execute(update(person).where(person.c.id == talk.person_id).values(**values))


@pytest.mark.parametrize(
    "happens",
    [
        _no,
        _stop,
        _taken_from,
        _of_a_child,
        _safe_word,
        _to_be_erased,
        _sealed,
        _blanked,
    ],
)
def test_what_is_not_covered_any_more_is_gone(connection, clarisse, talk, now, happens):
    not_understood(connection, talk, TEXT, now)
    assert _texts(connection, clarisse, now) == [TEXT]
    happens(connection, talk, now)
    assert _texts(connection, clarisse, now) == []


def test_without_consent_or_an_enrolment_nothing_is_noted(connection, clarisse, home, now):
    stranger = make_conversation(connection, consent="yes")
    not_understood(connection, stranger, TEXT, now)
    undecided = make_agreed_talk(connection, home, now)
    conversations.change(connection, undecided.id, consent="no")
    not_understood(connection, undecided, TEXT, now)
    conversations.change(connection, undecided.id, consent="yes")
    assert _texts(connection, clarisse, now) == []


def test_what_may_be_a_complaint_about_staff_is_not_noted(connection, clarisse, talk, now):
    guesses = (("ask_payment", 0.3), ("ask_aid", 0.2), ("complain_staff", 0.19))
    not_understood(connection, talk, TEXT, now, guesses)
    assert _texts(connection, clarisse, now) == []


def _flag(connection, talk, text, now):
    message = make_message(connection, talk, text, now, category="violence", severity="high")
    opened = cases.open_alert(
        connection,
        kind="red_flag",
        category="violence",
        severity="high",
        talk=talk,
        inbox_id=message,
        now=now,
    )
    return message, opened


def test_an_alarm_about_nothing_waits_once_staff_have_said_so(connection, clarisse, talk, now):
    _, opened = _flag(connection, talk, "tu m'as tué", now)
    assert _texts(connection, clarisse, now) == []
    resolve(connection, clarisse, opened, "false_alarm", now)
    (row,) = list_unclear(connection, clarisse, now)
    assert (row.text, row.reason, row.guess) == ("tu m'as tué", "false_alarm", None)
    reopen(connection, clarisse, opened, now)
    assert _texts(connection, clarisse, now) == []


def test_what_a_person_took_back_waits_once_somebody_has_seen_to_it(
    connection, clarisse, talk, now
):
    _, opened = _flag(connection, talk, "il me tue ce jeu", now)
    cases.take_back(connection, talk.id, now)
    assert _texts(connection, clarisse, now) == []
    resolve(connection, clarisse, opened, "nothing", now, decision=DECISION)
    (row,) = list_unclear(connection, clarisse, now)
    assert row.reason == "taken_back"


def test_a_danger_that_was_one_is_nobodys_to_review(connection, clarisse, talk, now):
    _, opened = _flag(connection, talk, "il me tape", now)
    resolve(connection, clarisse, opened, "safe_now", now, decision=DECISION)
    assert _texts(connection, clarisse, now) == []


def test_a_danger_without_consent_is_never_shown(connection, clarisse, home, now):
    talk = make_agreed_talk(connection, home, now)
    agree(connection, talk, now, "no")
    _, opened = _flag(connection, talk, "tu m'as tué", now)
    resolve(connection, clarisse, opened, "false_alarm", now)
    assert _texts(connection, clarisse, now) == []


@pytest.mark.parametrize(
    ("choice", "after", "chosen"),
    [
        ("/ask_aid", timedelta(minutes=1), "ask_aid"),
        ("/ask_help", timedelta(minutes=1), None),
        ('/pick_aid{"id": "1"}', timedelta(minutes=1), None),
        (None, timedelta(minutes=1), None),
        ("/ask_aid", timedelta(hours=1), None),
    ],
)
def test_what_was_chosen_instead(connection, clarisse, talk, now, choice, after, chosen):
    not_understood(connection, talk, TEXT, now)
    make_message(connection, talk, "L'aide", now + after, payload={"choice": choice}, kind="choice")
    make_message(connection, talk, "x", now + after, payload={"choice": "/ask_work"})
    (row,) = list_unclear(connection, clarisse, now)
    assert chosen_instead(connection, row) == chosen
