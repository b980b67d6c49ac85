"""The borders between meanings have examples on both sides, so that they are learned as borders.

Of each border: what the sentences of both sides have in common, and what each side is. A pattern
sees folded sentences: small letters, no accents, no punctuation.
"""

from __future__ import annotations

import re

import pytest

from bot.safety.examples import read_examples as read_flags
from bot.settings import PROJECT
from tests.nlu.examples import read_examples
from tests.nlu.likeness import count_different, fold

LANGUAGES = ("fr", "en")
ENOUGH = 5

# (what both sides speak of, by language; the intent on one side, the one on the other)
INTENTS = [
    pytest.param(
        {
            "fr": r"\b(?:pas|jamais)\b.*\b(?:tomb|arriv|ven[ui]|recu|vu)|\b(?:tomb|arriv)\w* pas",
            "en": r"\b(?:not|never|no|t)\b.*\b(?:com|drop|enter|reach|receiv|see|seen|got|arriv)",
        },
        "ask_payment",
        "report_payment_problem",
        id="not yet, or a due payment missing",
    ),
    pytest.param(
        {
            "fr": r"\b(?:pri[st]|pren|coup|bouff|mang|enlev|retir|gard)",
            "en": r"\b(?:took|take|taking|cut|chop|ate|eat|collect|remov|kept|keep)",
        },
        "complain_staff",
        "report_payment_problem",
        id="somebody took a part: of the staff, or anyone else",
    ),
    pytest.param(
        {
            "fr": r"\b(?:peu|pe|pourr|vien)\w* pas\b|\bpas (?:venir|libre|la)\b",
            "en": r"\b(?:can t|cant|cannot|can not|won t|no fit|not be|unable|not come|not make)\b",
        },
        "reschedule_appointment",
        "report_absence",
        id="cannot come: on a day, or to training or school",
    ),
    pytest.param(
        {"fr": r"\b(?:quand|commence|debut|date|kan)", "en": r"\b(?:when|start|begin|date)"},
        "ask_training",
        "ask_training_status",
        id="when it begins: a training, or one's own",
    ),
    pytest.param(
        {"fr": r"\bkit", "en": r"\bkit"},
        "ask_aid",
        "ask_aid_status",
        id="the kit: entitled to it, or where is mine",
    ),
    pytest.param(
        {"fr": r"\bpa(?:y|i)|\bcout|\bfrais|\bcher", "en": r"\bpa(?:y|id)|\bcost|\bfee|\bbill"},
        "ask_health_care",
        "ask_school",
        id="who pays: for care, or for school",
    ),
    pytest.param(
        {"fr": r"\btonton|\bmaitre|\bpatron|\beducat", "en": r"\buncle|\bmaster|\bmadam|\bstaff"},
        "complain_staff",
        "report_danger",
        id="somebody does harm: placed by us, or not",
    ),
    pytest.param(
        {
            "fr": r"\b(?:petit|enfant|gosse|fille|garcon)",
            "en": r"\b(?:child|boy|girl|kid)",
        },
        "report_other_child",
        "report_danger",
        id="a child in danger: another one, or the writer's own affair",
    ),
    pytest.param(
        {"fr": r"\b(?:va pas|vais pas|mal|malade)", "en": r"\b(?:not well|not fine|bad|sick|pain)"},
        "report_bad",
        "report_sick",
        id="not well: at heart, or ill",
    ),
    pytest.param(
        {
            "fr": r"\b(?:malad|mal|palu|fievre|bless)",
            "en": r"\b(?:sick|fever|malaria|pain|wound)",
        },
        "ask_health_care",
        "report_sick",
        id="ill: care is asked for, or not",
    ),
]

# An asked thing keeps its intent where it is a danger, too: both must be learned from the same
# words. (what they speak of; the intent; the danger's category and severities)
FLAGS = [
    pytest.param(
        {
            "fr": r"\b(?:chass|dehors|dorm|dort|renvoy)",
            "en": r"\b(?:sack|thrown?|drove|outside|chased|sleep|street)",
        },
        "ask_shelter",
        ("basic_needs", ("critical", "high")),
        id="a place to sleep is asked for, and somebody is outside",
    ),
    pytest.param(
        {
            "fr": r"\b(?:avant|plus|fini|maintenant|depuis)\b",
            "en": r"\b(?:before|no more|anymore|stopped|now|used to)\b",
        },
        "report_good",
        ("violence", ("normal",)),
        id="it is over, and I am well",
    ),
    pytest.param(
        {"fr": r"\baid", "en": r"\bhelp"},
        "ask_training",
        ("fear", ("critical", "high")),
        id="help: with something named, or alone",
    ),
]


@pytest.fixture(scope="module")
def examples() -> dict[str, dict[str, list[str]]]:
    """Give the sentences of each intent by language."""
    found: dict[str, dict[str, list[str]]] = {language: {} for language in LANGUAGES}
    for language in LANGUAGES:
        for example in read_examples(language):
            found[language].setdefault(example.intent, []).append(fold(example.text))
    return found


def _count(texts: list[str], pattern: str) -> int:
    """Count sentences that match, near-duplicates once."""
    return count_different([t for t in texts if re.search(pattern, t)], up_to=ENOUGH)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("common", "one", "other"), INTENTS)
def test_a_border_between_intents_has_examples_on_both_sides(
    examples, language, common, one, other
):
    for intent in (one, other):
        assert _count(examples[language][intent], common[language]) == ENOUGH, intent


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("common", "intent", "danger"), FLAGS)
def test_a_border_to_danger_has_examples_on_both_sides(examples, language, common, intent, danger):
    category, severities = danger
    flagged = [
        fold(example.text)
        for example in read_flags(PROJECT / "nlu" / language / "red_flags.yml")
        if example.flag
        and example.flag.category == category
        and example.flag.severity in severities
    ]
    assert _count(examples[language][intent], common[language]) == ENOUGH, intent
    assert _count(flagged, common[language]) == ENOUGH, danger
