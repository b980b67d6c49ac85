"""The desk at which somebody reviews: messages without personal details in, decisions out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import get_args

from sqlalchemy.engine import Connection, Row

from bot.followup import audit, reviews
from bot.followup.access import NotAllowed
from bot.followup.reviews import VERDICTS, Verdict
from bot.followup.unclear import chosen_instead, list_unclear
from bot.reasons import Reason, mark
from bot.review.files import known_names
from bot.review.intents import TEACHABLE
from bot.review.redaction import PLACEHOLDERS, Redactor
from bot.review.vocabulary import Vocabulary
from bot.safety.flags import CATEGORIES, SEVERITIES, About
from bot.safety.staff import names_staff

ABOUT: tuple[About, ...] = get_args(About)
LONGEST_EXAMPLE = 300
# Verdicts from which something is learned.
_TEACH = ("intent", "danger", "no_danger")
# Brackets mark entities in the training data, and no message needs them.
_MARKS = str.maketrans("[]{}()", "      ")
_ANGLES = re.compile("[‹›]")
_PLACEHOLDER = re.compile(f"({'|'.join(PLACEHOLDERS)})")


class NotClean(ValueError):
    """An example still had personal details; ``text`` is it without them, to be read again."""

    def __init__(self, text: str) -> None:
        super().__init__("personal details were left in the example")
        self.text = text


class Unfit(Reason, ValueError):
    """A verdict lacks something, or its example is empty or longer than ``LONGEST_EXAMPLE``."""


@dataclass(frozen=True)
class Item:
    """A message to review.

    Attributes:
        text: without personal details.
        unknown: words in it that no example has: a name may be among them.
        reason: not_understood, taken_back or false_alarm.
        flagged: it raised a red flag.
        guess: what the programme thought of, with its ``confidence``.
        chosen: the intent that the person then chose.
        language: of the conversation.
    """

    id: int
    text: str = field(repr=False)
    unknown: tuple[str, ...] = field(repr=False)
    reason: str
    flagged: bool
    guess: str | None
    confidence: float | None
    chosen: str | None
    language: str
    at: datetime


class Desk:
    """What one member of staff may review. For one transaction."""

    def __init__(self, connection: Connection, member: Row, vocabulary: Vocabulary) -> None:
        self._connection = connection
        self._member = member
        self._vocabulary = vocabulary
        self._redactor = Redactor(known_names(connection), vocabulary)

    def items(self, now: datetime, *, limit: int | None = None) -> tuple[list[Item], int]:
        """Return the oldest messages that wait, and how many wait. That they are read is recorded.

        Raises:
            NotAllowed: not for this member.
        """
        waiting = self._waiting(now)
        own = self._member.structure_id
        audit.record_reading(self._connection, self._member, "review", own, now)
        return [self._item(row) for row in waiting[:limit]], len(waiting)

    def decide(self, message_id: int, verdict: Verdict, now: datetime) -> None:
        """Record a decision, its example made fit to learn from.

        Raises:
            NotAllowed: not this member's to decide, or decided already.
            NotClean: there are still personal details in the example.
            Unfit: something is missing or not known.
        """
        if message_id not in [row.id for row in self._waiting(now)]:
            raise NotAllowed(f"message {message_id}")
        fitting = self._fitting(verdict)
        reviews.decide(self._connection, self._member, message_id, fitting, now)

    def _waiting(self, now: datetime) -> list[Row]:
        """Return what waits; what names staff would be sealed if it were a danger: left out."""
        found = list_unclear(self._connection, self._member, now)
        return [row for row in found if not names_staff(row.text)]

    def _fitting(self, verdict: Verdict) -> Verdict:
        """Return a verdict with what its kind needs, and nothing else."""
        if verdict.kind not in VERDICTS:
            raise Unfit(mark("Un avis, c'est : {options}."), options=", ".join(VERDICTS))
        if verdict.kind not in _TEACH:
            return Verdict(verdict.kind)
        if verdict.language not in self._vocabulary.languages:
            raise Unfit(
                mark("Une langue, c'est : {options}."),
                options=", ".join(self._vocabulary.languages),
            )
        example = self._clean(verdict.example or "")
        kept = Verdict(verdict.kind, language=verdict.language, example=example)
        if verdict.kind == "intent":
            if verdict.intent not in TEACHABLE:
                raise Unfit(mark("Une intention, c'est : {options}."), options=", ".join(TEACHABLE))
            return replace(kept, intent=verdict.intent)
        if verdict.kind == "no_danger":
            return kept
        if verdict.category not in CATEGORIES or verdict.severity not in SEVERITIES:
            raise Unfit(
                mark("Un danger a une catégorie ({categories}) et une gravité ({severities})."),
                categories=", ".join(CATEGORIES),
                severities=", ".join(SEVERITIES),
            )
        if verdict.about not in ABOUT:
            raise Unfit(mark("Un danger touche : {options}."), options=", ".join(ABOUT))
        return replace(
            kept, category=verdict.category, severity=verdict.severity, about=verdict.about
        )

    def _clean(self, written: str) -> str:
        text = _one_line(written)
        if not 0 < len(text) <= LONGEST_EXAMPLE:
            raise Unfit(mark("Un exemple a de 1 à {count} signes."), count=LONGEST_EXAMPLE)
        redacted = self._redactor.redact(text)
        if redacted != text:
            raise NotClean(redacted)
        return text

    def _item(self, row: Row) -> Item:
        text = self._redactor.redact(_one_line(row.text))
        chosen = chosen_instead(self._connection, row)
        return Item(
            id=row.id,
            text=text,
            unknown=tuple(self._redactor.unknown_words(text)),
            reason=row.reason,
            flagged=row.severity is not None,
            guess=row.guess,
            confidence=row.confidence,
            # Other choices ("/language_yes") say nothing of what was meant.
            chosen=chosen if chosen in TEACHABLE else None,
            language=row.language,
            at=row.received_at,
        )


def _one_line(text: str) -> str:
    """Return a text as an example may be written: one line, without marks but placeholders."""
    line = " ".join(text.translate(_MARKS).split()).lstrip("-/ ")
    parts = _PLACEHOLDER.split(line)
    return "".join(part if part in PLACEHOLDERS else _ANGLES.sub("", part) for part in parts)
