"""A small pattern language over words.

A pattern is written as one would say it, in folded letters:

====================  ==========================================================================
``dormir``            that word
``frap*``             any word that begins so
``etrangl*~``         the same, also misspelt
``#`` ``###``         a number in digits, one of three digits or more
``<hit>``             anything the label ``hit`` stands for (a list of patterns of its own)
``(a b|<c>)``         one of these
``(x)? <x>*``         once or not at all; any number of times
``..`` ``...``        up to 4, up to 8 words of any kind
``!<hit> !(a|b)``     not followed by
``^ $``               the message begins, ends here
====================  ==========================================================================

No pattern reaches over the end of a sentence.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.safety.chart import Chart

_TOKEN = re.compile(r"\s*(\.{2,3}|[<>()|!?*^$]|[^\s<>()|!?.^$]+)")
_SIGNS = "<>()|!?*^$."
_GAPS = {"..": 4, "...": 8}


class PatternError(ValueError):
    """A pattern, a label or a sign is malformed. The message says which."""


class Item(ABC):
    """One part of a pattern."""

    @abstractmethod
    def ends(self, chart: Chart, at: int, limit: int) -> Iterable[int]:
        """Return where this part can end if it begins at word ``at``, at most at ``limit``."""


@dataclass(frozen=True, eq=False)
class _Label(Item):
    """Any of some labels."""

    names: frozenset[str]

    def ends(self, chart: Chart, at: int, limit: int) -> Iterable[int]:
        if at >= limit:
            return ()
        here = chart.at[at]
        return {end for name in self.names & here.keys() for end in here[name] if end <= limit}


@dataclass(frozen=True, eq=False)
class _Gap(Item):
    longest: int

    def ends(self, chart: Chart, at: int, limit: int) -> Iterable[int]:
        return range(at, min(at + self.longest, limit) + 1)


@dataclass(frozen=True, eq=False)
class _Edge(Item):
    first: bool

    def ends(self, chart: Chart, at: int, limit: int) -> Iterable[int]:
        return (at,) if at == (0 if self.first else len(chart.text.words)) else ()


@dataclass(frozen=True, eq=False)
class _Not(Item):
    item: Item

    def ends(self, chart: Chart, at: int, limit: int) -> Iterable[int]:
        return () if any(True for _ in self.item.ends(chart, at, limit)) else (at,)


@dataclass(frozen=True, eq=False)
class _Maybe(Item):
    item: Item
    many: bool

    def ends(self, chart: Chart, at: int, limit: int) -> Iterable[int]:
        reached, new = {at}, {at}
        while new:
            new = {end for start in new for end in self.item.ends(chart, start, limit)} - reached
            reached |= new
            if not self.many:
                break
        return reached


@dataclass(frozen=True, eq=False)
class _OneOf(Item):
    items: tuple[Pattern, ...]

    def ends(self, chart: Chart, at: int, limit: int) -> Iterable[int]:
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
        if len(self.items) == 1 and isinstance(self.items[0], _Label) and len(self.labels) == 1:
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


def parse(pattern: str) -> Pattern:
    """Read a pattern. A word is a label of its own: see ``word_label``.

    Raises:
        PatternError: it is malformed.
    """
    return _Reader(pattern).read()


def word_label(term: str) -> str:
    """Return the label under which the chart notes a word that patterns use."""
    return f"'{term}"


def is_word(label: str) -> bool:
    """Whether a label is that of a word."""
    return label[0] == "'"


def term_of(label: str) -> str:
    """Return the word of a word's label."""
    return label[1:]


class _Reader:
    """Reads one pattern, from left to right."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._tokens = _TOKEN.findall(pattern)
        self._at = 0
        if "".join(self._tokens) != pattern.replace(" ", ""):
            raise self._error("a character that no pattern has")

    def read(self) -> Pattern:
        read = self._sequence()
        if self._at < len(self._tokens):
            raise self._error("a bracket that nothing opens")
        if not read.needs:
            raise self._error("nothing in it is certain to be said")
        return read

    def _sequence(self) -> Pattern:
        items: list[Item] = []
        needs: list[frozenset[str]] = []
        labels: set[str] = set()
        first: frozenset[str] | None = None
        while self._next() not in ("", "|", ")"):
            negated = self._take("!")
            item, needed = self._item()
            labels |= _labels(item)
            if negated:
                item, needed = _Not(item), _NOTHING
            elif self._next() in ("?", "*"):
                item, needed = _Maybe(item, many=self._pop() == "*"), _NOTHING
            if first is None:
                first = _first(item)
            if needed:
                needs.append(needed)
            items.append(item)
        needs.sort(key=len)
        return Pattern(tuple(items), frozenset(labels), tuple(needs), first or _NOTHING)

    def _item(self) -> tuple[Item, frozenset[str]]:
        """Read one part; return it with labels of which it needs one."""
        part = self._pop()
        if part in _GAPS:
            return _Gap(_GAPS[part]), _NOTHING
        if part in ("^", "$"):
            return _Edge(first=part == "^"), _NOTHING
        if part == "(":
            return self._options()
        if part == "<":
            names = frozenset((self._pop(),))
            if not self._take(">"):
                raise self._error("a label that is not closed")
            return _Label(names), names
        if part in ("?", "*", ">", ""):
            raise self._error(f"{part!r} with nothing before it")
        names = frozenset((word_label(part),))
        if self._next() == "?":
            raise self._error("to make a word optional, write it in brackets")
        return _Label(names), names

    def _options(self) -> tuple[Item, frozenset[str]]:
        names: set[str] = set()
        longer: list[Pattern] = []
        while True:
            name = self._single_name()
            if name:
                names.add(name)
            else:
                longer.append(self._sequence())
            if not self._take("|"):
                break
        if not self._take(")"):
            raise self._error("a bracket that is not closed")
        if not all(map(_says_something, longer)):
            raise self._error("a choice that says nothing")
        labels = frozenset(names)
        if not longer:
            return _Label(labels), labels
        if names:
            longer.append(Pattern((_Label(labels),), labels, (labels,), labels))
        needed = _NOTHING
        if all(option.needs for option in longer):
            needed = needed.union(*(option.needs[0] for option in longer))
        return _OneOf(tuple(longer)), needed

    def _single_name(self) -> str | None:
        """Read a choice that is one word or one label; nothing if it is longer."""
        ahead = self._tokens[self._at : self._at + 4]
        if ahead[1:2] in (["|"], [")"]) and ahead[0][0] not in _SIGNS:
            self._at += 1
            return word_label(ahead[0])
        if ahead[:1] == ["<"] and ahead[2:3] == [">"] and ahead[3:] in (["|"], [")"]):
            self._at += 3
            return ahead[1]
        return None

    def _next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _pop(self) -> str:
        token = self._next()
        self._at += 1
        return token

    def _take(self, token: str) -> bool:
        if self._next() == token:
            self._at += 1
            return True
        return False

    def _error(self, what: str) -> PatternError:
        return PatternError(f"{self._pattern!r}: {what}")


_NOTHING: frozenset[str] = frozenset()


def _says_something(option: Pattern) -> bool:
    return any(isinstance(item, _Label | _OneOf) for item in option.items)


def _labels(item: Item) -> frozenset[str]:
    if isinstance(item, _Label):
        return item.names
    if isinstance(item, _OneOf):
        return _NOTHING.union(*(option.labels for option in item.items))
    return _NOTHING


def _first(item: Item) -> frozenset[str]:
    """Return the labels with which an item begins; none if it can begin otherwise."""
    if isinstance(item, _Label):
        return item.names
    if isinstance(item, _OneOf) and all(option.first for option in item.items):
        return _NOTHING.union(*(option.first for option in item.items))
    return _NOTHING
