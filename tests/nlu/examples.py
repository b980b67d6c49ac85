"""The training examples of ``nlu/<language>/nlu*.yml``, read without Rasa."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from bot.settings import PROJECT

NLU = PROJECT / "nlu"
_ENTITY = re.compile(r"\[([^\[\]]+)\]\((\w+)\)")


@dataclass(frozen=True)
class Example:
    """One line under an intent; ``entities`` are (name, words) in the order they stand."""

    language: str
    intent: str
    text: str
    entities: tuple[tuple[str, str], ...]


def read_examples(language: str) -> list[Example]:
    """Read a language's examples, annotations taken off their texts."""
    return [
        Example(
            language,
            section["intent"],
            _ENTITY.sub(r"\1", line),
            tuple((name, words) for words, name in _ENTITY.findall(line)),
        )
        for section in read_sections(language)
        if "intent" in section
        for line in _lines(section)
    ]


def read_table(language: str, kind: str) -> dict[str, list[str]]:
    """Read the tables of a kind (synonym, lookup or regex) by their names."""
    return {
        section[kind]: list(_lines(section))
        for section in read_sections(language)
        if kind in section
    }


def read_sections(language: str) -> Iterator[dict[str, Any]]:
    """Yield what stands under ``nlu:`` in all files of a language."""
    for path in sorted((NLU / language).glob("nlu*.yml")):
        yield from yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)["nlu"]


def _lines(section: dict[str, Any]) -> Iterator[str]:
    for line in section["examples"].splitlines():
        yield line.removeprefix("- ")
