"""What was written by ear is spelt as school spells it, and nothing else is touched."""

from __future__ import annotations

import numpy as np
import pytest

from bot.safety.courtesies import said
from bot.safety.respelling import Respelling
from bot.safety.trained_file import load_trained_screen
from tests.evaluate.heldout import LANGUAGES, read_heldout


@pytest.fixture(scope="module")
def respelling(trained_screen) -> Respelling:
    return load_trained_screen(trained_screen).respelling


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("jeveu dormi", "je veux dormi"),
        ("jeveu dormi isi", "je veux dormi ici"),
        ("lenfan du voizin travay", "l enfant du voisin travail"),
        ("mon onkl ma tapé avec kourjet", "mon oncle ma tape avec"),
        ("ma fiy vien alekol", "ma fille vient a l ecole"),
        ("tonton vien dor sur moi la nui", "tonton vient dort sur moi la nuit"),
        ("tonton vyen dor sur moi la nui", "tonton vient dort sur moi la nuit"),
        ("mon fis a mal o vantre depui yer", "mal au ventre depuis"),
        ("de pikin dey krai evri nait", "the child dey cry every night"),
        ("the techa bit me wid ken", "the teacher beat me with cane"),
        ("my broda sik i nid help", "my brother sick i need help"),
    ],
)
def test_what_is_written_by_ear_is_spelt(respelling, typed, meant):
    assert meant in respelling.respell(said(typed))


@pytest.mark.parametrize(
    "text",
    [
        "bonjour, je serai en retard à l'atelier de menuiserie demain",
        "Le tribunal a confirmé la condamnation des trafiquants",
        "my appointment with the counsellor is on Thursday morning",
        "Kouadio Adjoua",
        "",
        "...",
        "07 08 09",
        "😭😭",
    ],
)
def test_all_else_stays_as_it_is(respelling, text):
    assert respelling.respell(said(text)) == said(text)


def test_hardly_a_message_that_is_spelt_well_is_touched(respelling):
    texts = [said(text) for language in LANGUAGES for text in read_heldout(language).everyday]
    touched = [text for text in texts if respelling.respell(text) != text]
    # Some of them are written by ear.
    assert len(touched) <= 0.08 * len(texts)


def test_numbers_and_marks_stay_where_they_are(respelling):
    spelt = respelling.respell(said("lé gran ma pri 5000, i vien 2 foi"))
    assert [part for part in spelt.split() if not part.isalpha()] == ["5000", ",", "2"]


@pytest.mark.parametrize("text", ["kekun " * 300, "k" * 4000, "ⵣⵣⵣ ⵣⵣⵣⵣ", "ʔʔʔ ʔʔ frap"])
def test_no_text_breaks_it(respelling, text):
    assert respelling.respell(said(text))


def test_what_was_stored_is_read_again(respelling):
    again = Respelling.of(respelling.arrays)
    for text in ("jeveu dormi", "de pikin dey krai evri nait"):
        assert again.respell(text) == respelling.respell(text) != text
    assert all(np.array_equal(a, again.arrays[name]) for name, a in respelling.arrays.items())
