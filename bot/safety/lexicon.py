"""From a word as typed to the terms of the patterns it stands for, misspellings included."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable

from bot.safety.word_sounds import heard, sounds

# The terms for any number in digits, and for one of three digits or more.
NUMBER, LARGE_NUMBER = "#", "###"

# Only French is written by ear here so much that the patterns need to hear it.
_HEARD_IN = "fr"

# Below these lengths too many ordinary words sound or look alike.
_SOUND_FROM = 3
_STEM_SOUND_FROM = 5
_TYPO_FROM = 6

# How much longer than a word of the patterns what sounds like it can be: "passez" is no "pas".
_LONGER = 2

# What is written at the end of a stem, inside a word, and may not be heard: an "e", a consonant
# after a nasal ("enfant").
_END_OF_STEM = re.compile("e$|(?<=[123])[dt]$")
# "l'éducateur", "j'ai" typed as one word.
_ELISION = re.compile(r"(qu|[cdjlmnst])([aeiouyh].{3,})")


class Lexicon:
    """The words of all patterns.

    A term is a word, ``stem*`` (any word that begins so), or either with ``~`` at its end: then it
    is also found with one letter wrong, missing or too many. Terms in ``by_ear`` are also found
    as they sound. A word that is a term as it stands is nothing else.
    """

    def __init__(self, terms: Collection[str], by_ear: Iterable[str] = ()) -> None:
        self._words: dict[str, set[str]] = defaultdict(set)
        self._stems: dict[str, set[str]] = defaultdict(set)
        self._word_sounds: dict[str, set[str]] = defaultdict(set)
        self._stem_sounds: dict[str, set[str]] = defaultdict(set)
        # By every way to leave out one letter: the right word and its term.
        self._typos: dict[str, set[tuple[str, str]]] = defaultdict(set)
        self._stem_typos: dict[str, set[tuple[str, str]]] = defaultdict(set)
        self._heard = frozenset(by_ear)
        for term in terms:
            self._learn(term)
        self._hear([term for term in terms if term in self._heard])
        self._stem_lengths = _lengths(self._stems)
        self._stem_sound_lengths = _lengths(self._stem_sounds)
        self._stem_typo_lengths = _lengths(
            right for pairs in self._stem_typos.values() for right, _ in pairs
        )

    def terms(self, word: str) -> set[str]:
        """Return the terms that a folded word stands for."""
        if word[0].isdigit():
            large = len(re.sub(r"\D", "", word)) >= len(LARGE_NUMBER)
            return self._written(word) | ({NUMBER, LARGE_NUMBER} if large else {NUMBER})
        found = self._written(word)
        if word in self._words:
            return found | self._same_verb(word)
        if not word.isalpha():
            return found
        found |= self._sounding(word)
        return found or self._mistyped(word)

    def split(self, word: str) -> list[str]:
        """Return the words of one that lacks its apostrophe; else the word alone."""
        found = _ELISION.fullmatch(word)
        if not found or not self._written(found[2]):
            return [word]
        known = self._written(word) or self._sounding(word)
        return [word] if known else [found[1], found[2]]

    def _learn(self, term: str) -> None:
        word = _word_of(term)
        is_stem, tolerant = _kind(term)
        (self._stems if is_stem else self._words)[word].add(term)
        if tolerant and word.isalpha() and len(word) >= _TYPO_FROM:
            for variant in (word, *_deletions(word)):
                (self._stem_typos if is_stem else self._typos)[variant].add((word, term))

    def _hear(self, terms: Iterable[str]) -> None:
        """Note how terms sound: all at once, since one by one it takes longer."""
        audible = [t for t in terms if _word_of(t).isalpha() and len(_word_of(t)) >= _SOUND_FROM]
        words = [_word_of(term) for term in audible]
        # With a letter behind it a stem sounds as it does inside a word.
        inside = heard((word + "a" for word in words), _HEARD_IN)
        alone = heard(words, _HEARD_IN)
        for term, word, ways, sound, within in zip(
            audible, words, sounds(words, _HEARD_IN), alone, inside, strict=True
        ):
            is_stem, tolerant = _kind(term)
            for key in {sound, _END_OF_STEM.sub("", sound)} if is_stem else ways:
                self._word_sounds[key].add(term)
            if is_stem and tolerant and len(word) >= _STEM_SOUND_FROM:
                self._stem_sounds[within[:-1]].add(term)

    def _written(self, word: str) -> set[str]:
        found = set(self._words.get(word, ()))
        for length in self._stem_lengths:
            if length <= len(word):
                found |= self._stems.get(word[:length], _NOTHING)
        return found

    def _same_verb(self, word: str) -> set[str]:
        """Return the other form of a French verb in "-er" that is heard alike.

        "il m'a frapper" is frappé, and "je veux rentré" rentrer.
        """
        other = word[:-1] if word.endswith("er") else word + "r" if word.endswith("e") else ""
        return {term for term in self._words.get(other, ()) if term in self._heard}

    def _sounding(self, word: str) -> set[str]:
        found: set[str] = set()
        (keys_of_word,) = sounds([word], _HEARD_IN)
        for key in keys_of_word:
            if len(key) < _SOUND_FROM:
                continue
            alike = self._word_sounds.get(key, _NOTHING)
            found |= {term for term in alike if len(word) <= len(term.strip("*~")) + _LONGER}
            for length in self._stem_sound_lengths:
                if length <= len(key):
                    found |= self._stem_sounds.get(key[:length], _NOTHING)
        return found

    def _mistyped(self, word: str) -> set[str]:
        if len(word) < _TYPO_FROM:
            return set()
        found = self._near(word, self._typos)
        for length in self._stem_typo_lengths:
            # A letter too many or too few moves the end of the stem.
            for start in {word[: length - 1], word[:length], word[: length + 1]}:
                found |= self._near(start, self._stem_typos)
        return found

    @staticmethod
    def _near(word: str, typos: dict[str, set[tuple[str, str]]]) -> set[str]:
        return {
            term
            for variant in (word, *_deletions(word))
            for right, term in typos.get(variant, ())
            if _one_typo_apart(word, right)
        }


_NOTHING: set[str] = set()


def _word_of(term: str) -> str:
    return term.rstrip("~").rstrip("*")


def _kind(term: str) -> tuple[bool, bool]:
    """Return whether it is a stem, and whether it is also found mistyped."""
    return "*" in term, term.endswith("~")


def _lengths(stems: Iterable[str]) -> list[int]:
    return sorted({len(stem) for stem in stems})


def _deletions(word: str) -> Iterable[str]:
    return (word[:i] + word[i + 1 :] for i in range(len(word)))


def _one_typo_apart(typed: str, right: str) -> bool:
    """Whether one letter is wrong, missing or too many, or two neighbours are swapped."""
    if abs(len(typed) - len(right)) > 1 or typed[0] != right[0]:
        return False
    start = 0
    while start < min(len(typed), len(right)) and typed[start] == right[start]:
        start += 1
    a, b = typed[start:], right[start:]
    swapped = a[:2] == b[1::-1] and a[2:] == b[2:]
    return swapped or a[1:] == b[1:] or a[1:] == b or a == b[1:]
