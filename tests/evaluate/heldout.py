"""The held-out messages: ``tests/heldout/<kind>.<language>.yml``. Reading only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.dialogue.politeness import Courtesies, read_courtesies
from bot.dialogue.screen_training import DANGER_INTENTS
from bot.safety.flags import RedFlag
from bot.settings import PROJECT
from tests.evaluate.entities import Span, read_marked

FOLDER = PROJECT / "tests" / "heldout"
LANGUAGES = {"fr": "French", "en": "English"}
# Intents of which some messages are a danger, or all.
_MAY_BE_DANGER = DANGER_INTENTS | {"complain_staff"}


@dataclass(frozen=True)
class HeldOut:
    """The messages of one language, each with what is right.

    Attributes:
        intents: messages with their intents.
        of_strangers: more, by six authors of whom nothing is ever learned.
        by_ear: more, written as they sound.
        red_flags: dangers with their flags.
        everyday: harmless messages.
        hard: harmless messages that sound like a danger.
        entities: messages with the places of their entities.
        courtesies: greetings and thanks to put around messages.
    """

    intents: tuple[tuple[str, str], ...]
    of_strangers: tuple[tuple[str, str], ...]
    by_ear: tuple[tuple[str, str], ...]
    red_flags: tuple[tuple[str, RedFlag], ...]
    everyday: tuple[str, ...]
    hard: tuple[str, ...]
    entities: tuple[tuple[str, tuple[Span, ...]], ...]
    courtesies: Courtesies

    @property
    def ordinary(self) -> list[str]:
        """What the strangers write of all that is no danger."""
        return [text for text, intent in self.of_strangers if intent not in _MAY_BE_DANGER]

    def texts(self) -> Iterator[str]:
        """Yield every message whose intent or danger is measured."""
        yield from (text for text, _ in (*self.intents, *self.of_strangers, *self.by_ear))
        yield from (text for text, _ in self.red_flags)
        yield from (*self.everyday, *self.hard)


def read_heldout(language: str, folder: Path = FOLDER) -> HeldOut:
    """Read the files of a language."""

    def read(kind: str) -> Any:
        return yaml.safe_load((folder / f"{kind}.{language}.yml").read_text(encoding="utf-8"))

    def read_intents(kind: str) -> tuple[tuple[str, str], ...]:
        return tuple((text, name) for name, texts in read(kind).items() for text in texts)

    negatives = read("negatives")
    return HeldOut(
        intents=read_intents("intents"),
        of_strangers=read_intents("strangers/intents"),
        by_ear=read_intents("intents_by_ear"),
        red_flags=tuple(
            (entry["text"], RedFlag(entry["category"], entry["severity"]))
            for entry in read("red_flags")
        ),
        everyday=tuple(negatives["everyday"]),
        hard=tuple(negatives["hard"]),
        entities=tuple(map(read_marked, read("entities"))),
        courtesies=read_courtesies(folder / f"courtesies.{language}.yml"),
    )
