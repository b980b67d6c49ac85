"""Spells again, as school does, what was written by ear: "dor sur moi la nui", "i forsé mafnetre".

Who went to school little writes what they hear, and no two of them the same. The grammar and the
models know how words are spelt, so they also read such a message as it would be spelt. It is the
noisy channel of spelling correction (Kernighan, Church and Gale, 1990): of all words that sound
like what was typed, run together or split as it may be, the likeliest are taken, by how often each
is said behind the one before and by how people who write by ear mistake one sound for another.

A message is spelt again only where that is much likelier than what was typed, and makes sense.
How the numbers below were chosen: docs/screen-measured.md.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import pairwise, starmap
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.safety.named_arrays import Arrays, part, under
from bot.safety.word_sounds import sounds

# What stands for the beginning of a message, and for a mark, a number or an emoji.
_BEGINNING, _MARK = "^", "."
# What ``word_sounds`` writes; the first place of the table of costs is for none.
SOUNDS = " abcdefghijklmnopqrstuvwxyz123ACI"

# Said more often, a word is hardly another one misspelt.
_COMMON = 300
# In nats, as the logarithms of how likely words are: what it costs to read a common word as
# another, to split what was typed as one word, to join what was typed as two.
_READ_OTHERWISE, _SPLIT, _JOINED = 1.0, 0.7, 3.0
# How much what a mistaken sound costs counts, and how dear the mistakes in one word may be.
_WEIGHT_OF_SOUNDS = 0.5
_DEAREST = 8.0
# How likely a word is that no example has: kept, since it may be a name.
_UNKNOWN = -14.0
# What is said behind a word counts as much as what is said at all once the word was said so often.
_DOUBT = 200.0
# Of a word's sound-alikes so many are compared and so many tried, those that are said most and cost
# least; and so many readings of a message are followed at a time.
_COMPARED, _TRIED, _FOLLOWED = 80, 20, 8
# A shorter word is not taken apart, a longer one not looked at; from so many letters on a piece of
# a word may be mistaken too.
_APART_FROM, _LONGEST, _MISTAKEN_FROM = 3, 24, 5
# More words than are ever learned: two of their numbers make one.
_WORDS = 2**16
# What was typed is spelt well where its words are so likely on average: three of four messages.
# What comes out is believed from so likely a word on (else it is another language), and where each
# is so much likelier than what was typed. Of one word nothing tells.
_SPELT_WELL, _MAKES_SENSE, _LIKELIER, _ENOUGH_WORDS = -5.0, -8.5, 0.9, 2
# How much less likely the words are on average, as typed, in a language that is not tried: of 400
# messages none was spelt in it when it was, and it takes as long as the right one.
_OTHER_LANGUAGE = 2.5

# What is left of a word that all its misspellings share: its consonants, roughly.
_ROUGH = dict(zip("dgbvjmzcqC", "tkpfsnskks", strict=True))
_NOT_HEARD = {"fr": "aeiouyhw123", "en": "aeiouyhwrAI"}
# In which messages are spelt again.
LANGUAGES = tuple(_NOT_HEARD)
# An end that is left out, or put where there is none ("an" for "and").
_LOST_END = {"fr": "", "en": "t"}
_DOUBLED = re.compile(r"([a-z])\1+")

Costs = NDArray[np.float32]
Place = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Usage:
    """How a language is written and heard.

    Attributes:
        words: the most frequent first.
        counts: how often each is said.
        pairs: numbers of two words said one behind the other, a row each.
        pair_counts: how often.
        costs: in nats, of having heard one of ``SOUNDS`` (a row) where another is meant (a
            column); 0 for the same.
    """

    words: tuple[str, ...]
    counts: NDArray[np.int32]
    pairs: NDArray[np.uint16]
    pair_counts: NDArray[np.int32]
    costs: Costs


@dataclass(frozen=True)
class _Reading:
    """What some letters of a message may say: up to which place, which word, at which cost."""

    end: Place
    word: str
    cost: float


@dataclass(frozen=True, eq=False)
class _Alike:
    """Words of which roughly the same is heard.

    Attributes:
        words: by sound, those that sound so.
        sounds: a column each, of numbers of ``SOUNDS``, with none behind.
        lengths: how many sounds each has.
    """

    words: list[list[str]]
    sounds: NDArray[np.intp]
    lengths: NDArray[np.intp]

    @classmethod
    def of(cls, words: Mapping[str, list[str]]) -> _Alike:
        """Take words by their sound."""
        numbers = [_numbers(sound) for sound in words]
        sounds = np.zeros((max(map(len, numbers)), len(numbers)), np.intp)
        for column, of_one in enumerate(numbers):
            sounds[: len(of_one), column] = of_one
        return cls(list(words.values()), sounds, np.array([*map(len, numbers)]))


class _Speller:
    """Spells a message in one language."""

    def __init__(self, language: str, usage: Usage) -> None:
        self._language = language
        self._costs = usage.costs
        self._numbers = {word: number for number, word in enumerate(usage.words)}
        self._counts: list[int] = usage.counts.tolist()
        self._all = float(usage.counts.sum())
        first, second = usage.pairs.T.astype(np.int64)
        self._behind = dict(
            zip((first * _WORDS + second).tolist(), usage.pair_counts.tolist(), strict=True)
        )
        self._merged = str.maketrans(_ROUGH | dict.fromkeys(_NOT_HEARD[language]))
        self._by_sound: dict[str, list[str]] = {}
        known = [word for word in usage.words if word.isalpha()]
        for word, ways in zip(known, sounds(known, language), strict=True):
            for sound in sorted(ways):
                self._by_sound.setdefault(sound, []).append(word)
        self._by_rough: dict[str, list[str]] = {}
        for sound in self._by_sound:
            self._by_rough.setdefault(self._rough(sound), []).append(sound)
        self._alike: dict[str, _Alike] = {}

    def count(self, word: str) -> int:
        """Return how often a word is said."""
        number = self._numbers.get(word)
        return 0 if number is None else self._counts[number]

    def spell(self, parts: Sequence[str]) -> tuple[list[str], float]:
        """Return the likeliest reading of words and marks, and how likely: a logarithm."""
        readings: dict[Place, list[_Reading]] = defaultdict(list)
        for at in range(len(parts)):
            for start, reading in self._readings(parts, at):
                readings[start].append(reading)
        # Of each place, by the last word: the best way there.
        ways: dict[Place, dict[str, tuple[float, tuple[str, ...]]]] = defaultdict(dict)
        ways[0, 0][_BEGINNING] = (0.0, ())
        for place in sorted(readings):
            best = nlargest(_FOLLOWED, ways[place].items(), key=lambda way: way[1][0])
            if not best:
                continue
            # What was typed comes first, and must stay: no way may end before the message does.
            tried = [readings[place][0], *nlargest(_TRIED, readings[place][1:], key=self._alone)]
            for before, (score, said) in best:
                for reading in tried:
                    word = _word_or_mark(reading.word)
                    total = score + self._likely(before, word) - reading.cost
                    known = ways[reading.end].get(word)
                    if known is None or known[0] < total:
                        ways[reading.end][word] = (total, (*said, reading.word))
        score, said = max(ways[len(parts), 0].values())
        return list(said), score

    def _alone(self, reading: _Reading) -> float:
        return math.log(max(self.count(reading.word), 1)) - reading.cost

    def likelihood(self, parts: Sequence[str]) -> float:
        """Return how likely words and marks are as they stand: a logarithm."""
        return sum(starmap(self._likely, pairwise(counted(parts))))

    def _readings(self, parts: Sequence[str], at: int) -> Iterator[tuple[Place, _Reading]]:
        """Yield what the part there may say, whole or cut up, and where each begins."""
        part, behind = parts[at], (at + 1, 0)
        yield (at, 0), _Reading(behind, part, 0.0)
        if not part.isalpha() or len(part) > _LONGEST:
            return
        common = self.count(part) >= _COMMON
        cut = [] if common or len(part) < _APART_FROM else list(_pieces(len(part)))
        whole, *heard = sounds([part, *(part[a:b] for a, b in cut)], self._language)
        for word, cost in self._sounding(whole):
            if word != part:
                yield (at, 0), _Reading(behind, word, cost + _READ_OTHERWISE * common)
        for (start, end), sound in zip(cut, heard, strict=True):
            place = behind if end == len(part) else (at, end)
            for word, cost in self._said_in(sound, end - start):
                yield (at, start), _Reading(place, word, cost + (_SPLIT if start else 0.0))
        following = parts[at + 1] if at + 1 < len(parts) else ""
        if following.isalpha() and not (common and self.count(following) >= _COMMON):
            (together,) = sounds([part + following], self._language)
            for word in self._heard_as(together):
                yield (at, 0), _Reading((at + 2, 0), word, _JOINED)

    def _said_in(self, ways: set[str], letters: int) -> Iterator[tuple[str, float]]:
        """Yield what a piece of a word may say: in short ones nothing may be mistaken."""
        if letters >= _MISTAKEN_FROM:
            yield from self._sounding(ways)
        else:
            yield from ((word, 0.0) for word in self._heard_as(ways))

    def _heard_as(self, ways: set[str]) -> dict[str, None]:
        """Return the words that sound just so."""
        return {word: None for sound in sorted(ways) for word in self._by_sound.get(sound, ())}

    def _sounding(self, ways: set[str]) -> Iterator[tuple[str, float]]:
        """Yield words that sound like what was typed, and what its mistakes cost."""
        cheapest: dict[str, float] = {}
        for typed in sorted(ways):
            for rough in sorted(self._roughs(typed) & self._by_rough.keys()):
                alike = self._alike_of(rough)
                costs = distances(_numbers(typed), alike, self._costs)
                for number in np.flatnonzero(costs <= _DEAREST).tolist():
                    cost = _WEIGHT_OF_SOUNDS * float(costs[number])
                    for word in alike.words[number]:
                        cheapest[word] = min(cost, cheapest.get(word, cost))
        yield from cheapest.items()

    def _roughs(self, sound: str) -> set[str]:
        rough, end = self._rough(sound), _LOST_END[self._language]
        return {rough, rough + end, rough.removesuffix(end)}

    def _alike_of(self, rough: str) -> _Alike:
        if rough not in self._alike:
            sounds = self._by_rough[rough][:_COMPARED]
            self._alike[rough] = _Alike.of({sound: self._by_sound[sound] for sound in sounds})
        return self._alike[rough]

    def _rough(self, sounds: str) -> str:
        return _DOUBLED.sub(r"\1", sounds.translate(self._merged))

    def _likely(self, before: str, word: str) -> float:
        number = self._numbers.get(word)
        if number is None:
            return _UNKNOWN
        share = self._counts[number] / self._all
        known = self._numbers.get(before)
        if known is None:
            return math.log(share)
        told = self._counts[known]
        together = self._behind.get(known * _WORDS + number, 0)
        return math.log((together + _DOUBT * share) / (told + _DOUBT))


class Respelling:
    """Spells messages again that were written by ear."""

    def __init__(self, usages: Mapping[str, Usage]) -> None:
        """Take how each language is written."""
        self.usages = dict(usages)
        self._spellers = [_Speller(language, usage) for language, usage in usages.items()]

    def respell(self, text: str) -> str:
        """Return a text that ``text.expand`` returned as school spells it, or the text itself."""
        parts = text.split()
        if sum(map(str.isalpha, parts)) < _ENOUGH_WORDS:
            return text
        likely = [speller.likelihood(parts) for speller in self._spellers]
        typed = max(likely)
        if typed >= _SPELT_WELL * len(parts):
            return text
        spelt, score = max(
            (
                speller.spell(parts)
                for speller, as_typed in zip(self._spellers, likely, strict=True)
                if as_typed >= typed - _OTHER_LANGUAGE * len(parts)
            ),
            key=lambda found: found[1],
        )
        enough = max(_MAKES_SENSE * len(parts), typed + _LIKELIER * len(parts))
        return " ".join(spelt) if score >= enough else text

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return all that is known, to be stored."""
        stored: dict[str, NDArray[Any]] = {}
        for language, usage in self.usages.items():
            stored |= under(language, {**vars(usage), "words": _letters(usage.words)})
        return stored

    @classmethod
    def of(cls, arrays: Arrays) -> Respelling:
        """Return what ``arrays`` stored."""
        usages = {}
        for language in LANGUAGES:
            stored = part(arrays, language)
            usages[language] = Usage(words=tuple(_words(stored.pop("words"))), **stored)
        return cls(usages)


def counted(parts: Iterable[str]) -> list[str]:
    """Return what is counted of a message: its beginning, its words, one for all marks."""
    return [_BEGINNING, *map(_word_or_mark, parts)]


def _word_or_mark(part: str) -> str:
    return part if part.isalpha() else _MARK


def distances(typed: NDArray[np.intp], meant: _Alike, costs: Costs) -> NDArray[np.float32]:
    """Return what the cheapest mistakes cost that make ``typed`` of each word that may be meant.

    Args:
        typed: numbers of ``SOUNDS``.
        meant: so many words.
        costs: of each sound typed (a row) where another was meant.
    """
    missed = np.zeros((len(meant.sounds) + 1, len(meant.words)), np.float32)
    np.cumsum(costs[0, meant.sounds], axis=0, out=missed[1:])
    row = missed
    for one in typed:
        one_more = row + costs[one, 0]
        one_more[1:] = np.minimum(one_more[1:], row[:-1] + costs[one, meant.sounds])
        # Any number of sounds may be missed behind each.
        row = missed + np.minimum.accumulate(one_more - missed)
    return row[meant.lengths, np.arange(len(meant.words))]


def _numbers(sounds: str) -> NDArray[np.intp]:
    return np.array([SOUNDS.find(sound) for sound in sounds], np.intp)


def _pieces(length: int) -> Iterator[tuple[int, int]]:
    """Yield every piece of a word of that length but the whole: start and end."""
    for start in range(length):
        for end in range(start + 1, length + 1):
            if end - start < length:
                yield start, end


def _letters(words: Sequence[str]) -> NDArray[np.uint8]:
    return np.frombuffer(" ".join(words).encode(), np.uint8)


def _words(letters: NDArray[np.uint8]) -> list[str]:
    return letters.tobytes().decode().split(" ")
