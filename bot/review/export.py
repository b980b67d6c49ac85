"""What was reviewed becomes training data: lines in ``nlu/``, for a colleague to read as a change.

What is there already is not written again, nor what stands among the held-out messages (nothing
measured there would mean anything any more), nor what stands under another meaning: two people
read it differently, and a third one has to decide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.engine import Connection, Row

from bot.followup.reviews import mark_exported, unexported
from bot.review.overlap import is_short, same_wording
from bot.review.redaction import CONTACT, DATE, NAME, NUMBER, PLACE, SUM
from bot.review.training_files import add_flag_example, add_intent_example
from bot.safety.examples import read_examples, read_intents

KNOWN, HELD_OUT, CONFLICT = "known", "held_out", "conflict"
# The group of negatives that raised an alarm about nothing.
_FALSE_ALARMS = "reviewed"
_SELF = "self"

# What stands for a personal detail: made up, with the entity it is. A number that nobody has.
_MADE_UP = {
    "fr": {
        NAME: ("Aya", None),
        PLACE: ("San Pedro", "place"),
        NUMBER: ("0000000017", "phone"),
        SUM: ("15000", "amount"),
        DATE: ("12 mars", "date"),
        CONTACT: ("0000000017", "phone"),
    },
    "en": {
        NAME: ("Ama", None),
        PLACE: ("Kumasi", "place"),
        NUMBER: ("0000000017", "phone"),
        SUM: ("200", "amount"),
        DATE: ("12 March", "date"),
        CONTACT: ("0000000017", "phone"),
    },
}
_OTHERS_LIKE = {"ak": "en"}


@dataclass
class Exported:
    """How many examples went into which file, and how many were left out for which reason."""

    files: Counter[Path] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)


def export(connection: Connection, nlu: Path, held_out: Path, now: datetime) -> Exported:
    """Write the examples of all decisions that no export has taken yet.

    Args:
        nlu: the folder with a folder a language.
        held_out: the folder of the messages that understanding is measured with.
    """
    done = Exported()
    meanings = _Meanings(nlu)
    measured = set(map(same_wording, _held_out_texts(held_out))) - {""}
    for decision in unexported(connection):
        text = _filled(decision, marked=False)
        reason = meanings.left_out(decision, text)
        if reason is None and same_wording(text) in measured and not is_short(text):
            reason = HELD_OUT
        if reason is None:
            done.files[_write(nlu, decision)] += 1
            meanings.add(decision, text)
        else:
            done.left_out[reason] += 1
        mark_exported(connection, decision.id, now, left_out=reason)
    return done


class _Meanings:
    """What each sentence of the training data stands for: among intents, and among dangers."""

    def __init__(self, nlu: Path) -> None:
        self._intents: dict[str, str] = {}
        self._flags: dict[str, str] = {}
        for path in sorted(nlu.glob("*/nlu*.yml")):
            for intent, sentence in read_intents(path):
                self._intents[_key(sentence)] = intent
        for path in sorted(nlu.glob("*/red_flags.yml")):
            for example in read_examples(path):
                meaning = "" if example.flag is None else example.flag.category
                self._flags[_key(example.text)] = meaning

    def left_out(self, decision: Row, text: str) -> str | None:
        """Return why a decision's example is not written; None if it is."""
        there = self._table(decision).get(_key(text))
        if there is None:
            return None
        return KNOWN if there == _meaning(decision) else CONFLICT

    def add(self, decision: Row, text: str) -> None:
        """Note an example that was written."""
        self._table(decision)[_key(text)] = _meaning(decision)

    def _table(self, decision: Row) -> dict[str, str]:
        return self._intents if decision.verdict == "intent" else self._flags


def _meaning(decision: Row) -> str:
    return str(decision.intent if decision.verdict == "intent" else decision.category or "")


def _key(text: str) -> str:
    # Of emoji alone no words are left.
    return same_wording(text) or text.strip()


def _write(nlu: Path, decision: Row) -> Path:
    folder = nlu / decision.language
    if decision.verdict == "intent":
        return add_intent_example(folder, decision.intent, _filled(decision, marked=True))
    text = _filled(decision, marked=False)
    if decision.verdict == "no_danger":
        return add_flag_example(folder, ("negatives", _FALSE_ALARMS), text)
    example = text if decision.about == _SELF else {"text": text, "about": decision.about}
    keys = ("positives", decision.category, decision.severity)
    return add_flag_example(folder, keys, example)


def _filled(decision: Row, *, marked: bool) -> str:
    """Return the example with made-up details in place of what was taken out.

    Args:
        marked: the details as Rasa's entities, "[San Pedro](place)".
    """
    text = str(decision.example)
    made_up = _MADE_UP.get(_OTHERS_LIKE.get(decision.language, decision.language), _MADE_UP["fr"])
    for placeholder, (words, entity) in made_up.items():
        text = text.replace(placeholder, f"[{words}]({entity})" if marked and entity else words)
    return text


def _held_out_texts(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("**/*.yml")):
        yield from _strings(yaml.safe_load(path.read_text(encoding="utf-8")))


def _strings(node: Any) -> Iterable[str]:
    if isinstance(node, str):
        return [node]
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return (text for child in children for text in _strings(child))
