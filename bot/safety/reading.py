"""The small language in which patterns over words are written, and its reader.

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
from functools import cache

from bot.safety.pattern import (
    Edge,
    Gap,
    Item,
    Label,
    Maybe,
    Not,
    OneOf,
    Pattern,
    PatternError,
    word_label,
)

_TOKEN = re.compile(r"\s*(\.{2,3}|[<>()|!?*^$]|[^\s<>()|!?.^$]+)")
_WORD = re.compile(r"[a-z0-9]+\*?~?")
_SIGNS = frozenset("<>()|!?*^$.")
_GAPS = {"..": 4, "...": 8}
_END = ""
_CHOICE_ENDS = frozenset("|)")


def parse(pattern: str) -> Pattern:
    """Read a pattern. A word is a label of its own: see ``word_label``.

    Raises:
        PatternError: it is malformed.
    """
    if _WORD.fullmatch(pattern):
        word = _label(word_label(pattern))
        return Pattern((word,), word.names, (word.names,), word.names)
    return _Reader(pattern).read()


@cache
def _label(name: str) -> Label:
    return Label(frozenset((name,)))


class _Reader:
    """Reads one pattern, from left to right."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._tokens = [*_TOKEN.findall(pattern), _END]
        self._at = 0
        if "".join(self._tokens) != pattern.replace(" ", ""):
            raise self._error("a character that no pattern has")

    def read(self) -> Pattern:
        read = self._sequence()
        if self._next() != _END:
            raise self._error("a bracket that nothing opens")
        if not read.needs:
            raise self._error("nothing in it is certain to be said")
        return read

    def _sequence(self) -> Pattern:
        items: list[Item] = []
        needs: list[frozenset[str]] = []
        labels: set[str] = set()
        first: frozenset[str] | None = None
        while self._next() not in (_END, "|", ")"):
            negated = self._take("!")
            item, needed = self._item()
            labels |= _labels(item)
            if negated:
                item, needed = Not(item), _NOTHING
            elif self._next() in ("?", "*"):
                item, needed = Maybe(item, many=self._pop() == "*"), _NOTHING
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
            return Gap(_GAPS[part]), _NOTHING
        if part in ("^", "$"):
            return Edge(first=part == "^"), _NOTHING
        if part == "(":
            return self._options()
        if part == "<":
            label = _label(self._pop())
            if not self._take(">"):
                raise self._error("a label that is not closed")
            return label, label.names
        if part in ("?", "*", ">", _END):
            raise self._error(f"{part!r} with nothing before it")
        if self._next() == "?":
            raise self._error("to make a word optional, write it in brackets")
        word = _label(word_label(part))
        return word, word.names

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
            return Label(labels), labels
        if names:
            longer.append(Pattern((Label(labels),), labels, (labels,), labels))
        needed = _NOTHING
        if all(option.needs for option in longer):
            needed = needed.union(*(option.needs[0] for option in longer))
        return OneOf(tuple(longer)), needed

    def _single_name(self) -> str | None:
        """Read a choice that is one word or one label; nothing if it is longer."""
        tokens, at = self._tokens, self._at
        if tokens[at] == "<":
            if tokens[at + 2 : at + 3] == [">"] and tokens[at + 3] in _CHOICE_ENDS:
                self._at += 3
                return tokens[at + 1]
        elif tokens[at] != _END and tokens[at][0] not in _SIGNS and tokens[at + 1] in _CHOICE_ENDS:
            self._at += 1
            return word_label(tokens[at])
        return None

    def _next(self) -> str:
        return self._tokens[self._at]

    def _pop(self) -> str:
        token = self._tokens[self._at]
        if token != _END:
            self._at += 1
        return token

    def _take(self, token: str) -> bool:
        if self._tokens[self._at] == token:
            self._at += 1
            return True
        return False

    def _error(self, what: str) -> PatternError:
        return PatternError(f"{self._pattern!r}: {what}")


_NOTHING: frozenset[str] = frozenset()


def _says_something(option: Pattern) -> bool:
    return any(isinstance(item, Label | OneOf) for item in option.items)


def _labels(item: Item) -> frozenset[str]:
    if isinstance(item, Label):
        return item.names
    if isinstance(item, OneOf):
        return _NOTHING.union(*(option.labels for option in item.items))
    return _NOTHING


def _first(item: Item) -> frozenset[str]:
    """Return the labels with which an item begins; none if it can begin otherwise."""
    if isinstance(item, Label):
        return item.names
    if isinstance(item, OneOf) and all(option.first for option in item.items):
        return _NOTHING.union(*(option.first for option in item.items))
    return _NOTHING
