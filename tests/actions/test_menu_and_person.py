"""The menu by who asks, a person, and what is not understood (model conversations 5 and 7)."""

import pytest

from actions.human import NotUnderstood, TalkToHuman
from actions.menu import Menu
from actions.talk import Affirm, ChoiceExpired, Deny
from bot.db.tables import alert, promise, unclear
from bot.followup.conversations import get_conversation
from tests.followup.unclear import make_message

RANKING = ("nlu_fallback", "out_of_scope", "ask_payment", "greet", "report_sick", "ask_aid")
# What Rasa's tracker holds after one message that was not understood.
ONCE_BEFORE = (
    {"event": "user"},
    {"event": "action", "name": "action_not_understood"},
    {"event": "action", "name": "action_listen"},
    {"event": "user"},
)
LONG_BEFORE = (*ONCE_BEFORE, {"event": "action", "name": "action_menu"}, {"event": "user"})


@pytest.fixture
def boy(stage):
    return stage.person()


def test_the_first_choices_depend_on_who_asks(stage, boy):
    mother = stage.person(kind="caregiver")
    titles = [stage.run(Menu, who, "/greet").reply.titles for who in (boy, mother, None)]
    assert titles == [
        ["Mes nouvelles", "Ma formation", "Autre chose"],
        ["L'argent", "La formation", "Autre chose"],
        ["Une formation", "L'école", "Autre chose"],
    ]


def test_every_page_leads_on_and_the_last_one_to_a_person(stage, boy):
    for someone in (boy, stage.person(kind="caregiver"), None):
        following, seen = ["/ask_help"], []
        while following:
            page = stage.run(Menu, someone, following[0]).reply
            assert len(page.choices) <= 3
            seen += page.payloads
            following = [p for p in page.payloads if p.startswith("/more_choices")]
        assert seen[-1] == "/talk_to_human"
        assert len(set(seen)) == len(seen)


def test_a_page_that_does_not_exist_is_the_last_one(stage, boy):
    page = stage.run(Menu, boy, '/more_choices{"page": "99"}').reply
    assert page.payloads[-1] == "/talk_to_human"


def test_what_it_cannot_do_is_said_with_what_it_can(stage, boy):
    answer = stage.run(Menu, boy, "qui a gagné le match", "out_of_scope").reply
    assert answer.response == "utter_out_of_scope"
    assert answer.choices


def test_a_person_is_promised_with_the_hour(stage, boy, rows):
    answer = stage.run(TalkToHuman, boy, "/talk_to_human")
    assert answer.reply.text == (
        "Je demande à une personne de vous répondre : aujourd'hui avant 17 h. En danger : tapez 9."
    )
    assert answer.left_form
    assert [(task.kind, task.severity) for task in rows(alert)] == [("human_asked", "normal")]


def test_at_night_it_says_so(stage, boy):
    stage.now = stage.now.replace(hour=21, minute=10)
    answer = stage.run(TalkToHuman, boy, "/talk_to_human").reply
    assert "Il est 21 h 10 : réponse demain avant 9 h." in answer.text


def test_it_is_promised_once(stage, boy, rows):
    talk = stage.talk(boy)
    stage.run(TalkToHuman, talk, "/talk_to_human")
    again = stage.run(TalkToHuman, talk, "/talk_to_human").reply
    assert again.text.startswith("Votre message est déjà transmis. Réponse aujourd'hui avant 17 h.")
    assert len(rows(promise)) == 1


def test_a_stranger_gets_a_person_too(stage, rows):
    assert stage.run(TalkToHuman, None, "/talk_to_human").responses == ["utter_person_asked"]
    assert rows(alert)[0].person_id is None


def test_what_is_not_understood_waits_for_somebody_to_say_what_it_means(stage, boy, rows):
    talk = get_conversation(stage.connection, stage.talk(boy))
    stage.inbox_id = make_message(stage.connection, talk, "gnamakoudji wari", stage.now)
    stage.run(NotUnderstood, talk.id, "gnamakoudji wari", ranking=RANKING)
    (noted,) = rows(unclear)
    assert (noted.inbox_id, noted.reason, noted.guess) == (
        stage.inbox_id,
        "not_understood",
        "out_of_scope",
    )


def test_the_two_best_guesses_are_offered(stage, boy):
    asked = stage.run(NotUnderstood, boy, "gnamakoudji wari", ranking=RANKING).reply
    assert asked.text == "Je n'ai pas compris, pardon. C'est plutôt :"
    assert asked.choices == (
        ("L'argent", "/ask_payment"),
        ("Je suis malade", "/report_sick"),
        ("Autre chose", "/ask_help"),
    )


def test_a_delicate_guess_is_a_person_and_no_name_on_a_button(stage, boy):
    ranking = ("nlu_fallback", "complain_staff", "report_danger", "ask_aid")
    asked = stage.run(NotUnderstood, boy, "il demande ça", ranking=ranking).reply
    assert asked.payloads == ["/talk_to_human", "/ask_aid", "/ask_help"]


def test_a_number_that_answers_nothing_gets_the_menu(stage, boy):
    asked = stage.run(NotUnderstood, boy, "4", ranking=RANKING).reply
    assert asked.titles == ["Mes nouvelles", "Ma formation", "Autre chose"]


def test_what_resembles_nothing_gets_the_menu(stage, boy):
    asked = stage.run(NotUnderstood, boy, "asdkjh", ranking=RANKING, confidence=0.05).reply
    assert asked.titles == ["Mes nouvelles", "Ma formation", "Autre chose"]


def test_while_a_form_asks_only_its_own_answers_are_offered(stage, boy):
    asked = stage.run(NotUnderstood, boy, "hm", form="checkin_form", ranking=RANKING).reply
    assert asked.response == "utter_not_understood_in_form"
    assert asked.choices == ()


@pytest.mark.parametrize("action", [NotUnderstood, Deny])
def test_the_second_time_in_a_row_a_person_comes(stage, boy, rows, action):
    answer = stage.run(action, boy, "nn", "deny", events=ONCE_BEFORE, ranking=RANKING)
    assert answer.responses == ["utter_person_asked"]
    assert answer.left_form
    assert [task.kind for task in rows(alert)] == ["not_understood"]


def test_not_in_a_row_is_the_first_time(stage, boy):
    answer = stage.run(NotUnderstood, boy, "hm", events=LONG_BEFORE, ranking=RANKING)
    assert answer.responses == ["utter_not_understood"]


def test_a_yes_a_no_and_an_old_button_where_nothing_was_asked(stage, boy):
    assert stage.run(Affirm, boy, "oui", "affirm").responses == ["utter_what_next"]
    assert stage.run(Deny, boy, "non", "deny").responses == ["utter_here"]
    assert stage.run(ChoiceExpired, boy, "/choose").responses == ["utter_choice_expired"]


def test_while_a_form_asks_its_question_is_what_counts(stage, boy):
    for action in (Affirm, Deny, ChoiceExpired):
        said = stage.run(action, boy, "oui", "affirm", form="checkin_form").reply
        assert said.choices == ()
