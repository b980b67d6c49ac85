"""News by digit, face or word; loose words are read back (model conversation 4)."""

import pytest

from actions.checkin import AskSleep, AskWeek, ReadCheckin, StartCheckin, SubmitCheckin
from bot.db.tables import alert, checkin, promise
from tests.made_up_caseload import make_enrolment, make_programme


@pytest.fixture
def boy(stage):
    return stage.person()


def _read(stage, boy, asked, said, intent="nlu_fallback", **slots):
    return stage.run(
        ReadCheckin, boy, said, intent, form="checkin_form", requested_slot=asked, **slots
    ).slots


def test_only_who_has_a_workshop_is_asked_about_it(stage, boy):
    first = stage.run(StartCheckin, boy, "/start_checkin")
    assert (first.next_action, first.slots["workshop"]) == ("checkin_form", "skip")
    make_enrolment(stage.connection, boy, make_programme(stage.connection, stage.home), stage.now)
    assert stage.run(StartCheckin, boy, "/start_checkin").slots["workshop"] is None


def test_starting_forgets_the_last_answers(stage, boy):
    slots = stage.run(StartCheckin, boy, "/start_checkin", week="2", checkin_id=1).slots
    assert (slots["week"], slots["checkin_id"]) == (None, None)


def test_a_caregiver_is_not_asked_how_a_child_is(stage):
    mother = stage.person(kind="caregiver")
    asked = stage.run(StartCheckin, mother, "/start_checkin")
    assert asked.responses == ["utter_news_of_caregiver"]
    assert asked.next_action is None


def test_five_faces_are_answered_by_their_digit(stage, boy):
    asked = stage.run(AskWeek, boy).reply
    assert asked.titles == ["😀", "🙂", "😐", "🙁", "😢"]
    read = _read(stage, boy, "week", asked.payloads[3], week=None)
    assert read["week"] == "2"


def test_a_clear_answer_is_kept_at_once(stage, boy, rows):
    for said, intent, score in (
        ("4", "nlu_fallback", "4"),
        ("😢", "nlu_fallback", "1"),
        ("très bien", "report_good", "5"),
    ):
        read = _read(stage, boy, "week", said, intent, week=None)
        kept = rows(checkin)[-1]
        assert (read["week"], read["checkin_id"]) == (score, kept.id)
        assert kept.week == int(score)


def test_a_loose_answer_is_read_back_and_confirmed(stage, boy, rows):
    heard = _read(stage, boy, "sleep", "pas trop", sleep=None)
    assert heard == {"unsure_score": {"score": "2", "words": "pas trop"}}
    assert rows(checkin) == []
    asked = stage.run(AskSleep, boy, **heard).reply
    assert asked.text == "Je comprends « pas trop » : 🙁 (2). C'est ça ?"
    assert asked.titles == ["Oui", "Changer"]
    for answer in (asked.payloads[0], "oui"):
        confirmed = _read(stage, boy, "sleep", answer, "affirm", sleep=None, **heard)
        assert (confirmed["sleep"], confirmed["unsure_score"]) == ("2", None)
    for answer in (asked.payloads[1], "non"):
        taken_back = _read(stage, boy, "sleep", answer, "deny", sleep=None, **heard)
        assert taken_back == {"unsure_score": None}


def test_a_loose_answer_can_be_replaced_by_a_clear_one(stage, boy):
    heard = {"unsure_score": {"score": "2", "words": "pas trop"}}
    for said, intent, score in (("4", "nlu_fallback", "4"), ("très mal", "deny", "1")):
        read = _read(stage, boy, "sleep", said, intent, sleep=None, **heard)
        assert (read["sleep"], read["unsure_score"]) == (score, None)


def test_every_question_can_be_passed_and_leaves_no_answer(stage, boy, rows):
    for asked in ("week", "sleep", "workshop", "wants_contact", "calm_hour"):
        for taken_for in ("nlu_fallback", "deny", "goodbye"):
            read = _read(stage, boy, asked, "passer", taken_for, **{asked: None})
            assert read[asked] == "skip"
    assert rows(checkin) == []


OTHER_REQUESTS = (
    ("week", "l'argent est bien tombé ?", "ask_payment"),
    ("week", "je veux parler à quelqu'un", "talk_to_human"),
    ("week", '/choose{"question": "sleep", "answer": "2"}', "choose"),
    ("workshop", "mon oncle me frap chak soir", "report_danger"),
    ("calm_hour", "merci", "thank"),
)


def test_another_request_and_an_old_button_are_no_answer(stage, boy, rows):
    for asked, said, intent in OTHER_REQUESTS:
        assert _read(stage, boy, asked, said, intent, **{asked: None}) == {}, said
    assert rows(checkin) == []


def test_an_answer_is_not_read_twice_when_the_form_comes_back(stage, boy, rows):
    assert _read(stage, boy, "week", "4", week="2") == {}
    assert rows(checkin) == []


def test_the_answers_of_one_checkin_are_one_row(stage, boy, rows):
    first = _read(stage, boy, "week", "2", week=None)
    _read(stage, boy, "workshop", "pas tous les jours", workshop=None, **first)
    read = _read(stage, boy, "wants_contact", "un appel", wants_contact=None, **first)
    assert "calm_hour" not in read
    _read(stage, boy, "calm_hour", "le soir vers 18 h", calm_hour=None, **first)
    (kept,) = rows(checkin)
    assert (kept.week, kept.workshop, kept.wants_contact) == (2, "some_days", "call")
    assert kept.calm_hour == "le soir vers 18 h"
    assert [(task.kind, task.severity) for task in rows(alert)] == [("low_score", "normal")]


def test_the_hour_is_asked_for_a_call_only(stage, boy):
    read = _read(stage, boy, "wants_contact", "pas maintenant", "deny", wants_contact=None)
    assert read["calm_hour"] == "skip"


def test_a_wish_to_be_written_to_brings_a_person(stage, boy, rows):
    end = stage.run(SubmitCheckin, boy, wants_contact="writing")
    assert end.responses == ["utter_person_asked"]
    assert rows(promise)[0].subject == "human_answer"


def test_a_wish_to_be_called_brings_a_person_and_promises_no_hour(stage, boy, rows):
    assert stage.run(SubmitCheckin, boy, wants_contact="call").responses == [
        "utter_checkin_call_noted"
    ]
    assert rows(alert)[0].kind == "human_asked"
    assert rows(promise) == []


def test_without_a_wish_it_ends_with_thanks(stage, boy, rows):
    assert stage.run(SubmitCheckin, boy, wants_contact="no").responses == ["utter_checkin_thanks"]
    assert rows(alert) == []
