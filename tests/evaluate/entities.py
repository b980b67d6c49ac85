"""How well trades, places, dates, sums, numbers and languages are found in messages.

Pure functions. A find counts as right where it names the entity and shares a letter with the words
marked; whether it has all of them and no more is counted apart, since "lundi" for "lundi matin"
serves a person as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.evaluate.shares import Share

_MARK = re.compile(r"\[([^\[\]]+)\]\((\w+)\)")


@dataclass(frozen=True, order=True)
class Span:
    """An entity's name, and where its words begin and end."""

    start: int
    end: int
    entity: str

    def meets(self, other: Span) -> bool:
        """Whether it is the same entity and shares a letter."""
        return self.entity == other.entity and self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Extracted:
    """A message, what stands in it, and what was found there."""

    text: str
    expected: tuple[Span, ...]
    got: tuple[Span, ...]

    @property
    def missed(self) -> list[Span]:
        """What was not found."""
        return [due for due in self.expected if not any(due.meets(span) for span in self.got)]

    @property
    def false(self) -> list[Span]:
        """What was found where there is none, or a second time in the same words."""
        left = list(self.expected)
        wrong = []
        for span in self.got:
            met = next((due for due in left if due.meets(span)), None)
            if met is None:
                wrong.append(span)
            else:
                left.remove(met)
        return wrong


def read_marked(marked: str) -> tuple[str, tuple[Span, ...]]:
    """Return a message without its "[words](entity)" marks, and the spans these stood for."""
    text, spans, at = "", [], 0
    for mark in _MARK.finditer(marked):
        text += marked[at : mark.start()]
        spans.append(Span(len(text), len(text) + len(mark[1]), mark[2]))
        text += mark[1]
        at = mark.end()
    return text + marked[at:], tuple(spans)


def precision(extracted: Iterable[Extracted], entity: str | None = None) -> Share:
    """Return how many of the finds are right, of one entity or of all."""
    right = of = 0
    for case in extracted:
        of += len(_of(case.got, entity))
        right += len(_of(case.got, entity)) - len(_of(case.false, entity))
    return Share(right, of)


def recall(extracted: Iterable[Extracted], entity: str | None = None) -> Share:
    """Return how many of those marked were found, of one entity or of all."""
    found = of = 0
    for case in extracted:
        of += len(_of(case.expected, entity))
        found += len(_of(case.expected, entity)) - len(_of(case.missed, entity))
    return Share(found, of)


def exact(extracted: Iterable[Extracted]) -> Share:
    """Return how many of those marked were found with all their words and no more."""
    cases = list(extracted)
    found = sum(span in case.got for case in cases for span in case.expected)
    return Share(found, sum(len(case.expected) for case in cases))


def _of(spans: Sequence[Span], entity: str | None) -> list[Span]:
    return [span for span in spans if entity in (None, span.entity)]
