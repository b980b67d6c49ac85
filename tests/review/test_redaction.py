"""Personal details are taken out; what is left is what was said."""

from __future__ import annotations

import pytest

from bot.review.redaction import Known, Redactor
from bot.review.vocabulary import Vocabulary, load_vocabulary
from bot.settings import PROJECT
from tests.nlu.examples import NLU

KNOWN = Known(
    names={"Kouadio", "Inventé", "N'Guessan Aya", "Clémence", "Bi"},
    places={"Centre Exemple", "rue du Marché"},
)


@pytest.fixture(scope="module")
def real() -> Vocabulary:
    """Give the words of the project's own training data."""
    return load_vocabulary(PROJECT / "nlu")


@pytest.fixture
def redactor(real):
    return Redactor(KNOWN, real)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        # People we know: without accents, in capitals, in parts, with a letter wrong.
        ("c'est Kouadio", "c'est ‹nom›"),
        ("KOUADIO DOIT VENIR", "‹nom› DOIT VENIR"),
        ("slt c kouadyo", "slt c ‹nom›"),
        ("dites à clemence", "dites à ‹nom›"),
        ("nguessan est malade", "‹nom› est malade"),
        ("n'guessan et aya sont là", "‹nom› et ‹nom› sont là"),
        ("bi veut apprendre", "‹nom› veut apprendre"),
        # People nobody knows, where a name stands.
        ("je m'appelle zrankpele", "je m'appelle ‹nom›"),
        ("my name is Kwesi abeg", "my name is ‹nom› abeg"),
        ("Tonton Zrankpélé me paie", "Tonton ‹nom› me paie"),
        ("bonjour Zrankpélé", "bonjour ‹nom›"),
        # Places.
        ("je dors au centre exemple", "je dors au ‹lieu›"),
        ("c'est rue du marche", "c'est ‹lieu›"),
        ("j'habite à Gagnoa", "j'habite à ‹lieu›"),
        ("on est au quartier zougoubo", "on est au quartier ‹lieu›"),
        ("je vais à Zougoubo", "je vais à ‹lieu›"),
        # Numbers, sums, dates, where else one is found.
        ("mon numéro c 07 08 09 10 11", "mon numéro c ‹numéro›"),
        ("call +233244123456", "call ‹numéro›"),
        ("j'ai reçu 25 000 F", "j'ai reçu ‹somme›"),
        ("reçu 10000 au lieu de 25000", "reçu ‹somme› au lieu de ‹somme›"),
        ("il a pris cinq mille francs", "il a pris ‹somme›"),
        ("two hundred cedis", "‹somme›"),
        ("le dossier 0317", "le dossier ‹somme›"),
        ("le 12 mars 2026", "le ‹date›"),
        ("le 14 je viens", "le ‹date› je viens"),
        ("né le 03/04/2012", "né le ‹date›"),
        ("écris à toto@exemple.test", "écris à ‹contact›"),
        ("va sur https://exemple.test/moi", "va sur ‹contact›"),
    ],
)
def test_a_personal_detail_is_taken_out(redactor, written, read):
    assert redactor.redact(written) == read
    assert redactor.redact(read) == read


@pytest.mark.parametrize(
    "written",
    [
        "l'argent est tombé ? 15h30",
        "j'ai 14 ans, je veux apprendre la couture",
        "mon papa me frappe",
        "tonton a dit non",
        "je suis au village",
        "il a pris ma part",
        "wé mrc djê",
        "👍",
        "y3n ho y3",
        "",
    ],
)
def test_what_tells_nothing_of_anybody_stays(redactor, written):
    assert redactor.redact(written) == written


def test_words_that_no_example_has_are_shown_to_the_reader(redactor):
    assert redactor.unknown_words("zrankpele veut la couture à ‹lieu›, zrankpele") == ["zrankpele"]


def test_a_name_of_an_example_is_no_word_that_is_known(real):
    assert "couture" in real.words
    assert "koffi" not in real.words


def test_hardly_any_sentence_of_the_training_data_loses_a_word_that_is_no_detail(real):
    """What is taken out of sentences about nobody is at most a capital ("Facebook")."""
    redactor = Redactor(Known((), ()), real)
    lines = (NLU / "fr" / "nlu_work_school.yml").read_text(encoding="utf-8").splitlines()
    sentences = [line.strip().removeprefix("- ") for line in lines if "[" not in line]
    small = [text for text in sentences if text == text.lower() and not any(map(str.isdigit, text))]
    assert len(small) > 100
    touched = [text for text in small if redactor.redact(text) != text]
    assert len(touched) <= 0.02 * len(small), touched
