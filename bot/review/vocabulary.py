"""What the training data of ``nlu/`` knows: its words, and the places that it lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from bot.garbage import uncollected
from bot.safety.examples import read_examples, read_intents
from bot.safety.text import words

_LONGEST_ACRONYM = 4
_SHORTEST_NAME = 3  # "I" is none
_ENDS_A_SENTENCE = ".!?…"
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True)
class Vocabulary:
    """``words`` are folded, names are not among them; ``places`` are written as in the tables.

    ``languages`` are those that have a folder.
    """

    words: frozenset[str]
    places: tuple[str, ...]
    languages: tuple[str, ...]


@cache
@uncollected()
def load_vocabulary(nlu: Path) -> Vocabulary:
    """Read all languages of ``nlu/``, once: it takes some seconds."""
    small, capital = _counted_by_capital(nlu)
    # Whoever types fast writes "koffi" too: a name has more often a capital than not.
    known = frozenset(
        word
        for word, count in small.items()
        if count >= capital[word] or len(word) < _SHORTEST_NAME
    )
    languages = sorted(folder.name for folder in nlu.iterdir() if folder.is_dir())
    return Vocabulary(known, tuple(_places(nlu)), tuple(languages))


def _counted_by_capital(nlu: Path) -> tuple[Counter[str], Counter[str]]:
    """Count the words written small, and those with a capital inside a sentence."""
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for sentence in _sentences(nlu):
        before = "."
        for word in sentence.split():
            if word[0].islower():
                small[word] += 1
            elif word.istitle() and before[-1] not in _ENDS_A_SENTENCE:
                capital[word] += 1
            before = word
    return _folded(small), _folded(capital)


def _folded(counted: Counter[str]) -> Counter[str]:
    """Return the same once spelling does not count: each spelling is folded once."""
    folded: Counter[str] = Counter()
    for spelling, count in counted.items():
        for word in words(spelling):
            folded[word] += count
    return folded


def _sentences(nlu: Path) -> Iterator[str]:
    for path in nlu.glob("*/nlu*.yml"):
        yield from (sentence for _, sentence in read_intents(path))
    for path in nlu.glob("*/red_flags.yml"):
        yield from (example.text for example in read_examples(path))


def _places(nlu: Path) -> Iterator[str]:
    for path in nlu.glob("*/nlu*.yml"):
        content = yaml.load(path.read_text(encoding="utf-8"), _LOADER)  # noqa: S506 (text only)
        for section in content.get("nlu", []):
            if section.get("lookup") == "place":
                for line in section["examples"].splitlines():
                    yield line.strip().removeprefix("- ")
