"""One message at a time through the dialogue: what is said, recorded, and what can go wrong."""

import asyncio

import pytest
from sqlalchemy import select

from bot.db.tables import lease
from bot.dialogue.agent import DialogueUnfit, NoModel, load_dialogue
from bot.dialogue.turn import current_turn, turn_if_any
from bot.i18n.wording import Said
from bot.settings import Settings
from tests.dialogue.assistant import actions, no_actions
from tests.dialogue.conftest import Chat

ERROR = "Pardon, ça n'a pas marché. Une personne te répond."
PAYMENT = "Kouadio\u00a0: 25\u00a0000\u00a0F CFA le 4 novembre."


def _noted(database) -> list[str]:
    with database.read() as connection:
        return sorted(connection.execute(select(lease.c.name)).scalars())


async def test_a_message_is_understood_without_the_database(small_dialogue):
    understood = await small_dialogue.understand("apprendre la couture")
    assert understood.intent == "ask_training"
    assert 0 < understood.confidence <= 1
    (entity,) = understood.entities
    assert (entity["entity"], entity["value"]) == ("trade", "couture")
    assert "apprendre la couture"[entity["start"] : entity["end"]] == "couture"


async def test_a_typed_command_is_only_a_text(small_dialogue):
    understood = await small_dialogue.understand('/ask_payment{"trade": "x"}')
    assert understood.parse["text"] == 'ask_payment{"trade": "x"}'
    assert understood.confidence < 1
    written = "// apprendre la couture"
    understood = await small_dialogue.understand(written)
    assert understood.intent == "ask_training"
    (entity,) = understood.entities
    assert written[entity["start"] : entity["end"]] == "couture"


@pytest.mark.parametrize("before", ["  //", "/ /", "\xa0/", "\r/", "/\u2003/"])
async def test_no_space_makes_a_command_of_a_text(small_dialogue, before):
    understood = await small_dialogue.understand(before + "ask_payment")
    assert understood.parse["text"] == "ask_payment"
    assert understood.confidence < 1


@pytest.mark.parametrize("text", ["", "   ", "/", "\n", "\xa0/"])
async def test_nothing_is_nothing_understood(small_dialogue, text):
    understood = await small_dialogue.understand(text)
    assert (understood.intent, understood.confidence) == ("nlu_fallback", 0.0)


async def test_what_is_not_understood_keeps_the_confidence_of_the_best_guess(small_dialogue):
    understood = await small_dialogue.understand("gnamakoudji")
    assert understood.intent == "nlu_fallback"
    assert 0 < understood.confidence < 0.2
    guesses = [guess["name"] for guess in understood.parse["intent_ranking"]]
    assert len(guesses) > 2


async def test_a_rule_answers_with_its_response_and_choices(chat):
    answer = await chat.say("bonjour")
    choices = (
        ("1", "L'argent", "/ask_payment"),
        ("2", "Ma formation", '/ask_training{"trade": "couture"}'),
    )
    assert answer.said == (Said("Bonjour. Tu veux quoi\u00a0?", choices),)
    assert not answer.failed
    assert not answer.expects_number


async def test_the_form_of_address_is_the_persons(mother):
    assert await mother.texts("bonjour") == ["Bonjour. Vous voulez quoi\u00a0?"]


async def test_the_language_is_the_conversations(chat):
    chat.change(language="en")
    assert await chat.texts("mon argent") == ["Kouadio: 25,000\u00a0F CFA on 4 November."]


async def test_an_action_that_changes_the_language_is_answered_in_it(chat):
    assert await chat.texts("english please") == ["All right."]
    assert await chat.texts("apprendre la couture") == ["Trades: couture."]


async def test_an_action_reads_the_caller_and_writes_in_the_callers_transaction(chat_anywhere):
    assert await chat_anywhere.texts("mon argent") == [PAYMENT]
    assert _noted(chat_anywhere.database) == [
        f"payment asked by {chat_anywhere.talk_id} at {chat_anywhere.now.isoformat()}"
    ]


async def test_choices_of_an_action_follow_those_of_the_response(chat):
    chat.change(language="en")
    answer = await chat.say("apprendre la couture")
    assert answer.said == (
        Said(
            "Trades: couture.",
            (
                ("1", "Something else", "/greet"),
                ("2", "Yes", "/ask_payment"),
                ("7", "Centre A", "/greet"),
            ),
        ),
    )


async def test_a_pressed_choice_brings_its_intent_and_entities(chat):
    assert await chat.texts('/ask_training{"trade": "couture"}') == ["Métiers\u00a0: couture."]


async def test_a_choice_may_also_type_a_text_for_the_person(chat, small_dialogue):
    with chat.database.turn() as connection:
        caller = chat.caller(connection)
        answer = await small_dialogue.answer("mon argent", caller, None)
    assert [said.text for said in answer.said] == [
        "Kouadio\u00a0: 25\u00a0000\u00a0F CFA le 4 novembre."
    ]


async def test_a_choice_older_than_the_model_is_not_understood(chat):
    assert await chat.texts("/an_intent_of_last_year") == ["Je n'ai pas compris."]


async def test_what_is_not_understood_reaches_the_rule_for_it(chat):
    assert await chat.texts("gnamakoudji") == ["Je n'ai pas compris."]


async def test_a_question_tells_whether_a_number_answers_it(chat):
    assert (await chat.say("mes nouvelles")).expects_number  # five faces
    assert (await chat.say("4")).expects_number  # hours, by the response's metadata
    answer = await chat.say("8")
    assert [said.text for said in answer.said] == ["D'accord."]
    assert not answer.expects_number


async def test_an_action_that_raises_is_undone_alone_and_said_honestly(chat_anywhere):
    answer = await chat_anywhere.say("je me plains de l'éducateur")
    assert [said.text for said in answer.said] == [ERROR, "Autre chose\u00a0?"]
    assert answer.failed
    assert _noted(chat_anywhere.database) == []
    assert not (await chat_anywhere.say("bonjour")).failed


async def test_an_action_that_breaks_the_transaction_breaks_no_other_action(chat_anywhere):
    answer = await chat_anywhere.say("ça va pas")
    assert answer.failed
    assert [said.text for said in answer.said][0] == ERROR
    assert _noted(chat_anywhere.database) == [
        f"payment asked by {chat_anywhere.talk_id} at {chat_anywhere.now.isoformat()}"
    ]


@pytest.mark.parametrize("text", ["au revoir", "merci"])
async def test_nobody_meets_silence(chat, text):
    """An action rejects and no rule applies; a response comes without its values."""
    answer = await chat.say(text)
    assert [said.text for said in answer.said] == [ERROR]
    assert answer.failed


async def test_actions_without_end_are_stopped_and_count_as_a_failure(chat):
    answer = await chat.say("je viens pas à l'atelier")
    assert answer.failed
    assert 0 < len(answer.said) <= 10
    assert await chat.texts("bonjour") == ["Bonjour. Tu veux quoi\u00a0?"]


async def test_turns_at_the_same_time_do_not_meet(small_dialogue, sqlite_database, now):
    chats = [Chat(small_dialogue, sqlite_database, now, first_name=name) for name in ("Aya", "Yao")]
    replies = await asyncio.gather(*(chat.texts("mon argent") for chat in chats))
    assert [reply[0].split()[0] for reply in replies] == ["Aya", "Yao"]


def test_outside_of_a_turn_nobody_is_calling():
    assert turn_if_any() is None
    with pytest.raises(LookupError, match="nobody is calling"):
        current_turn()


def test_without_a_model_loading_says_what_to_do(tmp_path, small_wording):
    settings = Settings(database_url="sqlite://", secret_keys=(), model_path=tmp_path)
    with pytest.raises(NoModel, match="python -m bot train"):
        load_dialogue(settings, small_wording, actions)


def test_an_action_without_a_class_is_found_when_loading(small_settings, small_wording):
    with pytest.raises(DialogueUnfit, match="action_payment"):
        load_dialogue(small_settings, small_wording, no_actions)
