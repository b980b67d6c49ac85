"""The examples of ``nlu/<language>/red_flags.yml``: what the screen is built on and tested with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.safety.flags import RedFlag

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True)
class Example:
    """A message and the flag it must raise; None for a message that must raise no alarm."""

    text: str
    flag: RedFlag | None


def read_examples(file: Path) -> list[Example]:
    """Read one language's examples; positives first."""
    content = yaml.load(file.read_text(encoding="utf-8"), _LOADER)  # noqa: S506 (text only)
    negatives = (text for texts in content.get("negatives", {}).values() for text in texts)
    return [*_positives(content.get("positives", {})), *(Example(text, None) for text in negatives)]


def _positives(categories: dict) -> Iterator[Example]:
    for category, severities in categories.items():
        for severity, entries in severities.items():
            for entry in entries:
                entry = {"text": entry} if isinstance(entry, str) else entry
                flag = RedFlag(category, severity, entry.get("about", "self"))
                yield Example(entry["text"], flag)
