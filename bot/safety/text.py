"""One spelling for what people really type, shared by the safety screen and the understanding.

Three steps, each usable alone: ``fold`` (letters), ``words`` (tokens), ``expand`` (SMS and Nouchi
spellings written out). Pure Python on purpose: the screen runs inside the intake transaction of
the web role.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

import yaml

SPELLING_FILE = Path(__file__).parent / "spelling.yml"

# Letters that people type for another one: seen in real Twi, Dioula and Mooré text, or used to
# slip past filters (Cyrillic and Greek letters that look Latin).
_LOOK_ALIKES = str.maketrans(
    {
        **dict.fromkeys("’‘ʼʹ´`′＇ʻ", "'"),
        **dict.fromkeys("‐‑‒–—−", "-"),
        **dict.fromkeys("ɛԑεе∑єᴇ℮", "e"),
        **dict.fromkeys("ɔͻᴐоο", "o"),
        **dict.fromkeys("аα", "a"),
        **dict.fromkeys("іιɩı", "i"),
        **dict.fromkeys("ʋυ", "u"),
        **dict.fromkeys("сς", "c"),
        "р": "p",
        "х": "x",
        "ѕ": "s",
        "у": "y",
        "к": "k",
        "ŋ": "n",
        "ɲ": "ny",
        "œ": "oe",
        "æ": "ae",
    }
)
# Joiners, direction marks, variation selectors and skin tones carry no meaning here.
_INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]"
)
_ELONGATED = re.compile(r"([a-z])\1{2,}")
# ``)`` is how some type ɔ ("k)m"): only between letters, where no bracket closes.
_BRACKET_FOR_O = re.compile(r"(?<=[a-z])\)(?=[a-z3])")
# ``3`` is how most people type ɛ in Twi ("y3", "3y3"), next to a letter. "15h30" and "3ans" stay.
_HAS_THREE = re.compile(r"[a-z0-9]*3[a-z0-9]*")
_AFTER_A_NUMBER = frozenset(
    [
        "e",
        "h",
        "f",
        "g",
        "j",
        "k",
        "m",
        "x",
        "an",
        "ans",
        "am",
        "cm",
        "day",
        "days",
        "eme",
        "enfants",
        "f",
        "fois",
        "ieme",
        "jour",
        "jours",
        "kg",
        "km",
        "mois",
        "month",
        "months",
        "personnes",
        "pm",
        "rd",
        "time",
        "times",
        "week",
        "weeks",
        "year",
        "years",
    ]
)

_EMOJI = "[\u2190-\u2bff\U0001f000-\U0001faff]"
_WORD = re.compile(rf"[^\W_]+|{_EMOJI}")
_TOKEN = re.compile(rf"[a-z0-9]+(?:['-][a-z0-9]+)*|[.!?;:,]|[^\W_]+|{_EMOJI}")
_LETTERS = re.compile(r"[^\W\d_]+")
# A pause in what goes on: "je veux... mourir".
_TRAILING = re.compile(r"\.{2,}|…")
_THOUSANDS = re.compile(r"(?<=\d)[ .](?=\d{3}\b)")
_STOPS = {";": ".", ":": ","}


def fold(text: str) -> str:
    """Return ``text`` in lower case without accents, look-alike letters and long-drawn letters.

    Emoji, digits and punctuation stay.
    """
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    text = _INVISIBLE.sub("", text)
    text = "".join(c for c in text if not unicodedata.combining(c)).translate(_LOOK_ALIKES)
    text = _BRACKET_FOR_O.sub("o", text)
    if "3" in text:
        text = _HAS_THREE.sub(_three_to_e, text)
    return _ELONGATED.sub(r"\1", text)


def words(text: str) -> list[str]:
    """Return the folded words, numbers and emoji of ``text``, without punctuation."""
    return _WORD.findall(fold(text))


def expand(text: str) -> str:
    """Return ``text`` folded, one space between tokens, SMS and Nouchi spellings written out.

    ``.``, ``!``, ``?`` and ``,`` stay as tokens of their own, since where a sentence ends decides
    what a "pas" denies: "G pa fin, il ma frapé!" becomes "j ai pas fin , il ma frape !". A line
    break ends nothing: many send one sentence in several messages.
    """
    accented, spelling = _spelling()
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        text = _LETTERS.sub(lambda found: accented.get(found[0].casefold(), found[0]), text)
    out: list[str] = []
    for token in _TOKEN.findall(_TRAILING.sub(" ", _THOUSANDS.sub("", fold(text)))):
        written = spelling.get(token)
        if written is not None:
            out.append(written)
        elif token[0].isalnum():
            out.extend(part for part in re.split("['-]", token))
        else:
            out.append(_STOPS.get(token, token))
    return " ".join(out)


def _three_to_e(found: re.Match[str]) -> str:
    word = found.group()
    rest = word[1:]
    if word == "3" or (word[0].isdigit() and word[0] != "3"):
        return word
    if word[0] == "3" and (rest[0].isdigit() or rest in _AFTER_A_NUMBER):
        return word
    return word.replace("3", "e")


@cache
def _spelling() -> tuple[dict[str, str], dict[str, str]]:
    """Read the SMS and Nouchi lexicon, once, at its first use: with accents, and without."""
    lexicon = yaml.safe_load(SPELLING_FILE.read_text(encoding="utf-8"))
    written = {
        typed: str(standard)
        for language in lexicon.values()
        for standard, spellings in language.items()
        for typed in str(spellings).split()
    }
    accented = {typed: standard for typed, standard in written.items() if not typed.isascii()}
    return accented, {k: v for k, v in written.items() if k not in accented}
