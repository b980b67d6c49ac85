"""What is said for politeness alone, around what a message says.

A "merci" behind a cry for help takes nothing of it back. Most messages that hold one are harmless,
so that whatever learns from messages would take it for a sign that all is well; and to whoever
asks what is wanted, "bonsoir la famille" is not about a family.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

from bot.safety.text import expand

# Asking pardon and taking leave are none: with these somebody may say farewell for good. Nor is
# what implores, as "au nom de Dieu": it tells of need.
_GREETINGS = """
bonjour, bonsoir, salut, coucou, cc, allo, bonne journee, bonne soiree, mes respects,
salam, salam aleykoum, salam alekoum, salam aleikoum,
hello, helo, hi, hey, good day, good morning, good afternoon, good evening, greetings,
gm, gd morning, gud morning, gud evening, salaam, salaam alaikum,
i ni sogoma, i ni tile, i ni wula, maakye, maaha, maadwo, ne y yibeogo, ne y yibeoogo
"""
# Greetings where nothing stands before them: "I come in the morning", "la clinique, on dit quoi".
_AT_FIRST = """
morning, comment ca va, comment allez vous, comment vas tu, on dit quoi, how are you, how is it,
how far
"""
_PLEADING = """
s il vous plait, s il te plait, je vous prie, je te prie, je vous en prie, please, i beg, i beg you
"""
_THANKS = """
merci, merci beaucoup, merci bien, merci infiniment, merci d avance, je vous remercie,
je vous remercie d avance, avec mes remerciements, on est ensemble, amen, amine,
thanks, thanks a lot, thanks so much, many thanks, thanks plenty, thanks in advance,
thank you, thank u, tank u, thank you plenty, thank you very much, thank you so much,
thank you in advance, god bless, god bless you, may god bless you, god go bless you,
god will bless you, stay blessed, remain blessed,
que dieu vous benisse, que dieu te benisse, dieu vous benisse, dieu te benisse,
que dieu vous garde, que dieu vous le rende, que dieu vous recompense, qu allah vous recompense,
i ni ce, i ni tche, medaase, me daase, meda wo ase, me da wo ase, barka
"""
# Whoever a greeting, a plea or thanks is said to: "bonsoir monsieur", "merci tantie".
_TITLES = """
madame, mme, monsieur, mr, docteur, doc, tata, tati, tantie, tanti, tonton, chef, boss,
vieux pere, vieille mere, akoma, a vous, madam, sir, ma, auntie, aunty, anty, uncle, doctor,
bossman, oga, o, oo, oh, hein, deh
"""
# To them too; but behind a plea they may be whom it is for: "on a enleve, svp, mon frere".
_PEOPLE = """
patron, maitre, maman, papa, la mere, le pere, ma mere, mon pere, mon fils, ma fille, mon frere,
ma soeur, grand frere, grande soeur, mon grand frere, ma grande soeur, mon vieux, le vieux,
mes amis, la famille, la famille akoma, l equipe, a l equipe, a toute l equipe, toute l equipe,
la team, a tous, vous tous,
teacher, mama, daddy, mummy, my son, my daughter, my brother, my sister, my aunty, my uncle,
big brother, big sister, brother, sister, team, family, my people, my friends, all, you all,
everyone
"""


def _phrases(*lists: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(one.split()) for some in lists for one in some.split(","))


def _in_turn(*parts: Iterable[tuple[str, ...]]) -> frozenset[tuple[str, ...]]:
    return frozenset(sum(some, ()) for some in product(*parts))


_TO_WHOM = _phrases(_TITLES, _PEOPLE)
_BEFORE = _phrases(_GREETINGS, _PLEADING) | _in_turn(_TO_WHOM, _phrases(_GREETINGS))
_AFTER = (
    _phrases(_GREETINGS, _PLEADING, _THANKS)
    | _in_turn(_phrases(_GREETINGS, _THANKS), _TO_WHOM)
    | _in_turn(_phrases(_PLEADING), _phrases(_TITLES))
)
_ENDED_BY_A_MARK = (
    _AFTER
    | _phrases(_AT_FIRST)
    | _in_turn(_phrases("morning"), _TO_WHOM)
    | _in_turn(_phrases(_GREETINGS), _phrases(_AT_FIRST, "ca va, cv"))
)
_LONGEST = max(map(len, _ENDED_BY_A_MARK))


def said(text: str) -> str:
    """Return what a message says, as ``expand`` writes it, without the courtesies around it.

    Thanks before it, and whoever is greeted, are one only where a sign or another courtesy follows:
    "merci de venir" asks for something, and "bonjour tonton me frappe" tells of an uncle. A message
    of courtesies alone is returned whole, as is one that names only whom they are said to.
    """
    parts = expand(text).split()
    start, end = 0, len(parts)
    while length := _at_the_beginning(parts[start:end]):
        start += length
    while length := _at_the_end(parts[start:end]):
        end -= length
    left = parts[start:end]
    words = tuple(part for part in left if part[0].isalnum())
    return " ".join(left if words and words not in _TO_WHOM else parts)


def _at_the_beginning(parts: list[str]) -> int:
    """Return how many parts are a courtesy, with the marks and signs around it."""
    first = _count_without_words(parts)
    for length in range(_LONGEST, 0, -1):
        phrase, after = tuple(parts[first : first + length]), parts[first + length :]
        marks = _count_without_words(after)
        if phrase in _BEFORE or (
            phrase in _ENDED_BY_A_MARK and (marks or _at_the_beginning(after))
        ):
            return first + length + marks
    return 0


def _at_the_end(parts: list[str]) -> int:
    last = _count_without_words(parts[::-1])
    words = parts[: len(parts) - last]
    for length in range(_LONGEST, 0, -1):
        if tuple(words[-length:]) in _AFTER:
            before = words[:-length]
            return last + length + (before[-1:] == [","])
    return 0


def _count_without_words(parts: list[str]) -> int:
    """Return how many parts stand before the first word."""
    return next((at for at, part in enumerate(parts) if part[0].isalnum()), len(parts))
