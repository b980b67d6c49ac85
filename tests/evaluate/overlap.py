"""The training data, to see which held-out messages also stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from bot.settings import PROJECT

NLU = PROJECT / "nlu"
# In C it takes seconds, in Python a minute.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# "la [couture](trade)", "[à Man]{"entity": "place"}"
_ANNOTATION = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")


def intent_examples(nlu: Path = NLU) -> Iterator[tuple[str, str]]:
    """Yield (intent, example) from all ``nlu*.yml``, entity annotations taken off."""
    for path in sorted(nlu.glob("**/nlu*.yml")):
        for section in _read(path).get("nlu", []):
            if "intent" in section:
                for example in _examples(section["examples"]):
                    yield section["intent"], _ANNOTATION.sub(r"\1", example)


def training_texts(nlu: Path = NLU) -> Iterator[str]:
    """Yield all sentences that anything is trained on.

    Of ``red_flags*.yml`` every text in it counts, wherever it stands: a key or a label among them
    does no harm.
    """
    yield from (example for _, example in intent_examples(nlu))
    for path in sorted(nlu.glob("**/red_flags*.yml")):
        yield from _strings(_read(path))


def _read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), _LOADER)  # noqa: S506 (a safe one)


def _examples(examples: str | list[dict[str, Any]]) -> Iterator[str]:
    """Read Rasa's two ways to list examples: lines after a dash, or entries with metadata."""
    if isinstance(examples, str):
        for line in examples.splitlines():
            if line.strip():
                yield line.strip().removeprefix("- ")
    else:
        yield from (entry["text"].strip() for entry in examples)


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for child in node.values():
            yield from _strings(child)
    elif isinstance(node, list):
        for child in node:
            yield from _strings(child)
