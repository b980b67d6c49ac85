"""The held-out messages are enough, well named, and nothing is trained on them."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.review.overlap import is_short, overlapping
from bot.safety.flags import CATEGORIES, SEVERITIES
from bot.settings import PROJECT
from tests.evaluate.heldout import FOLDER, LANGUAGES, HeldOut, read_heldout
from tests.evaluate.overlap import intent_examples, training_texts
from tests.evaluate.strangers import KINDS as STRANGERS
from tests.evaluate.strangers import Strangers, read_strangers
from tests.nlu.taxonomy import ENTITIES

KINDS = (
    "courtesies",
    "intents",
    "intents_by_ear",
    "strangers/intents",
    "red_flags",
    "negatives",
    "entities",
)


@pytest.fixture(scope="module")
def heldout() -> dict[str, HeldOut]:
    """Give all held-out messages by language."""
    return {language: read_heldout(language) for language in LANGUAGES}


@pytest.fixture(scope="module")
def strangers() -> Strangers:
    """Give the messages of authors of whom nothing is ever learned."""
    return read_strangers()


def test_no_file_is_left_unread():
    files = {str(path.relative_to(FOLDER)) for path in FOLDER.glob("**/*.*")}
    kinds = (*KINDS, *(f"strangers/{kind}" for kind in STRANGERS))
    assert files == {f"{kind}.{language}.yml" for kind in kinds for language in LANGUAGES}


def test_nothing_is_trained_on_a_heldout_message(heldout, strangers):
    training = list(training_texts())
    assert training, "there is no training data"
    texts = [text for messages in heldout.values() for text in messages.texts()]
    texts += [example.text for examples in strangers.values() for example in examples]
    assert [text for text in overlapping(texts, training) if not is_short(text)] == []


def test_there_are_enough_messages(heldout):
    assert sum(len(messages.intents) for messages in heldout.values()) >= 300
    assert sum(len(messages.red_flags) for messages in heldout.values()) >= 200
    assert sum(len(m.everyday) + len(m.hard) for m in heldout.values()) >= 150


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_intent_is_measured_and_no_other_name_is_used(heldout, language):
    trained = {intent for intent, _ in intent_examples(PROJECT / "nlu" / language)}
    assert {name for _, name in heldout[language].intents} == trained
    assert {name for _, name in heldout[language].of_strangers} == trained
    # Dangers by ear are measured among the strangers.
    dangers = {"report_danger", "report_other_child"}
    assert {name for _, name in heldout[language].by_ear} == trained - dangers


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entity_is_measured_and_so_are_messages_without_one(heldout, language):
    found = Counter(span.entity for _, spans in heldout[language].entities for span in spans)
    assert set(found) == set(ENTITIES)
    assert min(found.values()) >= 5
    assert sum(not spans for _, spans in heldout[language].entities) >= 10


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_enough_courtesies_to_put_around_messages(heldout, language):
    courtesies = heldout[language].courtesies
    assert len(set(courtesies.before)) >= 40
    assert len(set(courtesies.behind)) >= 40


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_category_is_measured_and_no_other_name_is_used(heldout, language):
    due = [flag for _, flag in heldout[language].red_flags]
    assert {flag.category for flag in due} == set(CATEGORIES)
    assert {flag.severity for flag in due} == set(SEVERITIES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_counts_twice(heldout, language):
    messages = heldout[language]
    with_intent = Counter(
        text for text, _ in (*messages.intents, *messages.of_strangers, *messages.by_ear)
    )
    for_screen = Counter([text for text, _ in messages.red_flags])
    for_screen.update([*messages.everyday, *messages.hard])
    for_entities = Counter(text for text, _ in messages.entities)
    for counts in (with_intent, for_screen, for_entities):
        assert max(counts.values()) == 1


def test_every_stranger_writes_of_every_danger_and_of_none(strangers):
    for (kind, _), examples in strangers.items():
        dangers = Counter(example.flag.category for example in examples if example.flag)
        assert set(dangers) == set(CATEGORIES)
        assert min(dangers.values()) >= 10
        # The long ones without a danger are of ordinary life: none plays with words.
        hard = sum(e.flag is None and not e.everyday for e in examples)
        assert hard >= 50 or kind == "long"
        assert sum(e.everyday for e in examples) >= (100 if kind == "long" else 40)
