"""The safe word: agreed face to face, one per person, told by nobody in a chat (safeguarding 5)."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.engine import Connection, Row

from bot.db.tables import person, programme
from bot.followup import audit
from bot.followup.access import readable_person
from bot.followup.people import one_typo_apart
from bot.followup.words import fold

# What its alert is, and how the message that held it is marked: the word itself is not kept.
SAFE_WORD: Final = "safe_word"

_SHORTEST_WORD = 4
# What people write, or eat, every day: it would call for help by accident. Folded.
_EVERYDAY = """
bonjour bonsoir salut coucou merci pardon oui non okay stop quitter aide argent ecole atelier maison
maman papa hello thanks help yes please school money home attieke alloco foutou garba placali
kedjenou banku fufu kenkey jollof akwaba akwaaba
"""
# Those of the chat itself, and what is sent all day.
_EVERYDAY_PICTURES = frozenset(
    "👍👎👌👋🙏👏💪❤♥😀😁😂🤣😃😄😅😆😊😍😘😢😭😡🙂🙁😐😕😞🔊🔉🔈👂🎧🔇🔴✅❌🎉🔥💯"
)

# Built once, with a parameter: it runs for every message.
WORD_OF = select(person.c.safe_word).where(person.c.id == bindparam("person"))


class UnfitWord(ValueError):
    """Such a safe word would come up in ordinary talk, or is another person's."""


def set_safe_word(
    connection: Connection, member: Row, person_id: int, word: str, now: datetime
) -> None:
    """Keep the word that was agreed face to face; empty takes it away.

    Raises:
        NotAllowed: no file of this member's.
        UnfitWord: one that ordinary talk uses, a name, a trade, or another person's.
    """
    someone = readable_person(connection, member, person_id)
    kept = word.strip() or None
    if kept is not None and not _is_fit(connection, someone, kept):
        raise UnfitWord("another safe word is needed")
    connection.execute(update(person).where(person.c.id == person_id).values(safe_word=kept))
    audit.record_by(connection, member, "person.safe_word", "person", person_id, now)


def is_safe_word(kept: str | None, text: str) -> bool:
    """Tell whether a whole message is the safe word that was agreed with a person, if any was.

    Case, accents, punctuation and one typo aside; pictures too, where the word has none. How long
    this takes shows to nobody who writes: the reply leaves by the outbox, as every other.
    """
    return kept is not None and _fits(kept, text)


def names_safe_word(connection: Connection, person_id: int | None, text: str) -> bool:
    """Tell whether what staff are about to write has a person's safe word in it."""
    kept = connection.execute(WORD_OF, {"person": person_id}).scalar_one_or_none()
    if kept is None:
        return False
    letters = fold(kept)
    stands_there = not letters or f" {letters} " in f" {fold(text)} "
    return stands_there and _pictures(kept) in _pictures(text)


def _fits(kept: str, text: str) -> bool:
    if not _pictures(kept):
        return one_typo_apart(fold(text), fold(kept))
    return fold(text) == fold(kept) and _pictures(text) == _pictures(kept)


def _pictures(text: str) -> str:
    """Return the emoji of a text, whatever their shade."""
    return "".join(sign for sign in text if unicodedata.category(sign) == "So")


def _is_fit(connection: Connection, someone: Row, word: str) -> bool:
    folded, pictures = fold(word), _pictures(word)
    others = select(person.c.safe_word).where(
        person.c.safe_word.is_not(None), person.c.id != someone.id
    )
    if any(_fits(each, word) for each in connection.execute(others).scalars()):
        return False
    if pictures:
        return not set(pictures) <= _EVERYDAY_PICTURES
    names = {fold(someone.first_name), fold(someone.family_name)}
    trades = {fold(each) for each in connection.execute(select(programme.c.trade)).scalars()}
    too_short = len(folded.replace(" ", "")) < _SHORTEST_WORD or folded.isdecimal()
    return not too_short and folded not in names | trades | {*_EVERYDAY.split()}
