"""The training data is enough, says one thing once, and names only what the taxonomy names.

``rasa data validate`` returns 0 for an intent without examples, hence these.
"""

from __future__ import annotations

import re
from collections import Counter

import pytest
import yaml
from rasa.shared.importers.utils import training_data_from_paths

from bot.dialogue.components.entity_extractor import read_tables
from bot.dialogue.components.entity_tables import EntityTables
from bot.settings import PROJECT
from tests.evaluate.overlap import training_texts
from tests.nlu.examples import NLU, Example, read_examples, read_table
from tests.nlu.likeness import count_different, fold
from tests.nlu.taxonomy import ENTITIES, INTENTS

LANGUAGES = tuple(yaml.safe_load((PROJECT / "locales/languages.yml").read_text(encoding="utf-8")))
COMPLETE = ("fr", "en")
DRAFTS = tuple(language for language in LANGUAGES if language not in COMPLETE)
DRAFT_MARK = "# draft: not yet read by a native speaker\n"
# At least so many different examples an intent; twice as many for what is out of scope.
ENOUGH = {"fr": 60, "en": 40}
ENOUGH_ANNOTATED = 10
_LONG_NUMBER = re.compile(r"\+?\d(?: ?\d){7,}")
# Country code, then nothing but zeros up to the last four digits: no operator has such numbers.
_NOBODYS = re.compile(r"(?:\+225|\+233)?0{5,}\d{1,4}")


@pytest.fixture(scope="module")
def examples() -> dict[str, list[Example]]:
    """Give all examples by language."""
    return {language: read_examples(language) for language in LANGUAGES}


@pytest.mark.parametrize("intent", INTENTS)
@pytest.mark.parametrize("language", COMPLETE)
def test_every_intent_has_enough_different_examples(examples, language, intent):
    due = ENOUGH[language] * (2 if intent == "out_of_scope" else 1)
    texts = [example.text for example in examples[language] if example.intent == intent]
    assert count_different(texts, up_to=due) == due


@pytest.mark.parametrize(
    ("texts", "different"),
    [
        (["Je veux apprendre la couture", "je veux apprendre la couture !"], 1),
        (["reçu 10000 au lieu de 25000", "recu 20000 au lieu de 25000"], 1),
        (["je veux apprendre un métier chez vous", "je veux apprendre un métier chez vou"], 1),
        (["je veux apprendre la couture", "la couture, ça s'apprend où"], 2),
        (["👍", "✅"], 2),
    ],
)
def test_what_differs_only_in_spelling_or_digits_counts_once(texts, different):
    assert count_different(texts, up_to=9) == different


@pytest.mark.parametrize("language", COMPLETE)
def test_a_complete_language_has_all_intents_and_no_other(examples, language):
    assert {example.intent for example in examples[language]} == set(INTENTS)


@pytest.mark.parametrize("language", DRAFTS)
def test_a_draft_has_some_intents_no_other_and_says_that_it_is_one(examples, language):
    assert examples[language]
    assert {example.intent for example in examples[language]} <= set(INTENTS)
    for path in (NLU / language).glob("nlu*.yml"):
        assert path.read_text(encoding="utf-8").startswith(DRAFT_MARK), path.name


def test_all_that_is_trained_is_known_to_the_domain():
    domain = yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))
    assert set(INTENTS) <= set(domain["intents"])
    assert set(ENTITIES) <= set(domain["entities"])


def test_no_example_stands_under_two_intents(examples):
    intents: dict[str, set[str]] = {}
    for language in LANGUAGES:
        for example in examples[language]:
            intents.setdefault(fold(example.text), set()).add(example.intent)
    assert {text: names for text, names in intents.items() if len(names) > 1} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_example_is_repeated_or_empty(examples, language):
    counts = Counter(fold(example.text) for example in examples[language])
    assert counts[""] == 0
    assert [text for text, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_annotations_are_whole_and_name_only_the_taxonomys_entities(examples, language):
    for example in examples[language]:
        assert not set("[]{}") & set(example.text), example.text
        assert {name for name, _ in example.entities} <= set(ENTITIES), example.text


@pytest.mark.parametrize("entity", ENTITIES)
@pytest.mark.parametrize("language", COMPLETE)
def test_each_entity_is_annotated_often_enough(examples, language, entity):
    found = [e for e in examples[language] if entity in {name for name, _ in e.entities}]
    assert len(found) >= ENOUGH_ANNOTATED


@pytest.mark.parametrize("language", LANGUAGES)
def test_phone_numbers_are_annotated(examples, language):
    for example in examples[language]:
        phones = [words for name, words in example.entities if name == "phone"]
        assert _LONG_NUMBER.findall(example.text) == phones, example.text


def test_phone_numbers_are_nobodys():
    for text in training_texts():
        for phone in _LONG_NUMBER.findall(text):
            assert _NOBODYS.fullmatch(phone.replace(" ", "")), text


@pytest.mark.parametrize("language", COMPLETE)
def test_tables_stand_for_entities_and_patterns_compile(language):
    for kind in ("lookup", "regex"):
        assert set(read_table(language, kind)) <= set(ENTITIES)
    for patterns in read_table(language, "regex").values():
        for pattern in patterns:
            re.compile(pattern)


@pytest.fixture(scope="module")
def tables() -> EntityTables:
    """Give the tables of all languages, as they are trained."""
    paths = sorted(str(path) for path in NLU.glob("*/nlu*.yml"))
    return read_tables(training_data_from_paths(paths, "fr"))


@pytest.mark.parametrize("entity", ENTITIES)
@pytest.mark.parametrize("language", COMPLETE)
def test_the_tables_find_what_examples_mark(examples, tables, language, entity):
    """Most of it: some marks need the sentence ("mai" alone is how many write "mais")."""
    marked = [
        (example.text, words)
        for example in examples[language]
        for name, words in example.entities
        if name == entity
    ]
    missed = [
        (text, words)
        for text, words in marked
        if not any(
            found.entity == entity and _overlap(words, text[found.start : found.end])
            for found in tables.find(text)
        )
    ]
    assert len(missed) <= 0.1 * len(marked), missed


def _overlap(one: str, other: str) -> bool:
    return fold(one) in fold(other) or fold(other) in fold(one)


def test_a_word_stands_for_one_trade_or_language():
    meanings: dict[str, set[str]] = {}
    for language in COMPLETE:
        for meaning, words in read_table(language, "synonym").items():
            for word in words:
                meanings.setdefault(word, set()).add(meaning)
    assert {word: names for word, names in meanings.items() if len(names) > 1} == {}


def test_every_language_is_found_by_a_name_of_its_own():
    synonyms = {name for language in COMPLETE for name in read_table(language, "synonym")}
    assert set(LANGUAGES) <= synonyms


def test_every_section_has_examples():
    """Rasa only warns about an intent, a table or a synonym without any."""
    empty = [
        f"{path.relative_to(NLU)}: {section}"
        for path in sorted(NLU.glob("*/nlu*.yml"))
        for section in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)["nlu"]
        if not section["examples"].strip(" -\n")
    ]
    assert empty == []
