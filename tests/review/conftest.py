"""What the tests of reviewing start from: a small ``nlu/``, and somebody who writes into it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.review.vocabulary import Vocabulary, load_vocabulary

FRENCH = """\
# French: a small one.
version: "3.1"
nlu:
- intent: ask_payment
  examples: |
    - l'argent est tombé ?
    - on paie quand
# About places.
- intent: update_contact
  examples: |
    - j'habite à [Gagnoa](place) maintenant
    - mon nouveau numéro c'est le [00 00 00 00 07](phone), slt
    - mon papa et mon tonton vont appeler pour la couture, merci
"""
TABLES = """\
version: "3.1"
nlu:
- lookup: place
  examples: |
    - Gagnoa
    - San Pedro
"""
FLAGS = """\
# Danger: a small one.
positives:
  fear:
    critical:
      - il est à la porte
    # less so
    high:
      - j'ai peur
  violence:
    critical:
      - {text: "on le tape, lui", about: someone_else}
negatives:
  everyday:
    - bonjour
"""
HELD_OUT = """\
ask_payment:
  - quand est-ce que ça tombe chez nous
  - argent
"""
STRANGER = """negatives:
  everyday:
    - l'argent de la tontine est pour qui
"""


@pytest.fixture
def nlu(tmp_path: Path) -> Path:
    """Give a folder of training data."""
    for name, text in (
        ("fr/nlu_money.yml", FRENCH),
        ("fr/nlu_tables.yml", TABLES),
        ("fr/red_flags.yml", FLAGS),
        ("bci/nlu.yml", '# draft: not yet read by a native speaker\nversion: "3.1"\nnlu:\n'),
    ):
        path = tmp_path / "nlu" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "nlu"


@pytest.fixture
def held_out(tmp_path: Path) -> Path:
    """Give a folder of held-out messages."""
    folder = tmp_path / "heldout"
    folder.mkdir()
    (folder / "intents.fr.yml").write_text(HELD_OUT, encoding="utf-8")
    (folder / "strangers").mkdir()
    (folder / "strangers" / "plain.fr.yml").write_text(STRANGER, encoding="utf-8")
    return folder


@pytest.fixture
def vocabulary(nlu: Path) -> Vocabulary:
    """Give the words of the small training data."""
    return load_vocabulary(nlu)
