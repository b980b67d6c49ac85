"""What is said for politeness alone, around what a message says.

A "merci" behind a cry for help takes nothing of it back. Most messages that hold one are harmless,
so that whatever learns from messages would take it for a sign that all is well.
"""

from __future__ import annotations

from bot.safety.text import expand

# Asking pardon and taking leave are none: with these somebody may say farewell for good.
_GREETINGS = """
bonjour, bonsoir, salut, coucou, cc, bonne journee, bonne soiree,
hello, hi, hey, good morning, good afternoon, good evening
"""
_PLEADING = "s il vous plait, s il te plait, please, i beg"
_THANKS = """
merci, merci beaucoup, merci bien, merci infiniment, merci d avance, thanks, thanks a lot,
thanks plenty, thank you, thank you plenty,
thank you very much, thank you so much, god bless, god bless you,
que dieu vous benisse, que dieu te benisse, dieu vous benisse, dieu te benisse
"""
# Whoever a greeting or thanks is said to: "bonsoir la famille", "merci tantie".
_ADDRESSED = """
madame, monsieur, docteur, tata, tantie, tonton, chef, boss, maitre, mon vieux, vieux pere,
la famille, la famille akoma, akoma, l equipe, a l equipe, a toute l equipe, la team, a vous,
a tous, madam, sir, auntie, aunty, uncle, ma, teacher, team, family, my people, all, everyone, o
"""


def _phrases(*lists: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(one.split()) for some in lists for one in some.split(","))


def _addressed(phrases: frozenset[tuple[str, ...]]) -> frozenset[tuple[str, ...]]:
    return frozenset(said + to for said in phrases for to in _phrases(_ADDRESSED))


_BEFORE = _phrases(_GREETINGS, _PLEADING)
_ENDED_BY_A_MARK = _phrases(_THANKS) | _addressed(_phrases(_GREETINGS, _THANKS))
_AFTER = _BEFORE | _ENDED_BY_A_MARK
_LONGEST = max(map(len, _AFTER))
_MARKS = frozenset(",.!?")


def said(text: str) -> str:
    """Return what a message says, as ``expand`` writes it, without the courtesies around it.

    Thanks before it, and whoever is greeted, are one only where a mark or another courtesy follows:
    "merci de venir" asks for something, and "bonjour tonton me frappe" tells of an uncle. A message
    of courtesies alone is returned whole.
    """
    parts = expand(text).split()
    start, end = 0, len(parts)
    while length := _at_the_beginning(parts[start:end]):
        start += length
    while length := _at_the_end(parts[start:end]):
        end -= length
    return " ".join(parts[start:end] if _has_words(parts[start:end]) else parts)


def _at_the_beginning(parts: list[str]) -> int:
    """Return how many parts are a courtesy, with the marks and signs around it."""
    first = _count_without_words(parts)
    for length in range(_LONGEST, 0, -1):
        phrase, after = tuple(parts[first : first + length]), parts[first + length :]
        marks = _count_without_words(after)
        if phrase in _BEFORE or (
            phrase in _ENDED_BY_A_MARK
            and (_MARKS.intersection(after[:marks]) or _at_the_beginning(after))
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


def _has_words(parts: list[str]) -> bool:
    return _count_without_words(parts) < len(parts)
