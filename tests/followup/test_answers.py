"""Short answers are read in digits, faces and words; other messages are not taken for answers."""

import pytest

from bot.followup.answers import Heard, read_choice, read_score, speaks_of, wants_to_skip


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("2", "2"),
        ("4/5", "4"),
        ("note 3", "3"),
        ("😢", "1"),
        ("🙂🙂", "4"),
        ("Très bien !", "5"),
        ("ça va", "4"),
        ("pas bien", "2"),
        ("very bad", "1"),
    ],
)
def test_a_clear_score(text, score):
    assert read_score(text) == Heard(score, sure=True, whole=True)


@pytest.mark.parametrize(("text", "score"), [("pas trop", "2"), ("bof", "3"), ("not really", "2")])
def test_a_loose_score_is_to_be_read_back(text, score):
    assert read_score(text) == Heard(score, sure=False, whole=True)


def test_a_score_inside_a_message_is_unsure_and_may_be_about_something_else():
    assert read_score("ça va très bien merci") == Heard("5", sure=False, whole=False)


@pytest.mark.parametrize(
    "text",
    ["mon oncle me frap chak soir", "c'est quand la couture", "6", "15", "0", "", "12 novembre"],
)
def test_no_score(text):
    assert read_score(text) is None


def test_a_negation_beside_an_answer_is_not_passed_over():
    assert read_choice("receipt", "je n'ai pas bien reçu") != Heard("received")
    assert read_choice("workshop", "jamais tous les jours") is None


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("workshop", "pas tous les jours", "some_days"),
        ("contact", "oui un appel", "call"),
        ("receipt", "c'est tombé", "received"),
        ("receipt", "pas reçu", "not_received"),
        ("cause", "jsp", "unknown"),
        ("cause", "someone took some", "someone_took"),
    ],
)
def test_a_choice_in_words(question, text, answer):
    assert read_choice(question, text) == Heard(answer)


def test_a_long_message_is_no_answer():
    assert read_choice("receipt", "je voulais savoir si c'est tombé pour mon petit frère") is None


@pytest.mark.parametrize("text", ["passer", "Passe", "je sais pas", "skip"])
def test_passing_on_always_works(text):
    assert wants_to_skip(text)


def test_passing_is_the_whole_message():
    assert not wants_to_skip("je vais passer demain")


def test_a_language_is_recognised_by_its_names():
    assert speaks_of("language", "je veux parler Dioula") == "dyu"
    assert speaks_of("language", "english please") == "en"
    assert speaks_of("language", "une autre langue") is None
