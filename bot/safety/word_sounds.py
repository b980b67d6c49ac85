"""How a folded word can sound, in rough keys: two spellings of one word have a key in common.

Roughly, by the rules of two languages, as they are spoken in West Africa: "onkl" is oncle, "serpan"
serpent; "wota" is water. A key stands for sounds by letters; ``1 2 3`` are the French "in", "an",
"on", ``A C I`` the English vowels of "lay" and "lie" and between them the first of "church".
``sounds.py`` hears whole messages, their words run into one: models learned from what it gives.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

# In this order; a line a word.
_FRENCH = (
    (r"(.)(?=\1)", ""),
    ("ph", "f"),
    ("sch|sh", "ch"),
    ("qu?|ck|k|c(?![eiyh])", "k"),
    ("sc(?=[eiy])|c(?=[eiy])|z", "s"),
    ("gu(?=[eiy])", "g"),
    ("ge(?=[ao])|g(?=[eiy])", "j"),
    ("(?<!c)h", ""),
    ("eau|au", "o"),
    ("oeu", "eu"),
    ("iers?$", "ie"),
    ("(?:eu|e)?il(?:ent|es?|s)?$", "y"),
    ("ail(?=[aeo])", "ay"),
    ("(?:aim|ain|ein|in|im|yn|un)(?![aeiouyn])", "1"),
    ("(?:en|em|an|am)(?![aeiouynm])", "2"),
    ("(?:on|om)(?![aeiouynm])", "3"),
    ("oi", "wa"),
    ("ai|ei|ay(?=.)|ey", "e"),
    ("(?<=.)y(?=.)", "i"),
)
_ENGLISH = (
    ("^kn", "n"),
    ("^wr", "r"),
    ("^wh", "w"),
    ("ph|gh$", "f"),
    ("igh", "I"),
    ("gh", ""),
    ("tion|sion|cion", "son"),
    ("tch|sh|ch|j|ge$|dge", "C"),
    ("ck|c(?![eiyh])|q", "k"),
    ("c(?=[eiy])|z", "s"),
    ("x", "ks"),
    ("th|d", "t"),
    ("^h", ""),
    ("i(?=[b-df-hj-np-tv-z]e)|y$", "I"),
    ("a(?=[b-df-hj-np-tv-z]e)|ai|ay|ei|ey", "A"),
    ("ee|ea|ie|y", "i"),
    ("oo|u(?=.e$)|ew|ou", "u"),
    ("[ouie]r(?=[b-df-hj-np-tv-z])|aw|au|oa|ow|or|u", "o"),
    ("(?:er|ar|re|ur|ah)$", "a"),
    ("ar", "a"),
    (r"(.)(?=\1)", ""),
    ("(?<=[nslkpf])t$", ""),
    ("ing?$|en$", "in"),
    ("(?<=..)[eh]$", ""),
)
_RULES = {
    language: tuple((re.compile(written, re.MULTILINE), sound) for written, sound in rules)
    for language, rules in (("fr", _FRENCH), ("en", _ENGLISH))
}
# What is written at a French word's end and not heard. People leave it out, or put another.
_SILENT = re.compile("(?<=..)(?:ent|ees?|e[rsz]?|[gstdpxz]{1,2})$")


def heard(words: Iterable[str], language: str) -> list[str]:
    """Return how each word sounds, read letter by letter: many at once take less time."""
    lines = "".join(f"{word}\n" for word in words)
    for written, sound in _RULES[language]:
        lines = written.sub(sound, lines)
    return lines.split("\n")[:-1]


def _read_otherwise(word: str, language: str) -> Iterator[str]:
    """Yield a word as it might be spelt if its letters are to be read in another way.

    "-ent" is silent in a French verb, not in a noun.
    """
    if language == "fr":
        if word.endswith("ent"):
            yield word[:-3] + "an"
        elif word.endswith(("c", "g")):
            yield word + "e"
        return
    if word in ("i", "ay", "ah"):
        yield "igh"
    yield from (word.replace(*pair) for pair in (("ai", "igh"), ("oo", "o")) if pair[0] in word)
    if word.endswith("y"):
        yield word[:-1] + "ie"


def _keys(sound: str, language: str) -> set[str]:
    """Return a sound with and without what may be silent at its end.

    A last consonant of a French word may be ("suit"), or be what is left of a last "e" ("frap").
    """
    return {sound, _SILENT.sub("", sound)} if language == "fr" else {sound}


def sounds(words: Sequence[str], language: str) -> list[set[str]]:
    """Return of each word the keys of how it can sound in ``language`` ("fr" or "en")."""
    ways = [[word, *_read_otherwise(word, language)] for word in words]
    each = iter(heard((way for of_one in ways for way in of_one), language))
    return [set().union(*(_keys(next(each), language) for _ in of_one)) for of_one in ways]
