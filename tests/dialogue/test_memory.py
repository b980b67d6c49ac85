"""What the dialogue remembers: enough, no words, and never more with time."""

import json

from tests.dialogue.conftest import Chat

QUESTION = "Ta semaine\u00a0?"
SLEEP = "Tu dors combien d'heures\u00a0?"
WELCOME = "Bonjour. Tu veux quoi\u00a0?"
PAYMENT = "Kouadio\u00a0: 25\u00a0000\u00a0F CFA le 4 novembre."


async def test_memory_does_not_grow_over_a_thousand_messages(mother: Chat):
    round_ = ("bonjour", "apprendre la couture", "mes nouvelles", "bonjour", "4", "8", "ça va pas")
    sizes = []
    for number in range(1000):
        mother.later(minutes=1)
        await mother.say(round_[number % len(round_)])
        sizes.append(len(json.dumps(mother.memory)))
    assert max(sizes[500:]) == max(sizes[50:500])
    assert max(sizes) < 4000


async def test_memory_does_not_grow_in_a_form_that_is_never_finished(mother: Chat):
    await mother.say("mes nouvelles")
    sizes = []
    for _ in range(60):
        await mother.say("bonjour")
        await mother.say("4")
        await mother.say("mes nouvelles")
        sizes.append(len(json.dumps(mother.memory)))
    assert max(sizes[30:]) == max(sizes[10:30])


async def test_memory_is_plain_json_and_holds_no_words_that_were_said(mother: Chat):
    await mother.say("apprendre la couture près de chez ma tante Akissi")
    await mother.say("bonjour")
    kept = json.dumps(mother.memory, ensure_ascii=False)
    assert json.loads(kept) == mother.memory
    assert "Akissi" not in kept
    assert "Bonjour" not in kept


async def test_slots_outlive_the_turns_that_set_them(chat: Chat):
    await chat.say("apprendre la couture")
    for _ in range(30):
        await chat.say("bonjour")
    assert await chat.texts("/ask_training") == ["Métiers\u00a0: couture."]


async def test_a_form_goes_on_after_more_interruptions_than_are_remembered(chat: Chat):
    await chat.say("mes nouvelles")
    for _ in range(20):
        assert await chat.texts("bonjour") == [WELCOME, QUESTION]
    assert await chat.texts("4") == [SLEEP]
    for _ in range(20):
        assert await chat.texts("bonjour") == [WELCOME, SLEEP]
    assert await chat.texts("8") == ["D'accord."]
    assert await chat.texts("bonjour") == [WELCOME]


async def test_rules_answer_alike_early_and_late(chat: Chat):
    script = {
        "bonjour": [WELCOME],
        "mon argent": [PAYMENT],
        "mes nouvelles": [QUESTION],
        "salut": [WELCOME, QUESTION],
        "3": [SLEEP],
        "7": ["D'accord."],
        "gnamakoudji": ["Je n'ai pas compris."],
    }
    for _ in range(8):
        chat.later(minutes=1)
        assert {text: await chat.texts(text) for text in script} == script


async def test_a_form_of_this_morning_goes_on(chat: Chat):
    await chat.say("mes nouvelles")
    chat.later(hours=23)
    assert await chat.texts("4") == [SLEEP]


async def test_a_form_of_the_day_before_is_closed_with_its_answers_and_slots_are_kept(chat: Chat):
    await chat.say("apprendre la couture")
    await chat.say("mes nouvelles")
    await chat.say("4")
    chat.later(hours=25)
    assert await chat.texts("bonjour") == [WELCOME]
    assert await chat.texts("/ask_training") == ["Métiers\u00a0: couture."]
    assert await chat.texts("mes nouvelles") == [QUESTION]


async def test_a_form_that_no_longer_exists_is_closed(chat: Chat):
    await chat.say("mes nouvelles")
    kept = json.dumps(chat.memory).replace("news_form", "form_of_last_year")
    chat.memory = json.loads(kept)
    assert await chat.texts("bonjour") == [WELCOME]


async def test_a_conversation_goes_on_after_weeks(chat: Chat):
    await chat.say("apprendre la couture")
    chat.later(days=60)
    assert await chat.texts("/ask_training") == ["Métiers\u00a0: couture."]


async def test_without_memory_each_message_stands_alone(chat: Chat):
    await chat.say("mes nouvelles")
    chat.memory = None
    assert await chat.texts("bonjour") == [WELCOME]
