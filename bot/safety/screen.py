"""The safety screen: one message in, the red flag that counts out.

It runs on the raw text in the intake transaction, before and apart from the understanding, and
must never fail: it has no state, no network, no model server.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from bot.garbage import uncollected
from bot.safety.chart import Chart
from bot.safety.courtesies import said
from bot.safety.flags import Category, RedFlag, worst
from bot.safety.grammar import Grammar, load_grammar
from bot.safety.learned import LearnedLayer
from bot.safety.pattern_layer import PatternLayer
from bot.safety.second_reading import second_reading
from bot.safety.trained_file import load_trained_screen

PATTERNS = Path(__file__).parent / "patterns"

# How many messages sent one after the other are read as one at most.
_BUBBLES = 3


class Layer(Protocol):
    """A way to see danger. Any layer can fire alone; the severest of what all see counts.

    But where one is sure that there is no danger, another's alarm becomes a task for the worker,
    unless what it saw was said plainly (``RedFlag.certain``).
    """

    def flags(self, *readings: Chart) -> Iterable[RedFlag]:
        """Return the flags seen in a message, given all that it may say: as typed first."""

    def sees_no_danger(self, *readings: Chart) -> bool:
        """Tell whether it is sure that there is none. Not to see any is not to be sure."""


class Screen:
    """Looks for danger in a message."""

    def __init__(
        self,
        grammar: Grammar,
        layers: Sequence[Layer],
        respell: Callable[[str], str] = lambda text: text,
    ) -> None:
        """Take the ``layers``: the best at naming a danger first, at telling whose it is last.

        Args:
            grammar: what the layers read by.
            layers: each a way to see danger.
            respell: gives what was written by ear as school spells it, all else as it is.
        """
        self._grammar = grammar
        self.layers = tuple(layers)
        self.respell = respell

    def screen(self, text: str, earlier: Sequence[str] = ()) -> RedFlag | None:
        """Return the red flag of a message as it was typed, or None.

        Args:
            text: the message.
            earlier: what the same person sent within the last minute or so, oldest first: "il m'a"
                before "frappé". What these gave alone, or together, was told when they came, so
                that only something worse is returned for the whole.
        """
        flag = self._screen(text)
        told: list[RedFlag | None] = []
        for reach in range(1, min(len(earlier), _BUBBLES - 1) + 1):
            before = earlier[-reach:]
            told.append(self._screen(_join(before)))
            if reach > 1:
                told.append(self._screen(before[0]))
            whole, known = self._screen(_join([*before, text])), worst(filter(None, told))
            if whole and (known is None or known.less_severe_than(whole)):
                flag = worst(filter(None, (flag, whole)))
        return flag

    def _screen(self, text: str) -> RedFlag | None:
        readings = [*map(self._grammar.chart, self._readings(text))]
        seen = [list(layer.flags(*readings)) for layer in self.layers]
        if any(seen) and any(layer.sees_no_danger(*readings) for layer in self.layers):
            seen = [[_doubted(flag) for flag in flags] for flags in seen]
        found = [flag for flags in seen if (flag := worst(flags))]
        severest = worst(found)
        if severest is None or not severest.alarms:
            return severest
        # It matters as much as the severest says, and is what the first layer takes it for.
        category = _category(next(flag for flag in found if flag.alarms), seen, severest)
        same = [
            flag
            for flags in seen
            if (flag := worst(flag for flag in flags if flag.category == category))
        ]
        return replace(same[-1], severity=severest.severity)

    def _readings(self, text: str) -> Iterator[str]:
        typed = said(text)
        yield typed
        spelt = second_reading(text, typed, self.respell)
        if spelt is not None:
            yield spelt


@uncollected()
def load_screen(models: Path, patterns: Path = PATTERNS) -> Screen:
    """Build the screen from the grammar in ``patterns`` and the newest file in ``models``.

    Raises:
        NotTrained: there is no trained file, or none that this code can read.
        PatternError: the grammar is malformed, or lacks a label that the rules need.
    """
    grammar = load_grammar(patterns)
    trained = load_trained_screen(models)
    layers = (LearnedLayer(trained.model), PatternLayer(grammar))
    return Screen(grammar, layers, trained.respelling.respell)


def _category(named: RedFlag, seen: Iterable[Iterable[RedFlag]], severest: RedFlag) -> Category:
    """Return which danger it is: the one named, or of several nearly as likely, those seen twice.

    Of these the table's order decides.
    """
    twice = worst(
        flag
        for flags in seen
        for flag in flags
        if flag is not named
        and flag.severity == severest.severity
        and flag.category in (named.category, *named.nearly)
    )
    return (twice or named).category


def _doubted(flag: RedFlag) -> RedFlag:
    """Leave a task of an alarm, unless it was said plainly."""
    return flag if flag.certain else replace(flag, severity="normal")


def _join(messages: Sequence[str]) -> str:
    # A line break ends no sentence.
    return "\n".join(messages)
