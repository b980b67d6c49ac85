"""The model conversations through the project's own dialogue: real model, actions, sentences."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import Table, select
from sqlalchemy.engine import Connection, Row

from bot.db.engine import Database
from bot.db.tables import alert, checkin, complaint, conversation, payment, training_enrolment
from bot.delivery.offers import typed_choice, with_words
from bot.delivery.ports import Dialogue, Memory
from bot.followup.caller import identify
from bot.followup.conversations import get_conversation
from tests.made_up import make_conversation, make_member, make_person, make_structure
from tests.made_up_caseload import (
    make_aid_kind,
    make_due_payment,
    make_enrolment,
    make_link,
    make_payment,
    make_programme,
)

pytestmark = pytest.mark.model

NEUTRAL = "Je ne peux pas répondre à ça ici. Pour les infos : 1. Pour une personne : 8."


class Writer:
    """Somebody who writes, and answers choices by their digit or title as on a phone."""

    def __init__(self, dialogue: Dialogue, database: Database, now: datetime, talk_id: int) -> None:
        self._dialogue = dialogue
        self._database = database
        self._talk_id = talk_id
        self._memory: Memory | None = None
        self._offer: list[dict[str, str]] = []
        self.now = now

    async def say(self, text: str) -> list[str]:
        """Write, and return the replies, each with its choices' titles behind it."""
        typed = typed_choice(text, self._offer)
        chosen = with_words(typed.payload, text if typed.words else "") if typed else None
        message = chosen if chosen is not None else await self._dialogue.understand(text)
        with self._database.turn() as connection:
            caller = identify(connection, get_conversation(connection, self._talk_id), self.now)
            answer = await self._dialogue.answer(message, caller, self._memory)
        assert not answer.failed
        self._memory = answer.memory
        self._offer = [
            {"key": key, "title": title, "payload": payload}
            for key, title, payload in answer.said[-1].choices
        ]
        return [
            " ".join([said.text, *(f"⟦{title}⟧" for _, title, _ in said.choices)]).replace(
                "\u00a0", " "
            )
            for said in answer.said
        ]

    async def last(self, text: str) -> str:
        """Write, and return the last reply."""
        return (await self.say(text))[-1]


class Town:
    """One structure with its worker Awa, and the phones of those it follows."""

    def __init__(self, dialogue: Dialogue, database: Database, now: datetime) -> None:
        self._dialogue, self._database, self.now = dialogue, database, now
        with database.write() as connection:
            self.home = make_structure(connection)
            self._worker = make_member(connection, self.home)

    def person(self, connection: Connection, **values: Any) -> Row:
        return make_person(connection, self.home, worker_id=self._worker.id, **values)

    def boy(self) -> Writer:
        """Give a boy of 15 who learns sewing, with a payment to come."""
        with self._database.write() as connection:
            someone = self.person(connection)
            course = make_programme(connection, self.home)
            make_programme(
                connection, self.home, title="Couture et broderie", starts_on=None, places_left=1
            )
            make_enrolment(connection, someone, course, self.now)
            make_due_payment(connection, someone, date(2026, 12, 4))
            return self.writer(make_conversation(connection, someone).id)

    def offer_aid(self) -> None:
        """Offer a sewing kit, and a course, whose names staff wrote in English too."""
        with self._database.write() as connection:
            make_aid_kind(connection, name_in={"en": "Sewing kit"}, for_whom_in={"en": "for all"})
            make_aid_kind(connection, name="Transport", for_whom="pour venir")
            make_programme(connection, self.home, title="Coiffure", title_in={"en": "Hairdressing"})

    def mother(self) -> Writer:
        """Give a mother with two children in the programme, both paid this month."""
        with self._database.write() as connection:
            mother = self.person(
                connection, kind="caregiver", first_name="Mariam", address_form="vous"
            )
            for name in ("Salif", "Aminata"):
                child = self.person(connection, first_name=name)
                make_link(connection, mother, child, "sees_payments")
                make_payment(connection, child, recipient_id=mother.id)
            return self.writer(make_conversation(connection, mother, channel="whatsapp").id)

    def stranger(self) -> Writer:
        with self._database.write() as connection:
            return self.writer(make_conversation(connection, consent="yes").id)

    def writer(self, talk_id: int) -> Writer:
        return Writer(self._dialogue, self._database, self.now, talk_id)

    def rows(self, table: Table) -> list[Any]:
        with self._database.read() as connection:
            return connection.execute(select(table).order_by(table.c.id)).all()


@pytest.fixture
def town(dialogue: Dialogue, sqlite_database: Database, now: datetime) -> Town:
    return Town(dialogue, sqlite_database, now)


async def test_2_a_mother_complains_and_is_asked_about_the_next_child(town):
    mother = town.mother()
    assert await mother.last("l'argent du mois est tombé ?") == (
        "Pour Salif (novembre) : 25 000 F CFA envoyés le 4 novembre (…42). "
        "⟦Bien reçu⟧ ⟦Pas reçu⟧ ⟦Pas le bon montant⟧"
    )
    assert await mother.last("3 on a donné 20000") == (
        "Je note : 20 000 F CFA, pas 25 000 F CFA. Vous savez pourquoi ? "
        "⟦Pris au retrait⟧ ⟦Quelqu'un a pris⟧ ⟦Je ne sais pas⟧"
    )
    filed, following = await mother.say("2")
    (kept,) = town.rows(complaint)
    assert filed == (
        f"Merci. Numéro {kept.number}. Une personne qui ne s'occupe pas des paiements vous répond "
        "aujourd'hui avant 17 h."
    )
    assert following.startswith("Pour Aminata (novembre) : 25 000 F CFA")
    assert await mother.say("oui") == ["Merci, c'est noté."]
    assert [row.state for row in town.rows(payment)] == ["wrong_amount", "received"]
    assert [task.restricted for task in town.rows(alert)] == [True]


async def test_2_nobody_else_learns_anything(town):
    town.mother()
    stranger = town.stranger()
    for question in ("l'argent du mois est tombé ?", "ma formation commence quand"):
        assert await stranger.last(question) == f"{NEUTRAL} ⟦Les infos⟧"
    assert "⟦Une formation⟧" in await stranger.last("1")


async def test_4_news_with_a_loose_answer_and_a_question_in_between(town):
    boy = town.boy()
    assert "⟦😀⟧ ⟦🙂⟧ ⟦😐⟧ ⟦🙁⟧ ⟦😢⟧" in await boy.last("je donne mes nouvelles")
    assert (await boy.last("2")).startswith("Tu dors bien ?")
    heard = await boy.last("pas trop")
    assert heard == "Je comprends « pas trop » : 🙁 (2). C'est ça ? ⟦Oui⟧ ⟦Changer⟧"
    assert (await boy.last("1")).startswith("Cette semaine, tu as été à l'atelier ?")
    answered, again = await boy.say("l'argent est tombé ?")
    assert answered == "Pour décembre : 25 000 F CFA, envoi prévu le 4 décembre."
    assert again.startswith("Cette semaine, tu as été à l'atelier ?")
    assert "⟦Oui, un appel⟧" in await boy.last("pas tous les jours")
    assert await boy.last("2") == "À quelle heure c'est calme pour toi ?"
    assert (await boy.last("le soir vers 18 h")).startswith("C'est noté.")
    (kept,) = town.rows(checkin)
    assert (kept.week, kept.sleep, kept.workshop, kept.wants_contact, kept.calm_hour) == (
        *(2, 2, "some_days", "call"),
        "le soir vers 18 h",
    )
    assert [task.kind for task in town.rows(alert)] == ["low_score", "human_asked"]


async def test_4_every_question_can_be_passed(town):
    boy = town.boy()
    await boy.say("je donne mes nouvelles")
    for _ in range(4):
        said = await boy.last("passer")
    assert said == "C'est noté, merci. Je suis là, tu peux écrire quand tu veux."
    assert town.rows(checkin) == []


async def test_5_not_understood_twice_brings_a_person(town):
    boy = town.boy()
    asked = await boy.last("formation ou papiers")
    assert asked.startswith("Je n'ai pas compris, pardon. C'est plutôt : ⟦")
    assert asked.endswith("⟦Autre chose⟧")
    assert await boy.last("nn") == (
        "Je demande à une personne de te répondre : aujourd'hui avant 17 h. En danger : tape 9."
    )
    assert [task.kind for task in town.rows(alert)] == ["not_understood"]


async def test_6_a_place_in_a_training_is_asked_for(town):
    boy = town.boy()
    offered = await boy.last("je veux apprendre la couture")
    assert offered.startswith("Près de San Pedro :\n1 Couture, Centre A, début le 12 janvier")
    assert await boy.last("2") == (
        "Je demande à Awa. Tu auras la réponse ici avant vendredi 27 novembre à 17 h. "
        "Ce n'est pas encore oui."
    )
    assert town.rows(training_enrolment)[-1].state == "requested"


async def test_7_a_person_is_promised_once_and_the_form_is_left(town):
    boy = town.boy()
    boy.now = town.now.replace(hour=21, minute=10)
    await boy.say("je donne mes nouvelles")
    assert await boy.say("je veux parler a qqn") == [
        "Je demande à une personne de te répondre. Il est 21 h 10 : réponse demain avant 9 h. "
        "En danger : tape 9."
    ]
    assert await boy.say("8") == [
        "Ton message est déjà transmis. Réponse demain avant 9 h. En danger : tape 9."
    ]


async def test_10_a_complaint_about_staff_is_shut_away(town):
    boy = town.boy()
    asked = await boy.last("l'éducateur demande de l'argent pour me donner le kit")
    assert asked.startswith("Merci de ton message. Personne ne doit te demander de l'argent")
    assert asked.endswith("⟦Mon centre⟧ ⟦Awa⟧ ⟦Je ne sais pas⟧")
    assert (await boy.last("2")).startswith("Merci, c'est noté.")
    (task,) = town.rows(alert)
    assert (task.kind, task.restricted) == ("staff_complaint", True)


async def test_11_the_wrong_person_is_told_nothing_more(town):
    boy = town.boy()
    assert await boy.last("c pas moi c son frère") == "Pardon, je n'écris plus ici."
    assert town.rows(conversation)[-1].person_id is None
    assert await boy.last("l'argent du mois est tombé ?") == (f"{NEUTRAL} ⟦Les infos⟧")


async def test_a_menu_leads_to_every_topic_by_digits(town):
    boy = town.boy()
    assert (await boy.last("slt")).endswith("⟦Mes nouvelles⟧ ⟦Ma formation⟧ ⟦Autre chose⟧")
    assert (await boy.last("3")).endswith("⟦L'argent⟧ ⟦Les aides⟧ ⟦Autre chose⟧")
    assert (await boy.last("1")).startswith("Pour décembre")


async def test_an_old_button_of_a_form_says_that_it_is_over(town):
    boy = town.boy()
    await boy.say("je donne mes nouvelles")
    week = list(boy._offer)
    await boy.say("4")
    boy._offer = week
    over, again = await boy.say("5")
    assert over == "Cette question est passée. On continue :"
    assert again.startswith("Tu dors bien ?")
    assert town.rows(checkin)[0].week == 4


async def test_9_another_language_is_kept_with_the_conversation(town):
    boy = town.boy()
    assert "⟦English⟧ ⟦Julakan⟧" in await boy.last("7")
    assert "⟦Wawle⟧ ⟦Twi⟧ ⟦Mooré⟧" in await boy.last("4")
    await boy.say("2")
    assert town.rows(conversation)[-1].language == "ak"
    await boy.say("7")
    assert "in this language" in await boy.last("2")
    assert town.rows(conversation)[-1].language == "en"
    assert "D'accord" in await boy.last("je veux parler dioula")
    assert town.rows(conversation)[-1].language == "dyu"


async def test_what_staff_wrote_is_read_in_the_own_language_where_they_wrote_it(town):
    boy = town.boy()
    town.offer_aid()
    assert "⟦Kit de couture⟧ ⟦Transport⟧" in await boy.last("quelles aides il y a")
    await boy.say("7")
    await boy.say("2")

    offered = await boy.last("which help is there")

    assert "⟦Sewing kit⟧ ⟦Transport⟧" in offered
    assert "Sewing kit: for all" in offered.replace(" :", ":")
    assert "Sewing kit" in await boy.last("1")
    assert "Hairdressing" in await boy.last("is there hairdressing training")
