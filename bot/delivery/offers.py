"""What a message means before anyone understands it: a button, a digit, a reserved word.

Typed text is never a command to the dialogue: a leading slash is dropped, and the payload of a
choice comes from our own rows only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.engine import Connection

from bot.db.tables import choice
from bot.followup.words import fold

LANGUAGE, PERSON, DANGER = "7", "8", "9"
# The reserved digits that the dialogue answers (safeguarding 26); 9 is the safety screen's.
RESERVED_PAYLOADS = {LANGUAGE: "/change_language", PERSON: "/talk_to_human"}
_QUICK_EXIT = {"x", "quitter", "quit", "exit"}
_STOP = {"stop", "stopp", "arret", "arreter", "unsubscribe", "stop stop", "stop messages"}
_TAKEN_BACK = {
    "c rien", "c est rien", "ce n est rien", "rien", "c rien laisse", "laisse", "laisse tomber",
    "non c rien", "non c rien laisse", "non laisse", "oublie", "c est bon laisse", "mal compris",
    "c est faux", "c etait pour rire", "je blague", "je rigole", "fausse alerte", "its nothing",
    "it s nothing", "nothing", "forget it", "never mind", "nevermind", "i was joking", "leave it",
    "no its nothing", "pas grave", "c pas grave", "c est pas grave",
}  # fmt: skip
# Also by their word for "listen" in Dioula, Twi, Mooré and Baoulé (GATITOS).
_LISTEN = {
    "ecouter", "je veux ecouter", "avec voix", "avec la voix", "la voix", "audio", "listen",
    "i want to listen", "with voice", "lamɛn", "lamen", "tie", "kelge", "sie wɔ su", "sie wo su",
}  # fmt: skip
_WITHOUT_VOICE = {"sans voix", "sans la voix", "plus de voix", "no voice", "without voice"}
_EARS, _NO_EARS = set("🔊🔉🔈👂🎧"), {"🔇"}
_SHADES = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")
_DIGIT_THEN_WORDS = re.compile(r"^\s*(\d)[\s.):,-]+(\S.*)$", re.DOTALL)


def is_quick_exit(text: str) -> bool:
    """Tell whether the whole message is X or "quitter" (safeguarding 11)."""
    return fold(text) in _QUICK_EXIT


def is_stop(text: str) -> bool:
    """Tell whether the whole message is STOP (safeguarding 3)."""
    return fold(text) in _STOP


def is_danger_digit(text: str) -> bool:
    """Tell whether the whole message is a 9, also as a keycap emoji (safeguarding 26)."""
    return fold(text) == DANGER


def is_listen(text: str) -> bool:
    """Tell whether the whole message asks to hear what is written: "écouter", an ear."""
    return fold(text) in _LISTEN or _SHADES.sub("", text.strip()) in _EARS


def is_without_voice(text: str) -> bool:
    """Tell whether the whole message asks for writing alone."""
    return fold(text) in _WITHOUT_VOICE or _SHADES.sub("", text.strip()) in _NO_EARS


def is_taken_back(text: str) -> bool:
    """Tell whether the whole message plays a cry for help down ("c rien", safeguarding 4)."""
    return fold(text) in _TAKEN_BACK


@dataclass(frozen=True)
class Typed:
    """What a typed message chooses, and the ``words`` that stand behind its digit."""

    payload: str
    words: str = field(default="", repr=False)


def typed_choice(text: str, offer: Sequence[Mapping[str, str]] | None) -> Typed | None:
    """Return what a typed message chooses from the offer, or None.

    A key ("2"), a title ("oui"), both ("2 Oui"), or a key with more behind it ("3 on a donné
    20000"), unless that names another choice ("1 non"): then nobody knows which is meant.
    """
    written = fold(text)
    for item in offer or ():
        key, title = item["key"], fold(item["title"])
        if written in (key, title, f"{key} {title}") and written:
            return Typed(item["payload"])
    if written in RESERVED_PAYLOADS:
        return Typed(RESERVED_PAYLOADS[written])
    match = _DIGIT_THEN_WORDS.match(text)
    if match is None:
        return None
    key, words = match.group(1), match.group(2).strip()
    for item in offer or ():
        if item["key"] == key and item["payload"].startswith("/"):
            others = (fold(other["title"]) for other in offer or () if other["key"] != key)
            named = any(title and f" {title} " in f" {fold(words)} " for title in others)
            return None if named else Typed(item["payload"], words)
    return None


def with_words(payload: str, text: str) -> str:
    """Return a payload for the dialogue with the words behind the digit as its ``detail``.

    They are taken from the message itself each time, and kept nowhere else: without a consent they
    go when its text goes (safeguarding 2).
    """
    match = _DIGIT_THEN_WORDS.match(text)
    if match is None:
        return payload
    intent, brace, entities = payload.partition("{")
    values = json.loads(brace + entities) if brace else {}
    detailed = {**values, "detail": match.group(2).strip()}
    return f"{intent}{json.dumps(detailed, ensure_ascii=False)}"


def pressed_payload(
    connection: Connection, conversation_id: int, token: str, now: datetime
) -> str | None:
    """Return the payload of a pressed button, or None if it is unknown, used or not this chat's."""
    query = select(choice).where(
        choice.c.token == token,
        choice.c.conversation_id == conversation_id,
        choice.c.used_at.is_(None),
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    connection.execute(update(choice).where(choice.c.token == token).values(used_at=now))
    return row.payload


def pressed_title(connection: Connection, conversation_id: int, token: str) -> str:
    """Return what the pressed button said, for the thread that staff read; "" if unknown."""
    query = select(choice.c.title).where(
        choice.c.token == token, choice.c.conversation_id == conversation_id
    )
    return connection.execute(query).scalar_one_or_none() or ""
