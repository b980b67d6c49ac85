"""Names by their sound, patterns without accents, and no two finds in the same words."""

import re

import pytest

from bot.dialogue.components.entity_tables import EntityTables, Name, everyday_words, sound

NAMES = [
    Name("trade", "couture", "couture"),
    Name("trade", "couturier", "couture"),
    Name("trade", "menuiserie", "menuiserie"),
    Name("trade", "mécanique", "mécanique"),
    Name("place", "San-Pedro", "San-Pedro"),
    Name("place", "Côte d'Ivoire", "Côte d'Ivoire"),
    Name("place", "Man", "Man"),
    Name("date", "vendredi", "vendredi"),
]
PATTERNS = [
    ("date", r"\d\d-\d\d-\d{4}"),
    ("date", r"\b(?:lundi|vendredi)(?: prochain)?\b"),
    ("date", r"\bdécembre\b"),
    ("date", r"\ble (\d+)\b"),
    ("phone", r"(?<!\d)\d(?:[ -]?\d){7,}(?!\d)"),
    ("amount", r"\d{1,3}(?: \d{3})+"),
]


@pytest.fixture(scope="module")
def tables():
    return EntityTables(NAMES, PATTERNS)


def find(tables, text):
    return [(found.entity, text[found.start : found.end]) for found in tables.find(text)]


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("je fais couture", "couture", "couture"),
        ("Couturier à Abidjan", "Couturier", "couture"),
        ("la MECANIQUE", "MECANIQUE", "mécanique"),
        ("la mekanik", "mekanik", "mécanique"),
        ("menuizri ou menuiserie alu", "menuizri", "menuiserie"),
        ("jaime menuisrie", "menuisrie", "menuiserie"),
        ("à san pedro", "san pedro", "San-Pedro"),
        ("sanpedro", "sanpedro", "San-Pedro"),
        ("la côte d’ivoire", "côte d’ivoire", "Côte d'Ivoire"),
        ("vandredi", "vandredi", "vendredi"),
    ],
)
def test_a_name_is_found_however_it_is_spelt(tables, text, words, value):
    found = tables.find(text)[0]
    assert (text[found.start : found.end], found.value) == (words, value)


@pytest.mark.parametrize(
    "text", ["ceinture", "manger", "mangue", "un sandwich", "san faire pedro", "cou ture", "", "🙃"]
)
def test_other_words_are_no_names(tables, text):
    assert find(tables, text) == []


def test_an_everyday_word_is_no_misspelt_name():
    plain = EntityTables(NAMES, [])
    assert find(plain, "la coutume du village") == [("trade", "coutume")]
    everyday = everyday_words(plain, ["c'est la coutume", "la couture"])
    assert everyday == {"coutume"}
    taught = EntityTables(NAMES, [], everyday)
    assert find(taught, "la coutume et la couture") == [("trade", "couture")]


def test_patterns_see_no_accents_and_give_their_group(tables):
    assert find(tables, "En Décembre, le 15") == [("date", "Décembre"), ("date", "15")]


def test_places_are_right_after_letters_that_fold_into_two(tables):
    text = "mon cœur ﬁn e\u0301te\u0301 décembre"
    assert find(tables, text) == [("date", "décembre")]


def test_the_longest_find_stands_alone(tables):
    assert find(tables, "vendredi prochain") == [("date", "vendredi prochain")]
    assert find(tables, "00 000 000 12") == [("phone", "00 000 000 12")]


def test_of_two_in_the_same_words_the_earlier_entity_stands(tables):
    assert find(tables, "12-03-2025") == [("date", "12-03-2025")]


def test_finds_come_in_the_order_of_the_text(tables):
    assert find(tables, "lundi couture à Man lundi") == [
        ("date", "lundi"),
        ("trade", "couture"),
        ("place", "Man"),
        ("date", "lundi"),
    ]


def test_without_a_meaning_the_value_is_what_is_written(tables):
    assert tables.find("Lundi")[0].value == "Lundi"


def test_a_broken_pattern_is_refused():
    with pytest.raises(re.error):
        EntityTables([], [("date", "(")])


def test_what_is_heard_is_the_same_for_spellings_of_one_word():
    assert sound("pharmacie") == sound("farmassie")
    assert sound("mécaniques") == sound("mekanik")
