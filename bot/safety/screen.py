"""The safety screen: one message in, the red flag that counts out.

It runs on the raw text in the intake transaction, before and apart from the understanding, and
must never fail: it has no state, no network, no model server.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from bot.safety.chart import Chart
from bot.safety.flags import RedFlag, worst
from bot.safety.grammar import Grammar, load_grammar
from bot.safety.learned import load_learned_layer
from bot.safety.pattern_layer import PatternLayer
from bot.safety.text import expand

PATTERNS = Path(__file__).parent / "patterns"


class Layer(Protocol):
    """A way to see danger. Any layer can fire alone; the worst of what all see counts."""

    def flags(self, chart: Chart) -> Iterable[RedFlag]:
        """Return the flags seen in a message."""


class Screen:
    """Looks for danger in a message."""

    def __init__(self, grammar: Grammar, layers: Sequence[Layer]) -> None:
        self._grammar = grammar
        self.layers = tuple(layers)

    def screen(self, text: str) -> RedFlag | None:
        """Return the red flag of a message as it was typed, or None."""
        chart = self._grammar.chart(expand(text))
        return worst(flag for layer in self.layers for flag in layer.flags(chart))


def load_screen(models: Path, patterns: Path = PATTERNS) -> Screen:
    """Build the screen from the grammar in ``patterns`` and the newest file in ``models``.

    Raises:
        NoLearnedLayer: there is no trained file, or none that this code can read.
        PatternError: the grammar is malformed, or lacks a label that the rules need.
    """
    grammar = load_grammar(patterns)
    return Screen(grammar, [PatternLayer(grammar), load_learned_layer(models)])
