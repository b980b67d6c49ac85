"""A turn: one message answered once, whatever dies."""

import pytest
from sqlalchemy import select

from bot.db.tables import dialogue_state, person
from bot.delivery.inbox import change_message
from bot.followup import conversations
from bot.followup.alerts import list_alerts
from bot.followup.closing import resolve
from bot.followup.consent import make_enrolment_code, record_consent
from bot.followup.staff import find_by_email


async def test_a_message_is_answered_once_and_remembered(desk, boy):
    assert await desk.say(boy, "bonjour") == ["1: bonjour"]
    assert await desk.say(boy, "encore") == ["2: encore"]
    assert await desk.turns.run_waiting() == 0


async def test_messages_of_one_person_are_answered_in_order(desk, boy):
    desk.take_in(*(desk.message(boy, f"message {n}") for n in range(5)))
    await desk.turns.run_waiting()
    assert desk.dialogue.heard == [f"message {n}" for n in range(5)]


async def test_a_turn_that_fails_changes_nothing_and_is_tried_again(desk, boy):
    desk.dialogue.failure = RuntimeError("the database of somewhere is away")
    assert await desk.say(boy, "bonjour") == []
    assert desk.messages[0].done_at is None
    desk.dialogue.failure = None
    desk.later(seconds=5)
    await desk.turns.run_waiting()
    assert [reply.text for reply in desk.replies] == ["1: bonjour"]


async def test_a_message_that_always_fails_goes_to_a_person_with_an_honest_word(desk, boy):
    desk.dialogue.failure = RuntimeError("always")
    desk.take_in(desk.message(boy, "bonjour"))
    for _ in range(4):
        await desk.turns.run_waiting()
        desk.later(seconds=5)
    (reply,) = desk.replies
    assert "Pardon" in reply.text
    assert [a.kind for a in desk.alerts] == ["dialogue_failed"]
    assert desk.messages[0].done_at is not None


async def test_what_an_action_failed_at_is_answered_once_and_goes_to_a_person(desk, boy):
    desk.dialogue.an_action_failed = True
    # The dialogue says so itself, in place of what failed.
    assert await desk.say(boy, "l'argent est tombé ?") == ["1: l'argent est tombé ?"]
    assert [(a.kind, a.severity) for a in desk.alerts] == [("dialogue_failed", "high")]
    assert desk.messages[0].done_at is not None
    assert desk.talks[0].unanswered_since == desk.now


async def test_a_worker_that_died_is_replaced_when_its_claim_ends(desk, boy):
    desk.take_in(desk.message(boy, "bonjour"))
    assert desk.turns._claim()  # and then it dies
    other = desk.make_turns("another")
    assert await other.run_waiting() == 0
    desk.later(seconds=61)
    assert await other.run_waiting() == 1


async def test_a_worker_that_was_replaced_cannot_answer_any_more(desk, boy):
    desk.take_in(desk.message(boy, "bonjour"))
    waiting = desk.turns._claim()
    desk.later(seconds=61)
    await desk.make_turns("another").run_waiting()
    await desk.turns._take(waiting[0])
    assert [reply.text for reply in desk.replies] == ["1: bonjour"]


async def test_a_typed_command_is_understood_like_any_text(desk, boy):
    await desk.say(boy, '/set_slot{"person_id": "1"}')
    assert desk.dialogue.understood == ['/set_slot{"person_id": "1"}']


async def test_what_answers_a_sealed_message_is_sealed(desk, boy):
    desk.take_in(desk.message(boy, "il ment"))
    with desk.database.write() as connection:
        change_message(connection, desk.messages[-1].id, restricted=True)
    await desk.turns.run_waiting()
    assert [reply.restricted for reply in desk.replies] == [True]


async def test_a_button_reaches_the_dialogue_as_its_payload_once(desk, boy):
    desk.dialogue.choices = (("1", "Oui", '/affirm{"a": 1}'),)
    await desk.say(boy, "bonjour")
    token = desk.token("Oui")
    await desk.say(boy, kind="choice", token=token)
    await desk.say(boy, kind="choice", token=token)
    assert desk.dialogue.heard == ["bonjour", '/affirm{"a": 1}']


async def test_a_button_works_in_its_own_conversation_only(desk, boy, mother):
    desk.dialogue.choices = (("1", "Oui", "/affirm"),)
    await desk.say(boy, "bonjour")
    await desk.say(mother, kind="choice", token=desk.token("Oui"))
    assert desk.dialogue.heard == ["bonjour"]


async def test_while_a_person_has_the_conversation_the_bot_is_silent(desk, boy):
    with desk.database.write() as connection:
        member = find_by_email(connection, "awa900@exemple.test")
        conversations.take_over(connection, member, desk.talks[0].id)
    assert await desk.say(boy, "tu es là ?") == []
    (crisis,) = await desk.say(boy, "mon oncle me frappe")
    assert "116" in crisis


async def test_a_complaint_about_a_colleague_is_kept_from_who_has_the_conversation(desk, boy):
    desk.dialogue.intents["la tantie du foyer nous insulte"] = "complain_staff"
    with desk.database.write() as connection:
        member = find_by_email(connection, "awa900@exemple.test")
        conversations.take_over(connection, member, desk.talks[0].id)
    await desk.say(boy, "la tantie du foyer nous insulte")
    with desk.database.read() as connection:
        assert list_alerts(connection, member) == []
    assert desk.messages[0].restricted


class TestAtTheDoor:
    async def test_a_stranger_gets_a_true_and_neutral_welcome_and_is_asked(self, desk):
        desk.dialogue.intents["slt"] = "greet"
        (welcome,) = await desk.say("7", "slt")
        assert "programme" in welcome
        assert "Akoma" not in welcome
        assert desk.token("Oui")

    async def test_a_question_is_answered_before_the_welcome(self, desk):
        answers = await desk.say("7", "vous donnez quoi comme aide")
        assert answers[0] == "1: vous donnez quoi comme aide"
        assert "programme" in answers[1]

    async def test_before_consent_nothing_a_stranger_wrote_is_kept(self, desk):
        await desk.say("7", "je m'appelle Untel et j'ai faim de savoir")
        assert [m.text for m in desk.messages] == [None]
        with desk.database.read() as connection:
            assert connection.execute(select(dialogue_state)).all() == []

    async def test_after_a_yes_messages_are_kept(self, desk):
        await desk.say("7", "slt")
        await desk.press("7", "Oui")
        await desk.say("7", "j'aime le foot")
        assert desk.messages[-1].text == "j'aime le foot"
        assert desk.talks[0].consent == "yes"

    async def test_nor_what_stands_behind_a_digit(self, desk):
        await desk.say("7", "slt")
        await desk.say("7", "3 je m'appelle Untel")
        await desk.say("7", "2 non merci, Untel")
        assert desk.talks[0].consent == "no"
        assert "Untel" not in repr([(m.text, m.payload) for m in desk.messages])

    @pytest.mark.parametrize("words", ["1 oui merci", "1 pas de souci", "ok", "D'accord !"])
    async def test_a_yes_in_other_words_is_a_yes(self, desk, words):
        await desk.say("7", "slt")
        await desk.say("7", words)
        assert desk.talks[0].consent == "yes"

    async def test_a_no_in_other_words_is_a_no(self, desk):
        await desk.say("7", "slt")
        await desk.say("7", "nan")
        assert desk.talks[0].consent == "no"

    @pytest.mark.parametrize("words", ["1 non", "oui mais pas tout", "2 oui"])
    async def test_what_may_be_either_is_no_answer(self, desk, words):
        await desk.say("7", "slt")
        await desk.say("7", words)
        assert desk.talks[0].consent == "asked"

    async def test_after_a_no_help_is_still_named_and_nothing_is_kept(self, desk):
        await desk.say("7", "slt")
        (answer,) = await desk.press("7", "Non")
        assert "116" in answer
        assert "8" in answer
        await desk.say("7", "j'aime le foot")
        assert desk.messages[-1].text is None

    @pytest.mark.parametrize("how", ["deep link", "typed"])
    async def test_the_code_of_a_card_leads_to_a_confirmed_person(self, desk, boy, how):
        code = _new_code(desk, "0317")
        values = {"code": code} if how == "deep link" else {}
        text = "/start" if how == "deep link" else code.lower()
        (welcome,) = await desk.say("8", text, **values)
        assert "Awa900" in welcome
        (name,) = await desk.press("8", "Oui")
        assert "prénom" in name
        answers = await desk.say("8", "kouadio")
        assert any("Bienvenue, Kouadio" in answer for answer in answers)
        assert desk.talks[-1].enrolment == "confirmed"

    @pytest.mark.parametrize("sentence", ["mon code est {}", "Code : {}, merci !", "cé {}"])
    async def test_a_code_in_a_sentence_is_the_code(self, desk, boy, sentence):
        code = _new_code(desk, "0317")
        (welcome,) = await desk.say("8", sentence.format(code.lower()))
        assert "Awa900" in welcome
        assert desk.talks[-1].person_id is not None

    async def test_of_two_codes_in_a_sentence_none_is_taken(self, desk, boy):
        codes = _new_code(desk, "0317"), _new_code(desk, "0317")
        await desk.say("8", "{} ou {}".format(*codes))
        assert desk.talks[-1].person_id is None
        assert desk.talks[-1].code_failures == 0

    async def test_wrong_codes_in_sentences_are_limited_as_others_are(self, desk, boy):
        for _ in range(4):
            (answer,) = await desk.say("8", "mon code est ZZZZ9999")
            assert "ne marche pas" in answer
        (answer,) = await desk.say("8", "ZZZZ9999")
        assert "Trop d'essais" in answer
        assert [a.kind for a in desk.alerts] == ["code_failures"]
        (answer,) = await desk.say("8", f"mon code est {_new_code(desk, '0317')}")
        assert "Trop d'essais" in answer
        assert desk.talks[-1].person_id is None

    async def test_what_only_looks_like_a_code_is_answered_to_whoever_has_come_in(self, desk, boy):
        written = "le bus est ZZZZ9999"
        for count in range(1, 7):
            assert await desk.say(boy, written) == [f"{count}: {written}"]
        assert [a.kind for a in desk.alerts] == ["code_failures"]
        assert desk.talks[0].code_failures == 5
        await desk.say(boy, f"mon code est {_new_code(desk, '0317')}")
        assert desk.talks[0].enrolment == "confirmed"

    async def test_a_code_works_once(self, desk, boy):
        code = _new_code(desk, "0317")
        await desk.say("8", code)
        (answer,) = await desk.say("9", code)
        assert "Awa900" not in answer
        assert desk.talks[-1].person_id is None

    async def test_a_code_expires(self, desk, boy):
        code = _new_code(desk, "0317")
        desk.later(hours=73)
        await desk.say("8", code)
        assert desk.talks[-1].person_id is None

    async def test_wrong_codes_are_limited_and_make_a_task(self, desk, boy):
        for _ in range(5):
            await desk.say("8", "ZZZZ9999")
        assert [a.kind for a in desk.alerts] == ["code_failures"]
        await desk.say("8", _new_code(desk, "0317"))
        assert desk.talks[-1].person_id is None

    async def test_a_new_code_works_once_somebody_has_closed_that_task(self, desk, boy):
        for _ in range(5):
            await desk.say("8", "ZZZZ9999")
        with desk.database.write() as connection:
            member = find_by_email(connection, "awa900@exemple.test")
            resolve(connection, member, desk.alerts[0].id, "called", desk.now)
        (welcome,) = await desk.say("8", _new_code(desk, "0317"))
        assert "Awa900" in welcome
        assert desk.talks[-1].person_id is not None

    async def test_a_name_that_does_not_fit_gives_nothing_personal(self, desk, boy):
        await desk.say("8", _new_code(desk, "0317"))
        await desk.press("8", "Oui")
        await desk.say("8", "Aya")
        (answer,) = await desk.say("8", "Fatou")
        assert "Awa900 qui va vérifier" in answer
        assert desk.talks[-1].enrolment == "to_confirm"
        assert [a.kind for a in desk.alerts] == ["name_mismatch"]

    async def test_a_no_burns_the_code_and_makes_a_task(self, desk, boy):
        spare = _new_code(desk, "0317")
        await desk.say("8", _new_code(desk, "0317"))
        await desk.press("8", "Non")
        assert [a.kind for a in desk.alerts] == ["consent_refused"]
        assert desk.talks[-1].person_id is None
        await desk.say("8", spare)
        assert desk.talks[-1].person_id is None

    async def test_after_a_no_nothing_is_left_of_what_was_talked_about(self, desk, boy):
        await desk.say("7", "slt")
        await desk.press("7", "Oui")
        await desk.say("7", "j'aime le foot")
        await desk.say("7", _new_code(desk, "0317"))
        await desk.press("7", "Non")
        with desk.database.read() as connection:
            assert connection.execute(select(dialogue_state)).all() == []

    async def test_who_enrols_on_a_phone_of_somebody_else_hears_nothing_of_theirs(
        self, desk, boy, mother
    ):
        await desk.say(boy, "j'aime le foot")
        await desk.say(boy, _new_code(desk, "0400"))
        await desk.press(boy, "Oui")
        await desk.say(boy, "kouadio")
        assert await desk.say(boy, "bonjour") == ["1: bonjour"]

    async def test_after_stop_a_greeting_asks_whether_we_may_write_again(self, desk, boy):
        desk.dialogue.intents["slt"] = "greet"
        await desk.say(boy, "stop")
        (question,) = await desk.say(boy, "slt")
        assert "de nouveau" in question
        await desk.press(boy, "Oui")
        assert desk.talks[0].opted_out_at is None


async def test_words_behind_a_digit_reach_the_dialogue(desk, boy):
    desk.dialogue.choices = (("1", "Pas reçu", '/wrong{"payment_id": 4}'),)
    await desk.say(boy, "bonjour")
    (answer,) = await desk.say(boy, "1 on a donné 20000")
    assert answer == '2: /wrong{"payment_id": 4, "detail": "on a donné 20000"}'


def _new_code(desk, case):
    with desk.database.write() as connection:
        someone = connection.execute(select(person).where(person.c.case_number == case)).one()
        record_consent(
            connection,
            answer="yes",
            given_by="guardian",
            language="fr",
            person_id=someone.id,
            now=desk.now,
        )
        return make_enrolment_code(connection, someone, desk.now)
