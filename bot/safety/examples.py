"""The examples of ``nlu/<language>/red_flags.yml``: what the screen is built on and tested with.

Those of ``nlu_*.yml``, which are sorted by what is asked, not by danger; and messages written by
ear beside what they say, of ``red_flags_by_ear.yml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
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
    """A message as somebody typed it who writes by ear, and what it says as school spells it."""

    typed: str
    meant: Example


def read_examples(file: Path) -> list[Example]:
    """Read one language's examples; positives first."""
    return [example for _, example in _examples(_read(file), "text")]


def read_by_ear(file: Path) -> list[ByEar]:
    """Read messages by ear; positives first."""
    return [ByEar(entry["typed"], meant) for entry, meant in _examples(_read(file), "meant")]


def read_intents(file: Path) -> Iterator[tuple[str, str]]:
    """Yield (intent, sentence) from a file of Rasa's, entity annotations taken off."""
    for section in _read(file).get("nlu", []):
        if "intent" in section:
            for line in section["examples"].splitlines():
                if line.strip():
                    yield section["intent"], _ANNOTATION.sub(r"\1", line.strip().removeprefix("- "))


def _read(file: Path) -> Any:
    return yaml.load(file.read_text(encoding="utf-8"), _LOADER)  # noqa: S506 (text only)


def _examples(content: Any, said: str) -> Iterator[tuple[Mapping[str, Any], Example]]:
    """Yield each entry, of which ``said`` names the text, and what it shows."""
    for category, severities in content.get("positives", {}).items():
        for severity, entries in severities.items():
            for entry in map(_entry, entries):
                flag = RedFlag(category, severity, entry.get("about", "self"))
                yield entry, Example(entry[said], flag)
    for group, entries in content.get("negatives", {}).items():
        for entry in map(_entry, entries):
            yield entry, Example(entry[said], None, everyday=group == _EVERYDAY)


def _entry(entry: Any) -> Mapping[str, Any]:
    return {"text": entry} if isinstance(entry, str) else entry
