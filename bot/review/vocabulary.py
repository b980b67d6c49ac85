"""What the training data of ``nlu/`` knows: its words, and the places that it lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from bot.safety.examples import read_examples, read_intents
from bot.safety.text import words

_LONGEST_ACRONYM = 4
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
def load_vocabulary(nlu: Path) -> Vocabulary:
    """Read all languages of ``nlu/``, once: it takes a second."""
    # What has a capital wherever it stands is a made-up person or a place.
    small = (word for sentence in _sentences(nlu) for word in sentence.split() if word[0].islower())
    known = frozenset(folded for word in small for folded in words(word))
    languages = sorted(folder.name for folder in nlu.iterdir() if folder.is_dir())
    return Vocabulary(known, tuple(_places(nlu)), tuple(languages))


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
