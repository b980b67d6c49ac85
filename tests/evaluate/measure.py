"""Puts the held-out messages through what serves people, and takes the time."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from bot.delivery.ports import Dialogue
from bot.dialogue.parse import parse_lines
from bot.dialogue.politeness import INTENTS as COURTESIES
from bot.safety.flags import RedFlag
from bot.safety.screen import Screen, load_screen
from tests.evaluate.entities import Extracted, Span
from tests.evaluate.flags import Screened
from tests.evaluate.heldout import HeldOut
from tests.evaluate.intents import Recognised

_LOADS = 5
_SEED = 0

_Case = Recognised | Screened


@dataclass(frozen=True)
class Outcome:
    """What became of the messages of one language."""

    intents: tuple[Recognised, ...]
    of_strangers: tuple[Recognised, ...]
    by_ear: tuple[Recognised, ...]
    dangers: tuple[Screened, ...]
    everyday: tuple[Screened, ...]
    hard: tuple[Screened, ...]
    ordinary: tuple[Screened, ...]
    together: tuple[Screened, ...]
    entities: tuple[Extracted, ...]
    polite: Polite


@dataclass(frozen=True)
class Polite:
    """What became of messages with courtesies around them, of those that are right without."""

    intents: tuple[Recognised, ...]
    dangers: tuple[Screened, ...]
    ordinary: tuple[Screened, ...]


@dataclass(frozen=True)
class Speed:
    """Milliseconds a message: the middle one, and the one that 95 of 100 do not exceed."""

    median: float
    slow: float


def measure_language(heldout: HeldOut, dialogue: Dialogue, screen: Screen) -> Outcome:
    """Understand and screen the messages of one language, as ``python -m bot parse`` does."""

    def screened(messages: Iterable[tuple[str, RedFlag | None]]) -> tuple[Screened, ...]:
        return tuple(Screened(text, expected, screen.screen(text)) for text, expected in messages)

    def harmless(texts: Iterable[str]) -> tuple[Screened, ...]:
        return screened((text, None) for text in texts)

    def understood(messages: Sequence[tuple[str, str]]) -> tuple[Recognised, ...]:
        parsed = parse_lines(dialogue, screen, (text for text, _ in messages))
        return tuple(
            Recognised(text, expected, got["intent"], got["confidence"])
            for (text, expected), got in zip(messages, parsed, strict=True)
        )

    def politely(cases: Sequence[_Case]) -> list[tuple[str, Any]]:
        random = np.random.default_rng(_SEED)
        return [(heldout.courtesies.around(case.text, random), case.expected) for case in cases]

    of_strangers = understood(heldout.of_strangers)
    dangers = screened(heldout.red_flags)
    ordinary = harmless(heldout.ordinary)
    searched = parse_lines(dialogue, screen, (text for text, _ in heldout.entities))
    return Outcome(
        intents=understood(heldout.intents),
        of_strangers=of_strangers,
        by_ear=understood(heldout.by_ear),
        dangers=dangers,
        everyday=harmless(heldout.everyday),
        hard=harmless(heldout.hard),
        ordinary=ordinary,
        together=one_after_the_other(ordinary, screen.screen),
        entities=tuple(
            Extracted(text, expected, tuple(_span(entity) for entity in got["entities"]))
            for (text, expected), got in zip(heldout.entities, searched, strict=True)
        ),
        polite=Polite(
            intents=understood(
                politely([c for c in of_strangers if c.right and c.expected not in COURTESIES])
            ),
            dangers=screened(
                politely([c for c in dangers if c.found and c.expected and c.expected.alarms])
            ),
            ordinary=screened(politely([case for case in ordinary if not case.alarms])),
        ),
    )


def one_after_the_other(
    messages: Sequence[Screened], screen: Callable[[str, Sequence[str]], RedFlag | None]
) -> tuple[Screened, ...]:
    """Screen harmless messages, each within a minute after another, neither alone an alarm."""
    quiet = [message.text for message in messages if not message.alarms]
    return tuple(
        Screened(f"{first} / {then}", None, screen(then, [first]))
        for first, then in pairwise(quiet)
    )


def understanding_speed(texts: Sequence[str], dialogue: Dialogue) -> Speed:
    """Take the time of understanding each message, one after the other."""

    async def times() -> list[float]:
        taken = []
        for text in texts:
            start = time.perf_counter()
            await dialogue.understand(text)
            taken.append(time.perf_counter() - start)
        return taken

    return _speed(asyncio.run(times()))


def screening_speed(texts: Sequence[str], screen: Screen) -> Speed:
    """Take the time of screening each message."""
    taken = []
    for text in texts:
        start = time.perf_counter()
        screen.screen(text)
        taken.append(time.perf_counter() - start)
    return _speed(taken)


def loading_seconds(models: Path) -> float:
    """Return the seconds that loading the safety screen takes: of five times the middle one."""
    taken = []
    for _ in range(_LOADS):
        start = time.perf_counter()
        load_screen(models)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def _span(entity: Mapping[str, Any]) -> Span:
    return Span(entity["start"], entity["end"], entity["entity"])


def _speed(seconds: Sequence[float]) -> Speed:
    return Speed(
        median=1000 * statistics.median(seconds),
        slow=1000 * statistics.quantiles(seconds, n=20)[-1],
    )
