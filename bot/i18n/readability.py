"""How hard a French text is to read: LIX, and the length of its sentences.

LIX (C.-H. Björnsson, Läsbarhet, 1968) is the number of words a sentence plus the percentage of
words of more than six letters. It counts no syllables, so that it is the same for any language
written in letters, and was compared across eleven, French among them, by Björnsson in
"Readability of Newspapers in 11 Languages", Reading Research Quarterly 18 (1983), 480-497. Below
30 is very easy (books for children), 30 to 40 easy, 40 to 50 of middling difficulty.
"""

from __future__ import annotations

import re

_LONG_WORD = 6  # letters: a word of more is a long one
# What a colon or a line divides is read in two breaths; a colon within an hour is none.
_SENTENCE_ENDS = re.compile(r"[.!?…]+(?=\s|$)|:(?=\s|$)|\n")
# "l'argent" is two words, of which "argent" may be long; "rendez-vous" too.
_WORD = re.compile(r"[^\W\d_]+|\d+")


def sentences(text: str) -> list[str]:
    """Return the sentences of a text that have words, without their marks."""
    parts = (part.strip() for part in _SENTENCE_ENDS.split(text))
    return [part for part in parts if _WORD.search(part)]


def words(text: str) -> list[str]:
    """Return the words of a text, elided ones apart."""
    return _WORD.findall(text)


def lix(text: str) -> float:
    """Return the LIX of a text; 0 for one without words."""
    found = words(text)
    if not found:
        return 0.0
    long = sum(len(word) > _LONG_WORD for word in found)
    return len(found) / len(sentences(text)) + 100 * long / len(found)


def longest_sentence(text: str) -> int:
    """Return how many words the longest sentence of a text has."""
    return max((len(words(sentence)) for sentence in sentences(text)), default=0)
