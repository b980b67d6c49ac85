"""Short answers to the assistant's own questions: a digit, a face, a word, or "passer".

The wordings stand in ``nlu/<language>/answers.yml``, so that a new language brings its own; all
languages are read together, since people mix them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from bot.followup.words import fold
from bot.settings import PROJECT

SKIPPED = "skip"
FACES = {5: "😀", 4: "🙂", 3: "😐", 2: "🙁", 1: "😢"}

# Faces people send instead of the five that are offered.
_OTHER_FACES = {
    5: "😃😄😁😆🤩🥳😂🤣😍💪🔥",
    4: "😊☺👍👌😌🙏",
    3: "😶😕🤷😑",
    2: "☹😞😔😟😣🥺👎",
    1: "😭😩😫😖💔",
}
_SCORE_OF_FACE = {face: score for score, face in FACES.items()} | {
    face: score for score, faces in _OTHER_FACES.items() for face in faces
}
# "4", "4/5", "note 4": one digit from 1 to 5, and no other number.
_SCORE = re.compile(r"\D{0,10}([1-5])(?:\s*(?:/|sur|out of)\s*5)?\D{0,3}")
# In a longer message, words that look like an answer are about something else.
_LONGEST_ANSWER = 6


@dataclass(frozen=True)
class Heard:
    """What was understood.

    ``sure`` is False for a loose wording, to be read back. ``whole`` is False when the answer was
    only found inside the message: whether it is one then depends on what else the message says.
    """

    value: str
    sure: bool = True
    whole: bool = True


def read_score(text: str) -> Heard | None:
    """Return a score from "1" to "5" (5 is best) given by a digit, a face or words."""
    faces = [_SCORE_OF_FACE[letter] for letter in text if letter in _SCORE_OF_FACE]
    if faces:
        return Heard(str(faces[0]), sure=len(set(faces)) == 1, whole=not fold(text))
    digit = _SCORE.fullmatch(text.strip())
    if digit:
        return Heard(digit[1])
    loose = read_choice("score_unsure", text)
    clear = read_choice("score", text)
    if clear and (clear.whole or loose is None):
        return Heard(clear.value, sure=clear.whole, whole=clear.whole)
    return Heard(loose.value, sure=False, whole=loose.whole) if loose else None


def read_choice(question: str, text: str) -> Heard | None:
    """Return which answer of ``question`` (a table of ``answers.yml``) ``text`` gives."""
    phrases = _phrases()[question]
    folded = fold(text)
    if folded in phrases:
        return Heard(phrases[folded])
    if not folded or len(folded.split()) > _LONGEST_ANSWER:
        return None
    inside = [phrase for phrase in phrases if f" {phrase} " in f" {folded} "]
    if not inside:
        return None
    longest = max(inside, key=len)
    rest = f" {folded} ".replace(f" {longest} ", " ").split()
    if any(word in _phrases()["negation"] for word in rest):
        return None
    return Heard(phrases[longest], sure=False, whole=False)


def wants_to_skip(text: str) -> bool:
    """Tell whether a message says "passer" and nothing else."""
    return fold(text) in _phrases()["skip"]


def speaks_of(subject: str, text: str) -> str | None:
    """Return the entry of the table ``subject`` of which a word stands anywhere in ``text``."""
    return next(iter(all_spoken_of(subject, text)), None)


def entries_of(subject: str) -> frozenset[str]:
    """Return all entries of the table ``subject``."""
    return frozenset(_phrases()[subject].values())


def all_spoken_of(subject: str, text: str) -> list[str]:
    """Return all entries of the table ``subject`` of which a word stands in ``text``, each once."""
    folded = f" {fold(text)} "
    found = (value for phrase, value in _phrases()[subject].items() if f" {phrase} " in folded)
    return list(dict.fromkeys(found))


@cache
def _phrases(folder: Path = PROJECT / "nlu") -> Mapping[str, Mapping[str, str]]:
    """Return for each question its wordings, folded, with the answer each gives."""
    phrases: dict[str, dict[str, str]] = defaultdict(dict)
    for path in sorted(folder.glob("*/answers.yml")):
        for question, answers in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            for value, wordings in answers.items():
                phrases[question].update({fold(wording): value for wording in wordings})
    return phrases
