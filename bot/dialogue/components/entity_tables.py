"""Finds what stands in tables of names and patterns: trades, places, dates, sums and the like.

A name is found however it is spelt as long as it sounds the same ("menuizerie", "sanpedro"), and
with one letter wrong, missing or too many where it is long. Accents and capitals make no
difference to patterns either. No two finds overlap: the longest stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

_WORD = re.compile(r"[^\W\d_]+")
# What may stand between the words of one name: "San-Pedro", "Côte d'Ivoire".
_GAP = re.compile(r"[ '.-]{1,2}")
_LONGEST_NAME = 4
# Shorter names are too near to other words for a letter to be wrong.
_SHORTEST_MISSPELT = 6
_SOUNDS = (
    (re.compile("ph"), "f"),
    (re.compile("qu|c(?=[^eiyh]|$)"), "k"),
    (re.compile("c(?=[eiy])|z"), "s"),
    (re.compile("eau|au"), "o"),
    (re.compile("y"), "i"),
    (re.compile(r"(.)\1+"), r"\1"),
    (re.compile(r"(?<=....)[esx]+$"), ""),
)


@dataclass(frozen=True)
class Name:
    """A name that is looked for, and what it stands for: itself, or the word others share."""

    entity: str
    words: str
    meaning: str


@dataclass(frozen=True)
class Found:
    """An entity in a text: where its words begin and end, and what they stand for."""

    entity: str
    start: int
    end: int
    value: str


@dataclass(frozen=True)
class _Candidate:
    found: Found
    exact: bool
    rank: int

    def order(self) -> tuple[int, bool, int, int]:
        """Sort the longest first, then the better."""
        return self.found.start - self.found.end, not self.exact, self.rank, self.found.start


@dataclass
class EntityTables:
    """Names and patterns, made ready to be looked up.

    Attributes:
        names: what is looked up by its sound.
        patterns: (entity, regular expression) pairs. They see the text in lower case without
            accents; the find is the first group that took part, or all of it. Of two that find
            the same words the one whose entity comes first wins.
        everyday: words, without accents, that are themselves and no misspelt names.
    """

    names: Sequence[Name]
    patterns: Sequence[tuple[str, str]]
    everyday: frozenset[str] = frozenset()
    _by_spelling: dict[str, Name] = field(init=False, default_factory=dict, repr=False)
    _by_sound: dict[str, Name] = field(init=False, default_factory=dict, repr=False)
    _by_gap: dict[str, Name] = field(init=False, default_factory=dict, repr=False)
    _compiled: list[tuple[str, int, re.Pattern[str]]] = field(
        init=False, default_factory=list, repr=False
    )

    def __post_init__(self) -> None:
        """Build the look-ups.

        Raises:
            re.error: a pattern is none.
        """
        for name in self.names:
            self._by_spelling.setdefault(_letters(name.words), name)
            key = sound(name.words)
            self._by_sound.setdefault(key, name)
            if len(key) >= _SHORTEST_MISSPELT:
                for shorter in _with_a_gap(key):
                    self._by_gap.setdefault(shorter, name)
        ranks: dict[str, int] = {}
        for entity, pattern in self.patterns:
            rank = ranks.setdefault(entity, len(ranks))
            self._compiled.append((entity, rank, re.compile(without_accents(pattern))))

    def find(self, text: str) -> list[Found]:
        """Return what stands in ``text``, in its order."""
        folded, places = _fold_in_place(text)
        taken: list[Found] = []
        for candidate in sorted(self._candidates(folded), key=_Candidate.order):
            found = candidate.found
            if all(found.end <= other.start or other.end <= found.start for other in taken):
                taken.append(found)
        return [
            Found(
                found.entity,
                places[found.start],
                places[found.end - 1] + 1,
                found.value or text[places[found.start] : places[found.end - 1] + 1],
            )
            for found in sorted(taken, key=lambda found: found.start)
        ]

    def misspelt(self, word: str) -> Name | None:
        """Return the name that ``word``, in lower case without accents, sounds like or nearly."""
        if word in self.everyday or word in self._by_spelling:
            return None
        key = sound(word)
        if key in self._by_sound or len(key) < _SHORTEST_MISSPELT - 1:
            return self._by_sound.get(key)
        nearest = [self._by_gap.get(shorter) for shorter in (key, *_with_a_gap(key))]
        return next((n for n in nearest if n and sound(n.words)[0] == key[0]), None)

    def _candidates(self, folded: str) -> Iterator[_Candidate]:
        for entity, rank, pattern in self._compiled:
            for match in pattern.finditer(folded):
                start, end = match.span(match.lastindex or 0)
                if start < end:
                    yield _Candidate(Found(entity, start, end, ""), True, rank)
        words = list(_WORD.finditer(folded))
        for first in range(len(words)):
            yield from self._names_from(folded, words[first : first + _LONGEST_NAME])

    def _names_from(self, folded: str, words: Sequence[re.Match[str]]) -> Iterator[_Candidate]:
        start = words[0].start()
        for count, written in enumerate(accumulate(word.group() for word in words), start=1):
            if count > 1 and not _GAP.fullmatch(
                folded, words[count - 2].end(), words[count - 1].start()
            ):
                return
            end = words[count - 1].end()
            exact = written in self._by_spelling
            name = self._by_spelling[written] if exact else self.misspelt(written)
            # Several words are a name of several words: "à Man" is not "Aman".
            if name and (count == 1 or (exact and count == len(_WORD.findall(name.words)))):
                yield _Candidate(Found(name.entity, start, end, name.meaning), exact, 0)


def sound(words: str) -> str:
    """Return roughly how a name sounds: what spellings of it have in common."""
    key = _letters(words)
    for letters, heard in _SOUNDS:
        key = letters.sub(heard, key)
    return key


def everyday_words(tables: EntityTables, texts: Iterable[str]) -> frozenset[str]:
    """Return the words in ``texts`` that only look like misspelt names.

    Args:
        tables: what is looked up.
        texts: sentences whose entities have been taken out.
    """
    words = {word for text in texts for word in _WORD.findall(without_accents(text).lower())}
    return frozenset(word for word in words if tables.misspelt(word))


def without_accents(text: str) -> str:
    """Return ``text`` without accents; capitals stay."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _fold_in_place(text: str) -> tuple[str, list[int]]:
    """Return ``text`` in lower case without accents, and for each letter its place in ``text``."""
    folded, places = [], []
    for place, letter in enumerate(text):
        for part in without_accents("'" if letter in "’‘´`" else letter).lower():
            folded.append(part)
            places.append(place)
    return "".join(folded), places


def _letters(words: str) -> str:
    return "".join(_WORD.findall(without_accents(words).lower()))


def _with_a_gap(key: str) -> Iterator[str]:
    for at in range(len(key)):
        yield key[:at] + key[at + 1 :]
