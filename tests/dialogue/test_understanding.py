"""The project's own model: what it does not believe, and that all it recognises has an answer."""

from __future__ import annotations

import random
from datetime import datetime
from functools import cache
from itertools import permutations

import pytest

from bot.db.engine import Database
from bot.delivery.ports import Dialogue
from bot.i18n.identify import identify_language
from bot.i18n.wording import load_wording
from bot.settings import PROJECT
from tests.dialogue.test_flows import Town, Writer
from tests.made_up import make_conversation
from tests.nlu.examples import read_examples
from tests.nlu.taxonomy import INTENTS

pytestmark = pytest.mark.model

THINGS = {
    "fr": (
        *("formation", "papiers", "argent", "kit", "rendez-vous", "école", "travail", "docteur"),
        *("visite", "logement", "parents", "numéro"),
    ),
    "en": ("training", "documents", "money", "kit", "appointment", "school", "job", "doctor"),
}
TWO_THINGS = {
    "fr": [f"{one} ou {other}" for one, other in permutations(THINGS["fr"], 2)],
    "en": [f"{one} or {other}" for one, other in permutations(THINGS["en"], 2)],
}
# Their phrases from written sources are all examples: learnt by heart, no measure of anything.
SOURCED = ("ak", "dyu", "bci", "mos")
examples_of = cache(read_examples)
LETTERS = "bcdfghjklmnpqrstvwxz"


@pytest.fixture
def town(dialogue: Dialogue, sqlite_database: Database, now: datetime) -> Town:
    return Town(dialogue, sqlite_database, now)


def somebody(town: Town, database: Database, language: str, form: str) -> Writer:
    with database.write() as connection:
        kind = {"kind": "caregiver"} if form == "vous" else {}
        someone = town.person(connection, address_form=form, **kind)
        talk = make_conversation(connection, someone, language=language)
        return town.writer(talk.id)


async def example_of(dialogue: Dialogue, language: str, intent: str) -> str:
    """Return an example that the model takes for what it is."""
    for example in examples_of(language):
        if example.intent == intent:
            got = (await dialogue.understand(example.text)).intent
            if got == intent:
                return example.text
    raise AssertionError(f"no example of {intent} in {language} is understood")


@pytest.mark.parametrize("form", ["tu", "vous"])
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("intent", INTENTS)
async def test_every_intent_is_answered_in_the_persons_language(
    dialogue, town, sqlite_database, intent, language, form
):
    writer = somebody(town, sqlite_database, language, form)
    said = await writer.say(await example_of(dialogue, language, intent))
    assert said
    assert all(text.strip() for text in said)
    assert identify_language(" ".join(said)) == language, said


@pytest.mark.parametrize(
    ("typed", "intent"),
    [
        ("jve parlé avek kelkin", "talk_to_human"),
        ("kan larjan va tombé", "ask_payment"),
        ("tonton jesui malade o ventr", "report_sick"),
        ("je peu pa vni alatelyé dmin", "report_absence"),
        ("mi moni no cum yet", "ask_payment"),
        ("wen mi trenin go stat", "ask_training_status"),
    ],
)
async def test_what_is_written_by_ear_is_understood(dialogue, typed, intent):
    assert (await dialogue.understand(typed)).intent == intent


@pytest.mark.parametrize(
    ("language", "bare", "polite"),
    [
        ("fr", "je voudrais qu'on me rappelle", "bonsoir la famille, svp {} merci la famille"),
        ("fr", "l'argent est tombé ?", "Bien le bonjour mon fils {} que Dieu vous récompense tous"),
        ("fr", "où voir un docteur", "slt tonton, {} on est ensemble"),
        ("en", "when is the visit", "good evening my people please {} may God richly bless you"),
        ("en", "I lost my birth certificate", "my son how be, {} thank you ya"),
    ],
)
async def test_who_asks_politely_is_answered_as_who_just_asks(
    town, sqlite_database, language, bare, polite
):
    asked = await somebody(town, sqlite_database, language, "vous").say(bare)
    politely = await somebody(town, sqlite_database, language, "vous").say(polite.format(bare))
    assert politely == asked


@pytest.mark.parametrize(
    ("typed", "intent"),
    [
        ("bonsoir la famille", "greet"),
        ("slt tonton", "greet"),
        ("good morning my people", "greet"),
        ("merci beaucoup tantie, que Dieu vous bénisse", "thank"),
    ],
)
async def test_courtesies_alone_are_what_is_meant(dialogue, typed, intent):
    assert (await dialogue.understand(typed)).intent == intent


@pytest.mark.parametrize("form", ["tu", "vous"])
@pytest.mark.parametrize("language", ["fr", "en"])
async def test_between_two_meanings_both_are_offered_by_name(
    dialogue, town, sqlite_database, language, form
):
    labels = load_wording(PROJECT)
    seen = 0
    for text in TWO_THINGS[language]:
        understood = await dialogue.understand(text)
        best = [guess["name"] for guess in understood.parse["intent_ranking"][1:3]]
        if understood.intent != "nlu_fallback" or "out_of_scope" in best:
            continue
        seen += 1
        asked = await somebody(town, sqlite_database, language, form).last(text)
        titles = [labels.say(f"utter_label_{intent}", language, form).text for intent in best]
        for title in titles:
            assert f"⟦{title}⟧".replace("\xa0", " ") in asked, (text, asked)
        assert asked.count("⟦") == 3
        assert identify_language(asked) == language
    assert seen >= 2


@pytest.mark.parametrize("language", SOURCED)
async def test_phrases_with_a_source_are_understood(dialogue, language):
    missed = [
        (example.text, example.intent, got)
        for example in examples_of(language)
        if (got := (await dialogue.understand(example.text)).intent) != example.intent
    ]
    assert missed == []


async def test_keys_pressed_at_random_are_not_believed(dialogue):
    draw = random.Random(7)
    texts = ["".join(draw.choices(LETTERS, k=draw.randint(4, 8))) for _ in range(100)]
    texts += ["azerty qsdf", "kjhg", "mlkj la"]
    believed = [
        (text, got)
        for text in texts
        if (got := (await dialogue.understand(text)).intent) not in ("out_of_scope", "nlu_fallback")
    ]
    assert len(believed) <= 0.05 * len(texts), believed
