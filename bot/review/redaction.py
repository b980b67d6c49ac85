"""Personal details out of a message, before anybody reads it who need not know whose it is.

Taken out are names of people and places that we know, what stands where a name or an address
stands ("je m'appelle ...", "tonton ...", "quartier ..."), numbers, sums, dates. What is left may
still hold a name that is in no file of ours: ``unknown_words`` shows a reader where to look. When
unsure a word goes: an example less is better than a name too many.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.followup.people import one_typo_apart
from bot.review.vocabulary import Vocabulary
from bot.safety.function_words import only_function_words
from bot.safety.text import fold

# What stands in a text for what was taken out.
NAME, PLACE, NUMBER = "‹nom›", "‹lieu›", "‹numéro›"
SUM, DATE, CONTACT = "‹somme›", "‹date›", "‹contact›"
PLACEHOLDERS = (NAME, PLACE, NUMBER, SUM, DATE, CONTACT)


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


_MONTH = (
    r"(?:janv(?:ier)?|f[ée]v(?:rier)?|mars|avril|mai|juin|juil(?:let)?|ao[uû]t|sept(?:embre)?|"
    r"oct(?:obre)?|nov(?:embre)?|d[ée]c(?:embre)?|jan(?:uary)?|feb(?:ruary)?|march|apr(?:il)?|may|"
    r"june?|july?|aug(?:ust)?|sep(?:tember)?|october|november|december)"
)
_COUNT = (
    r"(?:une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|vingt|trente|quarante|cinquante|"
    r"soixante|cents?|mille|one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|"
    r"fifty|hundred|thousand)"
)
_UNIT = r"(?:cents?|milles?|millions?|fcfa|cfa|francs?|frs?|f|cedis?|ghs|thousand|hundred|k)"
# In this order: a number that is more than a sum is taken for what it is.
_FIGURES = tuple(
    (placeholder, re.compile(pattern, re.IGNORECASE))
    for placeholder, pattern in (
        (CONTACT, r"\S+@\S+|https?://\S+|www\.\S+|(?<!\S)@\w+"),
        (DATE, r"(?<![\d/.-])\d{1,4}([/.-])\d{1,2}\1\d{2,4}(?![/.-]?\d)"),
        (NUMBER, r"\+?\d(?:[ ./-]?\d){7,}"),
        (DATE, r"\b\d{1,2}/\d{1,2}\b"),
        (DATE, rf"\b\d{{1,2}}(?:er|st|nd|rd|th)? {_MONTH}\b(?: \d{{4}})?|\b{_MONTH} \d{{1,4}}\b"),
        (DATE, r"\b(?:19|20)\d\d\b|(?<=\ble )\d{1,2}\b(?! ?h)"),
        (SUM, rf"\b\d+(?:[ .,]\d+)* ?{_UNIT}\b(?: {_UNIT}\b)*"),
        (SUM, rf"\b{_COUNT}(?:[ -]{_COUNT})*[ -]{_UNIT}\b(?: {_UNIT}\b)*"),
        (SUM, r"\d{1,3}(?:[ .,]\d{3})+|\d{3,}"),
    )
)
_TOKEN = re.compile(r"‹\w+›|[^\W\d_]+(?:['’-][^\W\d_]+)*")
_LETTERS = re.compile(r"[^\W\d_]+")
_SENTENCE_ENDS = re.compile(r"(?:^|[.!?…:\n])\W*$")
_TWICE = re.compile(r"(‹\w+›)(?:[ ,-]+\1)+")

# What stands before a name, folded: the word after it is one, whatever it is.
_SAYS_A_NAME = re.compile(
    r"\b(?:m ?'?appel+e?|mon nom (?:c ?'?est|est|c)|my name (?:is|na)|i am called|call me)\s*$"
)
# A word after these that no example has is a name.
_BEFORE_A_NAME = _set_of(
    "monsieur mr madame mme mlle mademoiselle tonton tonto tata tantie tantine oncle docteur dr"
    " pasteur imam maitre patron boss chef frere soeur vieux vieille papa maman uncle auntie aunty"
    " sister brother master madam sir pastor teacher mister mrs miss"
)
_BEFORE_AN_ADDRESS = _set_of(
    "rue avenue boulevard carrefour quartier village campement cite secteur commune street road"
    " junction"
)
# After these a word with a capital is a place rather than a name.
_BEFORE_A_PLACE = _set_of("a au en vers at in from to near behind derriere")
_SHORTEST_WITH_A_TYPO = 5


@dataclass(frozen=True)
class Known:
    """Names of people and of places that are in our files."""

    names: Iterable[str]
    places: Iterable[str]


class Redactor:
    """Takes personal details out of texts."""

    def __init__(self, known: Known, vocabulary: Vocabulary) -> None:
        self._words = vocabulary.words
        self._names = {part for name in known.names for part in _parts(name)}
        # A typo is looked for among the names that begin alike.
        self._alike: dict[str, list[str]] = {}
        for name in self._names:
            self._alike.setdefault(name[0], []).append(name)
        self._places: dict[str, list[list[str]]] = {}
        for place in (*known.places, *vocabulary.places):
            words = _folded(place)
            if len("".join(words)) > 2 and not only_function_words(words):
                self._places.setdefault(words[0], []).append(words)

    def redact(self, text: str) -> str:
        """Return ``text`` with a placeholder for each personal detail; twice is once."""
        for placeholder, pattern in _FIGURES:
            text = pattern.sub(placeholder, text)
        tokens = list(_TOKEN.finditer(text))
        out: list[str] = []
        end = index = 0
        while index < len(tokens):
            length = self._place_at(tokens[index:])
            found = PLACE if length else self._name_or_place(text, tokens, index)
            length = max(length, 1)
            if found:
                out += [text[end : tokens[index].start()], found]
                end = tokens[index + length - 1].end()
            index += length
        return _TWICE.sub(r"\1", "".join([*out, text[end:]]))

    def unknown_words(self, text: str) -> list[str]:
        """Return the words of a redacted text that no example has: a name may be among them."""
        tokens = dict.fromkeys(found.group() for found in _TOKEN.finditer(text))
        return [token for token in tokens if not (token in PLACEHOLDERS or self._is_known(token))]

    def _name_or_place(self, text: str, tokens: list[re.Match[str]], index: int) -> str | None:
        """Return what stands for the word at ``index``; None where it may stay."""
        token = tokens[index].group()
        if token in PLACEHOLDERS:
            return None
        before = text[: tokens[index].start()]
        if self._is_name(token) or _SAYS_A_NAME.search(fold(before)):
            return NAME
        if self._is_known(token) or _SENTENCE_ENDS.search(before):
            return None
        previous = fold(tokens[index - 1].group())
        if previous in _BEFORE_AN_ADDRESS:
            return PLACE
        if previous in _BEFORE_A_NAME:
            return NAME
        if token[0].isupper() and not text.isupper():
            return PLACE if previous in _BEFORE_A_PLACE else NAME
        return None

    def _place_at(self, tokens: list[re.Match[str]]) -> int:
        """Return how many words at the beginning of ``tokens`` are a place we know; 0 for none."""
        words: list[str] = []
        longest = 0
        for length, token in enumerate(tokens, start=1):
            words += _folded(token.group())
            near = self._places.get(words[0], ()) if words else ()
            if words in near:
                longest = length
            if not any(len(place) > len(words) for place in near):
                break
        return longest

    def _is_name(self, token: str) -> bool:
        if self._names.intersection(_parts(token)):
            return True
        word = "".join(_folded(token))
        if len(word) < _SHORTEST_WITH_A_TYPO or word in self._words:
            return False
        return any(one_typo_apart(word, name) for name in self._alike.get(word[0], ()))

    def _is_known(self, token: str) -> bool:
        return self._words.issuperset(_folded(token))


def _folded(text: str) -> list[str]:
    return _LETTERS.findall(fold(text))


def _parts(name: str) -> set[str]:
    """Return the words of a name; "N'Guessan" is "nguessan" to many."""
    parts = {part for word in name.split() for part in (*_folded(word), "".join(_folded(word)))}
    return {part for part in parts if len(part) > 1 and not only_function_words([part])}
