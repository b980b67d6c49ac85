"""The examples of ``nlu/<language>/red_flags.yml``: what the screen is built on and tested with.

Those of ``nlu_*.yml``, which are sorted by what is asked, not by danger; and messages written by
ear beside what they say, of ``red_flags_by_ear.yml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.safety.flags import RedFlag

# "la [couture](trade)", "[à Man]{"entity": "place"}"
_ANNOTATION = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")
# The group of negatives that is not hard.
_EVERYDAY = "everyday"
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True)
class Example:
    """A message and the flag it must raise; None for a message that must raise no alarm.

    ``everyday``: one of those without anything in it that sounds like a danger.
    """

    text: str
    flag: RedFlag | None
    everyday: bool = False


@dataclass(frozen=True)
class ByEar:
    """A message as somebody typed it who writes by ear, and the same words as school spells them.

    ``flag`` is the one it must raise; None for a message that must raise no alarm.
    """

    typed: str
    meant: str
    flag: RedFlag | None


def read_examples(file: Path) -> list[Example]:
    """Read one language's examples; positives first."""
    content = _read(file)
    negatives = (
        Example(text, None, everyday=group == _EVERYDAY)
        for group, texts in content.get("negatives", {}).items()
        for text in texts
    )
    return [*_positives(content.get("positives", {})), *negatives]


def read_by_ear(file: Path) -> list[ByEar]:
    """Read messages by ear; positives first."""
    content = _read(file)
    positives = (
        ByEar(entry["typed"], entry["meant"], RedFlag(category, severity))
        for category, severities in content["positives"].items()
        for severity, entries in severities.items()
        for entry in entries
    )
    negatives = (
        ByEar(entry["typed"], entry["meant"], None)
        for entries in content["negatives"].values()
        for entry in entries
    )
    return [*positives, *negatives]


def read_intents(file: Path) -> Iterator[tuple[str, str]]:
    """Yield (intent, sentence) from a file of Rasa's, entity annotations taken off."""
    for section in _read(file).get("nlu", []):
        if "intent" in section:
            for line in section["examples"].splitlines():
                if line.strip():
                    yield section["intent"], _ANNOTATION.sub(r"\1", line.strip().removeprefix("- "))


def _read(file: Path) -> Any:
    return yaml.load(file.read_text(encoding="utf-8"), _LOADER)  # noqa: S506 (text only)


def _positives(categories: dict) -> Iterator[Example]:
    for category, severities in categories.items():
        for severity, entries in severities.items():
            for entry in entries:
                entry = {"text": entry} if isinstance(entry, str) else entry
                flag = RedFlag(category, severity, entry.get("about", "self"))
                yield Example(entry["text"], flag)
