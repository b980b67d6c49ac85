"""Training, aid, appointments, complaints, wishes and distress: what is said and what is left."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from actions.aid import AskAid, AskAidStatus, PickAid
from actions.appointments import AskAppointment, RescheduleAppointment
from actions.complaints import ComplainStaff, ComplaintHide
from actions.distress import ReportDanger, ReportSick
from actions.requests import (
    AskPrivacy,
    ChangeLanguage,
    DeleteMyData,
    ReadContact,
    StopMessages,
    SubmitContact,
    UpdateContact,
    WrongPerson,
)
from actions.training import AskTraining, AskTrainingStatus, PickProgramme, ReportAbsence
from bot.db.tables import aid_request, alert, alert_event, conversation, promise
from bot.i18n.catalogs import load_languages
from bot.settings import PROJECT
from tests.made_up_caseload import (
    make_aid_kind,
    make_appointment,
    make_enrolment,
    make_link,
    make_programme,
)


@pytest.fixture
def boy(stage):
    return stage.person()


def _tasks(rows):
    return [(task.kind, task.category, task.severity) for task in rows(alert)]


def test_programmes_are_listed_with_a_button_each(stage, boy):
    make_programme(stage.connection, stage.home)
    make_programme(
        stage.connection,
        stage.home,
        title="Couture et broderie",
        place="atelier B",
        starts_on=None,
        places_left=1,
    )
    make_programme(stage.connection, stage.home, town="Soubré")
    shown = stage.run(AskTraining, boy, "je veux apprendre la couture", "ask_training").reply
    assert shown.text.splitlines() == [
        "Près de San Pedro :",
        "1 Couture, Centre A, début le 12 janvier, 6 places",
        "2 Couture et broderie, atelier B, quand vous voulez, 1 place",
        "Laquelle ?",
    ]
    assert shown.titles == ["Couture", "Couture et broderie", "Une autre ville"]
    elsewhere = stage.run(AskTraining, boy, shown.payloads[2]).reply
    assert "Soubré" in elsewhere.text


def test_who_may_not_ask_for_a_place_is_shown_a_person(stage):
    make_programme(stage.connection, stage.home)
    for someone in (None, stage.person(kind="caregiver")):
        shown = stage.run(AskTraining, someone, "/ask_training").reply
        assert "• Couture, Centre A" in shown.text
        assert shown.payloads == ["/talk_to_human"]


def test_too_young_and_nothing_open(stage, boy):
    assert stage.run(AskTraining, boy, "/ask_training").responses == ["utter_training_none"]
    make_programme(stage.connection, stage.home, minimum_age=18)
    young = stage.run(AskTraining, boy, "/ask_training").reply
    assert young.text.startswith("Ce métier commence à 18 ans.")


def test_a_place_is_asked_for_and_never_given(stage, boy):
    course = make_programme(stage.connection, stage.home)
    pressed = f'/pick_programme{{"programme_id": "{course.id}"}}'
    talk = stage.talk(boy)
    asked = stage.run(PickProgramme, talk, pressed).reply
    assert asked.text == (
        "Je demande à Awa. Vous aurez la réponse ici avant vendredi 27 novembre à 17 h. "
        "Ce n'est pas encore oui."
    )
    assert stage.run(PickProgramme, talk, pressed).responses == ["utter_training_already"]
    gone = stage.run(PickProgramme, talk, '/pick_programme{"programme_id": "4711"}')
    assert gone.responses == ["utter_training_full"]


def test_ones_own_first_day_is_told_with_its_place(stage, boy):
    course = make_programme(stage.connection, stage.home)
    first_day = stage.now + timedelta(days=5)
    make_enrolment(stage.connection, boy, course, stage.now, state="accepted", first_day=first_day)
    told = stage.run(AskTrainingStatus, boy, "/ask_training_status").reply
    assert told.text == "Couture, Centre A : premier jour lundi 30 novembre à 10 h 30."


@pytest.mark.parametrize(("rights", "told_place"), [((), False), (("sees_places",), True)])
def test_a_mother_is_told_the_place_only_where_it_is_ticked(stage, boy, rights, told_place):
    mother = stage.person(kind="caregiver")
    make_link(stage.connection, mother, boy, "sees_training", *rights)
    course = make_programme(stage.connection, stage.home)
    make_enrolment(stage.connection, boy, course, stage.now, state="accepted", first_day=stage.now)
    told = stage.run(AskTrainingStatus, mother, "/ask_training_status").reply
    assert told.text.startswith("Kouadio : ")
    assert ("Centre A" in told.text) is told_place


def test_every_state_of_an_enrolment_has_its_words(stage, boy):
    course = make_programme(stage.connection, stage.home)
    assert stage.run(AskTrainingStatus, boy).responses == ["utter_training_status_none"]
    for state in ("requested", "accepted", "refused", "following", "done"):
        make_enrolment(stage.connection, boy, course, stage.now, state=state)
        told = stage.run(AskTrainingStatus, boy).reply
        assert told.response == f"utter_training_status_{state}"


def test_an_absence_is_a_task(stage, boy, rows):
    assert "Awa" in stage.run(ReportAbsence, boy, "/report_absence").reply.text
    assert _tasks(rows) == [("task", "absence", "normal")]


def test_aid_is_listed_asked_for_and_followed(stage, boy, rows):
    assert stage.run(AskAid, boy, "/ask_aid").responses == ["utter_aid_none"]
    kit = make_aid_kind(stage.connection)
    shown = stage.run(AskAid, boy, "/ask_aid").reply
    assert shown.text.splitlines()[1] == "1 Kit de couture : après trois mois"
    assert stage.run(PickAid, boy, shown.payloads[0]).responses == ["utter_aid_requested"]
    assert rows(aid_request)[0].aid_kind_id == kit.id
    assert stage.run(PickAid, boy, shown.payloads[0]).responses == ["utter_aid_already"]
    assert stage.run(AskAidStatus, boy).responses == ["utter_aid_status_requested"]
    stranger = stage.run(AskAid, None, "/ask_aid").reply
    assert stranger.payloads == ["/talk_to_human"]


def test_every_state_of_a_request_has_its_words(stage, boy):
    assert stage.run(AskAidStatus, boy).responses == ["utter_aid_status_none"]
    stage.run(PickAid, boy, f'/pick_aid{{"aid_kind_id": "{make_aid_kind(stage.connection).id}"}}')
    for state in ("requested", "approved", "ready", "given", "refused"):
        stage.connection.execute(aid_request.update().values(state=state))
        assert stage.run(AskAidStatus, boy).responses == [f"utter_aid_status_{state}"]
    on = stage.now.date()
    stage.connection.execute(aid_request.update().values(state="approved", expected_on=on))
    assert "25 novembre" in stage.run(AskAidStatus, boy).reply.text


def test_the_next_appointment_with_its_place(stage, boy):
    assert stage.run(AskAppointment, boy).responses == ["utter_appointment_none"]
    for kind in ("visit", "office", "call", "health"):
        stage.now -= timedelta(days=1)
        make_appointment(stage.connection, boy, stage.now + timedelta(hours=1), kind=kind)
        told = stage.run(AskAppointment, boy).reply
        assert "à 11 h 30, rue du Marché." in told.text
        assert told.payloads == ["/thank", "/reschedule_appointment"]


def test_another_day_is_promised_by_a_person(stage, boy, rows):
    answer = stage.run(RescheduleAppointment, boy, "/reschedule_appointment").reply
    assert "Réponse aujourd'hui avant 17 h" in answer.text
    assert _tasks(rows) == [("task", "appointment", "normal")]
    assert rows(promise)[0].subject == "appointment"


@pytest.mark.parametrize(
    ("said", "about_money"),
    [("l'éducateur demande de l'argent", True), ("la maîtresse crie sur nous", False)],
)
def test_a_complaint_about_staff(stage, boy, rows, said, about_money):
    talk = stage.talk(boy)
    asked = stage.run(ComplainStaff, talk, said, "complain_staff").reply
    assert ("Personne ne doit vous demander de l'argent" in asked.text) is about_money
    assert "Réponse aujourd'hui avant 17 h." in asked.text
    assert asked.titles == ["Mon centre", "Awa", "Je ne sais pas"]
    hidden = stage.run(ComplaintHide, talk, asked.payloads[1])
    assert hidden.responses == ["utter_complaint_hidden"]
    (task,) = rows(alert)
    assert (task.kind, task.restricted) == ("staff_complaint", True)
    assert "hide_from: worker" in [event.note for event in rows(alert_event)]


def test_who_reads_is_told_and_to_a_stranger_in_neutral_words(stage, boy):
    assert "patron" in stage.run(AskPrivacy, boy).reply.text
    assert "patron" not in stage.run(AskPrivacy, None).reply.text


def test_an_erasure_is_promised_an_answer(stage, boy, rows):
    answer = stage.run(DeleteMyData, boy, "/delete_my_data").reply
    assert "Réponse aujourd'hui avant 17 h." in answer.text
    assert _tasks(rows) == [("task", "erasure", "normal")]


def test_stop_and_wrong_person_leave_the_form(stage, boy, rows):
    assert stage.run(StopMessages, boy).left_form
    assert stage.run(WrongPerson, boy).left_form
    assert [task.kind for task in rows(alert)] == ["stopped", "wrong_person"]
    talks = rows(conversation)
    assert all(talk.opted_out_at == stage.now for talk in talks)
    assert [talk.person_id for talk in talks] == [boy.id, None]


def test_a_new_number_is_a_task_with_the_hour_for_a_call(stage, boy, rows):
    talk = stage.talk(boy)
    changed = stage.run(UpdateContact, talk, "g changé de numéro", "update_contact")
    assert (changed.next_action, changed.slots) == ("contact_form", {"calm_hour": None})
    asked = {"requested_slot": "calm_hour", "calm_hour": None}
    assert stage.run(ReadContact, talk, "le soir vers 18 h", **asked).slots == {
        "calm_hour": "le soir vers 18 h"
    }
    assert stage.run(ReadContact, talk, "passer", **asked).slots == {"calm_hour": "skip"}
    assert stage.run(ReadContact, talk, "c'est quand la couture", **asked).slots == {}
    stage.run(SubmitContact, talk, calm_hour="le soir")
    assert _tasks(rows) == [("task", "contact", "normal")]
    notes = stage.connection.execute(select(alert_event.c.note)).scalars().all()
    assert notes == [None, "le soir"]
    assert stage.run(SubmitContact, talk, calm_hour="skip").responses == ["utter_contact_noted"]


def test_a_language_is_chosen_by_name_or_from_the_list(stage, boy, rows):
    talk = stage.talk(boy)
    asked = stage.run(ChangeLanguage, talk, "je veux une autre langue", "change_language").reply
    names = [each.name for each in load_languages(PROJECT / "locales").values()]
    assert asked.titles == [*names[:3], "➡️ Autres langues", "🔊 Écouter"]
    others = stage.run(ChangeLanguage, talk, asked.payloads[3]).reply
    assert others.titles == names[3:]
    assert rows(conversation)[0].language == "fr"
    assert stage.run(ChangeLanguage, talk, others.payloads[1]).responses == [
        "utter_language_changed"
    ]
    assert rows(conversation)[0].language == "ak"
    stage.run(ChangeLanguage, talk, "je veux parler dioula", "change_language")
    assert rows(conversation)[0].language == "dyu"


@pytest.mark.parametrize(
    ("spoken", "said", "language"),
    [
        ("fr", "I want english", "en"),
        ("fr", "julakan", "dyu"),
        ("fr", "n bɛ julakan fɔ", "dyu"),
        ("fr", "Twi", "ak"),
        ("fr", "wawle", "bci"),
        ("fr", "moore", "mos"),
        ("ak", "borɔfo", "en"),
        ("dyu", "angilekan", "en"),
        ("en", "tu m'as mis en anglais, je veux français", "fr"),
        ("bci", "arrête le baoulé, mets français", "fr"),
        ("fr", "moi je parle pas français, je suis mossi", "mos"),
        ("en", "english please", "en"),
    ],
)
def test_a_language_is_asked_for_in_any_languages_words(stage, boy, rows, spoken, said, language):
    talk = stage.talk(boy)
    stage.run(ChangeLanguage, talk, f'/change_language{{"language": "{spoken}"}}')
    assert stage.run(ChangeLanguage, talk, said, "change_language").responses == [
        "utter_language_changed"
    ]
    assert rows(conversation)[0].language == language


@pytest.mark.parametrize(
    "said",
    [
        "je ne comprends pas le français",
        "I no dey hear french",
        "dioula ou mooré",
        "ma langue agni",
    ],
)
def test_where_it_is_not_clear_which_language_all_are_shown(stage, boy, rows, said):
    talk = stage.talk(boy)
    assert stage.run(ChangeLanguage, talk, said, "change_language").responses == ["utter_languages"]
    assert rows(conversation)[0].language == "fr"


def test_somebody_ill_is_a_task(stage, boy, rows):
    assert "centre de santé" in stage.run(ReportSick, boy, "j'ai le palu", "report_sick").reply.text
    assert _tasks(rows) == [("task", "sick", "normal")]


def test_a_child_who_is_pregnant_is_for_the_same_day(stage, boy, rows):
    grown_up = stage.person(birth_year=1995)
    for someone in (grown_up, stage.person(), None):
        stage.run(ReportSick, someone, "je suis enceinte", "report_sick")
    assert [task.severity for task in rows(alert)] == ["normal", "high", "normal"]


@pytest.mark.parametrize(
    ("intent", "category", "first_words"),
    [
        ("report_danger", "fear", "Merci de votre message."),
        ("report_other_child", "exploitation", "Merci. N'allez pas le chercher vous-même."),
    ],
)
def test_a_danger_that_only_the_dialogue_sees_is_never_silent(
    stage, boy, rows, intent, category, first_words
):
    answer = stage.run(ReportDanger, boy, "…", intent)
    assert answer.reply.text.startswith(first_words)
    assert answer.left_form
    assert _tasks(rows) == [("red_flag", category, "high")]
    assert rows(promise)[0].subject == "human_answer"
