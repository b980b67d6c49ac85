"""A pattern, made of parts that are looked for in the chart of a message."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.safety.chart import Chart


class PatternError(ValueError):
    """A pattern, a label or a sign is malformed. The message says which."""


class Item(ABC):
    """One part of a pattern."""

    @abstractmethod
    def ends(self, chart: Chart, at: int, limit: int) -> Iterable[int]:
        """Return where this part can end if it begins at word ``at``, at most at ``limit``."""


@dataclass(frozen=True, eq=False)
class Label(Item):
    """Any of some labels."""

    names: frozenset[str]

    def ends(self, chart: Chart, at: int, limit: int) -> Iterable[int]:
        """Return where what was found for one of the labels ends."""
        if at >= limit:
            return ()
        here = chart.at[at]
        return {end for name in self.names & here.keys() for end in here[name] if end <= limit}


@dataclass(frozen=True, eq=False)
class Gap(Item):
    """Some words of any kind."""

    longest: int

    def ends(self, chart: Chart, at: int, limit: int) -> Iterable[int]:
        """Return every place within reach."""
        return range(at, min(at + self.longest, limit) + 1)


@dataclass(frozen=True, eq=False)
class Edge(Item):
    """The beginning or the end of the message."""

    first: bool

    def ends(self, chart: Chart, at: int, limit: int) -> Iterable[int]:
        """Return the place, if it is that end of the message."""
        return (at,) if at == (0 if self.first else len(chart.text.words)) else ()


@dataclass(frozen=True, eq=False)
class Not(Item):
    """Nothing, where what it names does not follow."""

    item: Item

    def ends(self, chart: Chart, at: int, limit: int) -> Iterable[int]:
        """Return the place, if the item does not follow."""
        return () if any(True for _ in self.item.ends(chart, at, limit)) else (at,)


@dataclass(frozen=True, eq=False)
class Maybe(Item):
    """What can be left out, or said many times."""

    item: Item
    many: bool

    def ends(self, chart: Chart, at: int, limit: int) -> Iterable[int]:
        """Return every place that saying the item again reaches."""
        reached, new = {at}, {at}
        while new:
            new = {end for start in new for end in self.item.ends(chart, start, limit)} - reached
            reached |= new
            if not self.many:
                break
        return reached


@dataclass(frozen=True, eq=False)
class OneOf(Item):
    """One of some patterns."""

    items: tuple[Pattern, ...]

    def ends(self, chart: Chart, at: int, limit: int) -> Iterable[int]:
        """Return where any of them ends."""
        return {end for item in self.items for end in item.ends(chart, at, limit)}


@dataclass(frozen=True, eq=False)
class Pattern(Item):
    """A sequence of parts.

    ``labels`` are all it speaks of. ``needs`` are sets of labels: a text that has none of one set
    cannot hold the pattern. ``first`` are the labels it can begin with, if only labels can.
    """

    items: tuple[Item, ...]
    labels: frozenset[str]
    needs: tuple[frozenset[str], ...]
    first: frozenset[str]

    @property
    def word(self) -> str | None:
        """The word, if the pattern is a single word."""
        if len(self.items) == 1 and isinstance(self.items[0], Label) and len(self.labels) == 1:
            (name,) = self.labels
            return term_of(name) if is_word(name) else None
        return None

    def ends(self, chart: Chart, at: int, limit: int) -> Iterable[int]:
        """Return where the whole pattern can end if it begins at word ``at``."""
        reached: Iterable[int] = (at,)
        for item in self.items:
            reached = {end for start in reached for end in item.ends(chart, start, limit)}
            if not reached:
                break
        return reached

    def find(self, chart: Chart) -> Iterator[tuple[int, int]]:
        """Yield every (start, end) at which the pattern is found."""
        found = chart.starts
        for need in self.needs:
            if need.isdisjoint(found):
                return
        starts: Iterable[int] = range(len(chart.text.words))
        if self.first:
            starts = {at for label in self.first & found.keys() for at in found[label]}
        for start in starts:
            for end in self.ends(chart, start, chart.text.ends[start]):
                if end > start:
                    yield start, end


def word_label(term: str) -> str:
    """Return the label under which the chart notes a word that patterns use."""
    return f"'{term}"


def is_word(label: str) -> bool:
    """Whether a label is that of a word."""
    return label[0] == "'"


def term_of(label: str) -> str:
    """Return the word of a word's label."""
    return label[1:]
