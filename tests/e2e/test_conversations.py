"""The model conversations, written from phones through the real doors to real processes."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from bot.db.tables import (
    alert,
    checkin,
    complaint,
    consent,
    conversation,
    inbox,
    person,
    training_enrolment,
)
from bot.demo.people import NEWCOMER
from tests.e2e.conftest import MOTHER

NEUTRAL = "Je ne peux pas répondre à ça ici. Pour les infos\u00a0: 1. Pour une personne\u00a0: 8."


class Phone:
    """A phone in a hand: writes, presses, and reads what has come since."""

    def __init__(self, platform, address):
        self._platform, self.address = platform, address
        self._read = len(platform.sent(address))

    def say(self, text, **values):
        self._read = len(self._platform.sent(self.address))
        self._platform.say(self.address, text, **values)
        return self.next()

    def press(self, title):
        self._read = len(self._platform.sent(self.address))
        self._platform.press(self.address, title)
        return self.next()

    def next(self):
        """Wait for the next message; return its text with its buttons' titles."""
        wanted = self._read
        self._platform.wait_for(
            self.address,
            lambda _: len(self._platform._sent[self.address]) > wanted,
            timeout=20,
        )
        self._read += 1
        sent = self._platform.sent(self.address)[wanted]
        return " ".join([sent.text, *(f"⟦{title}⟧" for title in sent.titles)])

    @property
    def is_quiet(self):
        return len(self._platform.sent(self.address)) == self._read


@pytest.fixture
def boy(akoma, telegram, new_boy):
    return Phone(telegram, new_boy())


@pytest.fixture
def mother(akoma, whatsapp):
    return Phone(whatsapp, MOTHER)


@pytest.fixture
def rows(installed):
    def read(table):
        with installed.read() as connection:
            return connection.execute(select(table).order_by(table.c.id)).all()

    return read


def test_1_first_contact_with_a_code_from_the_worker(akoma, telegram, new_code, rows):
    phone = Phone(telegram, "700200")
    code = new_code(NEWCOMER.case)
    welcome = phone.say(f"/start {code}")
    assert "pas une personne" in welcome
    assert "Awa" in welcome
    assert "⟦1 Oui⟧ ⟦2 Non⟧ ⟦3 En savoir plus⟧" in welcome
    assert "on t'aide quand même" in phone.say("3")
    talk = rows(conversation)[-1]
    assert (talk.consent, talk.enrolment) == ("asked", "none")
    assert all(m.text is None for m in rows(inbox) if m.conversation_id == talk.id)
    assert "prénom" in phone.say("1")
    assert "9 = danger" in phone.say("adjoua")
    assert "Bienvenue, Adjoua" in phone.next()
    other = Phone(telegram, "700201")
    assert "Awa" not in other.say(f"/start {code}")


def test_2_a_mother_is_told_her_own_amount_and_nobody_else_is(mother, telegram, rows):
    answer = mother.say("slt c pour savoir si largent du mois est tombé")
    assert re.search(r"25 000 F CFA envoyés le \d+\w* \w+", answer.replace("\u00a0", " "))
    assert "Salif" in answer
    assert "…" in answer
    assert "⟦1 Bien reçu⟧ ⟦2 Pas reçu⟧ ⟦3 Pas le bon montant⟧" in answer
    why = mother.say("3 on a donné 20000").replace("\u00a0", " ")
    assert "20 000 F" in why
    assert "25 000 F" in why
    filed = mother.say("2")
    number = re.search(r"P-\d+", filed)
    assert number
    made = rows(complaint)[-1]
    assert made.number == number.group()
    assert (made.subject, made.cause_said, int(made.amount_said)) == (
        "wrong_amount",
        "someone_took",
        20000,
    )
    apart = next(a for a in rows(alert) if a.id == made.alert_id)
    assert apart.restricted
    assert "Aminata" in mother.next()


@pytest.mark.parametrize(
    "question",
    ["l'argent du mois est tombé ?", "ma formation commence quand", "mon rdv c'est quand"],
)
def test_2_an_unknown_number_gets_the_same_words_for_every_personal_fact(akoma, whatsapp, question):
    phone = Phone(whatsapp, f"22500000001{len(question)}")
    assert NEUTRAL in phone.say(question)
    assert "pas une personne" in phone.next()


def test_3_a_boy_in_the_middle_of_his_news_writes_that_he_is_beaten(boy, rows):
    assert "5 😀" in boy.say("mes nouvelles")
    boy.say("4")
    boy.say("3")
    crisis = boy.say("mon oncle me frap chak soir")
    assert "Tu as bien fait d'écrire. Ce n'est pas ta faute." in crisis
    assert "116" in crisis
    assert "⟦1 Une personne⟧ ⟦2 Effacer d'ici⟧ ⟦3 Mal compris⟧" in crisis
    found = next(a for a in rows(alert) if a.category == "violence" and a.kind == "red_flag")
    assert found.severity == "critical"
    calm = boy.say("non c rien laisse")
    assert "On n'en parle plus ici" in calm
    still = next(a for a in rows(alert) if a.id == found.id)
    assert (still.severity, still.state) == ("critical", "open")
    assert boy.is_quiet  # the form does not go on by itself


def test_4_news_by_digits_words_and_faces_with_a_low_score(boy, rows):
    assert "Ta semaine" in boy.say("je donne mes nouvelles")
    boy.say("🙁")
    unsure = boy.say("pas trop")
    assert "Je comprends «\u00a0pas trop\u00a0»" in unsure
    boy.say("1")
    boy.say("pas tous les jours")
    assert "c'est calme" in boy.press("Oui, un appel")
    boy.say("le soir vers 18 h")
    kept = rows(checkin)[-1]
    assert (kept.week, kept.sleep, kept.workshop) == (2, 2, "some_days")
    assert any(a.kind == "low_score" for a in rows(alert))


def test_5_what_is_not_understood_is_asked_back_then_given_to_a_person(boy, rows):
    asked = boy.say("le gnamakoudji du carrefour")
    assert "Je n'ai pas compris" in asked
    assert "⟦3 Autre chose⟧" in asked
    given = boy.say("nn")
    assert "Je demande à une personne de te répondre" in given
    assert "9" in given
    assert any(a.kind == "not_understood" for a in rows(alert))


def test_6_training(boy, rows):
    offered = boy.say("je veux apprendre la couture")
    assert "Couture" in offered
    asked = boy.say("2")
    assert "Ce n'est pas encore oui" in asked
    assert rows(training_enrolment)[-1].state == "requested"


def test_7_a_person_is_asked_for(boy, rows):
    assert "Je demande à une personne" in boy.say("je veux parler a qqn")
    assert "déjà" in boy.say("8")
    assert any(a.kind == "human_asked" for a in rows(alert))


def test_8_stop_leave_come_back(boy):
    assert "je n'écris plus" in boy.say("stop")
    assert boy.say("X") == "👋"
    back = boy.say("slt")
    assert "de nouveau" in back
    boy.press("Oui")


def test_9_a_language_is_asked_for_in_its_own_words(boy, rows):
    assert "on continue dans cette langue" in boy.say("n bɛ julakan fɔ")
    assert "ne sont pas encore dans cette langue" in boy.next()
    assert rows(person)[-1].language == "dyu"
    assert "⟦2 English⟧" in boy.say("7")
    assert "we go on in this language" in boy.say("2")
    assert "My training⟧" in boy.say("menu")
    assert "on continue dans cette langue" in boy.say("français svp")


def test_9_who_writes_another_language_is_asked_in_it(boy, rows):
    boy.say("please when will the training start")
    asked = boy.next()
    assert "Shall we go on in English?" in asked
    assert "Yes⟧" in asked
    assert "we go on in this language" in boy.press("Yes")
    assert "What would you like" in boy.next()
    assert rows(person)[-1].language == "en"


def test_9_it_is_not_asked_in_the_middle_of_the_news(boy):
    boy.say("mes nouvelles")
    boy.say("please when will the training start")
    while not boy.is_quiet:
        assert "Shall we go on" not in boy.next()
    assert "Shall we go on" not in boy.say("4")


def test_9_a_stranger_chooses_before_saying_yes(akoma, telegram, rows):
    phone = Phone(telegram, "700290")
    welcome = phone.say("slt")
    assert "English, Julakan, Wawle, Twi, Mooré" in welcome.splitlines()[-1]
    assert "we go on in this language" in phone.say("I want english")
    again = phone.next()
    assert "May we keep your messages" in again
    assert "Français, Julakan" in again
    phone.say("1")
    assert rows(consent)[-1].language == "en"


def test_10_a_complaint_about_staff_is_the_focal_points_alone(boy, rows):
    answer = boy.say("leducateur demande de largent pour me donner le kit")
    assert "Personne ne doit te demander de l'argent" in answer
    assert "⟦1 Mon centre⟧" in answer
    boy.say("3")
    assert rows(alert)[-1].restricted
    written = next(m for m in rows(inbox) if m.text and "leducateur" in m.text)
    assert written.restricted


def test_a_button_of_one_phone_does_nothing_on_another(boy, telegram, akoma):
    boy.say("menu")
    token = telegram.sent(boy.address)[-1].buttons[0][1]
    stranger = Phone(telegram, "700999")
    stranger.say("bonjour")
    telegram.press_token("700999", token)
    assert "Ta semaine" not in stranger.say("bonsoir")
