"""Consent, and the single-use codes that let a person in (safeguarding 2)."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection, Row

from bot.db.engine import sealer_of
from bot.db.tables import access_code, consent, conversation, person, staff
from bot.followup.conversations import forget_dialogue
from bot.followup.people import is_child
from bot.reasons import Reason, mark

# Changes whenever the text that people agree to changes: each consent says what was agreed to. The
# text stands in domain.yml (utter_welcome_code, utter_consent_more), and for staff who tell it face
# to face in console/templates/_spoken_consent.html: the three say the same.
WORDING_VERSION = "2026-12"
# The versions that also say that messages serve to understand people better.
_COVERS_IMPROVING = frozenset({"2026-12"})
# Who may say yes for a child.
_GROWN_UPS = ("guardian", "worker")
CODE_LIFETIME = timedelta(hours=72)
# No letter or digit that looks like another when copied from a card.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_LENGTH = 8
_CODE_AS_TYPED = re.compile(r"\w{4}[ -]?\w{4}")
_CODE_AS_WORD = re.compile(r"(?<![\w-])\w{4}-?\w{4}(?![\w-])")
# Wrong codes from one conversation before no further one is looked at, until staff close the task
# that this opens.
MAXIMUM_CODE_FAILURES = 5
CODE_FAILURES: Final = "code_failures"


class ConsentMissing(Reason, PermissionError):
    """A child may not be enrolled before a guardian or an authorised worker has consented."""


def record_consent(
    connection: Connection,
    *,
    answer: str,
    given_by: str,
    language: str,
    now: datetime,
    person_id: int | None = None,
    conversation_id: int | None = None,
    recorded_by: int | None = None,
    reason: str | None = None,
) -> None:
    """Append one answer ("yes" or "no") of the person, a guardian or an authorised worker."""
    connection.execute(
        insert(consent).values(
            person_id=person_id,
            conversation_id=conversation_id,
            given_by=given_by,
            answer=answer,
            wording_version=WORDING_VERSION,
            language=language,
            recorded_by=recorded_by,
            reason=reason,
            at=now,
        )
    )


def covers_improving(connection: Connection, someone: Row, now: datetime) -> bool:
    """Tell whether a person's messages may also serve to improve the programme.

    The person has said yes to a text that says so; for a child so have a guardian or a worker.
    """
    asked = [("self",), _GROWN_UPS] if is_child(someone, now) else [("self",)]
    return all(_newest_covers_improving(connection, someone.id, *who) for who in asked)


def make_enrolment_code(connection: Connection, someone: Row, now: datetime) -> str:
    """Make a code by which ``someone`` can enrol one chat, once, within 72 hours.

    Raises:
        ConsentMissing: a child, and neither a guardian's nor a worker's consent is recorded; or
            the person's own last word is no, which nobody else's yes overrules.
    """
    if _last_answer(connection, someone.id, "self") == "no":
        raise ConsentMissing(
            mark(
                "Dossier {case} : la personne a dit non. Parlez d'abord ensemble, puis notez un "
                "nouveau oui."
            ),
            case=someone.case_number,
        )
    grown_ups = _last_answer(connection, someone.id, *_GROWN_UPS)
    if is_child(someone, now) and grown_ups != "yes":
        raise ConsentMissing(
            mark(
                "Dossier {case} : notez d'abord l'accord d'un parent ou de la tutelle. Sans cet "
                "accord, notez l'accord de qui suit l'enfant, et pourquoi il n'y en a pas d'autre."
            ),
            case=someone.case_number,
        )
    return _make_code(connection, now, person_id=someone.id)


def consents_of(connection: Connection, person_id: int) -> list[Row]:
    """Return all that was answered for a person, newest first; ``staff_name`` recorded it."""
    query = (
        select(consent, staff.c.shown_name.label("staff_name"))
        .outerjoin(staff, staff.c.id == consent.c.recorded_by)
        .where(consent.c.person_id == person_id)
        .order_by(consent.c.id.desc())
    )
    return connection.execute(query).all()


def make_staff_link_code(connection: Connection, staff_id: int, now: datetime) -> str:
    """Make a code by which a member of staff links the chat where alerts shall arrive."""
    return _make_code(connection, now, staff_id=staff_id)


def redeem_code(connection: Connection, written: str, now: datetime) -> Row | None:
    """Use up the code in ``written``; return its row, or None if it is unknown, used or expired."""
    indexes = sealer_of(connection).blind_indexes(f"code:{normalise_code(written)}")
    query = select(access_code).where(
        access_code.c.code_index.in_(indexes),
        access_code.c.used_at.is_(None),
        access_code.c.expires_at > now,
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    taken = connection.execute(
        update(access_code)
        .where(access_code.c.code_index == row.code_index, access_code.c.used_at.is_(None))
        .values(used_at=now)
    )
    return row if taken.rowcount == 1 else None


def burn_codes(connection: Connection, person_id: int, now: datetime) -> None:
    """Make every unused code of a person worthless: a child's no beats a guardian's yes."""
    connection.execute(
        update(access_code)
        .where(access_code.c.person_id == person_id, access_code.c.used_at.is_(None))
        .values(used_at=now)
    )


def looks_like_code(text: str) -> bool:
    """Tell whether a message is a code as printed on a card ("AB3D EF6H"), and nothing else."""
    if _CODE_AS_TYPED.fullmatch(text.strip()) is None:
        return False
    code = normalise_code(text)
    # A word of eight letters is a word: codes always hold a digit (see ``_make_code``).
    return set(code) <= set(_ALPHABET) and any(letter.isdigit() for letter in code)


def code_in(text: str) -> str:
    """Return the code that a message says, alone or in a sentence ("mon code est AB3DEF6H"), or "".

    In a sentence it is the only word of its shape, in one piece, and holds a letter: eight digits
    are somebody's number, and hardly one code in 40000.
    """
    if looks_like_code(text):
        return text
    words = {normalise_code(word) for word in _CODE_AS_WORD.findall(text) if looks_like_code(word)}
    (code,) = words if len(words) == 1 else ("",)
    return "" if code.isdigit() else code


def normalise_code(text: str) -> str:
    """Return a code as it was made: capitals, without spaces and dashes."""
    return "".join(letter for letter in text.upper() if letter.isalnum())


def _last_answer(connection: Connection, person_id: int, *given_by: str) -> str | None:
    query = (
        select(consent.c.answer)
        .where(consent.c.person_id == person_id, consent.c.given_by.in_(given_by))
        .order_by(consent.c.id.desc())
        .limit(1)
    )
    return connection.execute(query).scalar_one_or_none()


def _newest_covers_improving(connection: Connection, person_id: int, *given_by: str) -> bool:
    query = (
        select(consent.c.answer, consent.c.wording_version)
        .where(consent.c.person_id == person_id, consent.c.given_by.in_(given_by))
        .order_by(consent.c.id.desc())
        .limit(1)
    )
    newest = connection.execute(query).one_or_none()
    return (
        newest is not None
        and newest.answer == "yes"
        and newest.wording_version in _COVERS_IMPROVING
    )


def _make_code(connection: Connection, now: datetime, **owner: int) -> str:
    code = ""
    while not any(letter.isdigit() for letter in code):
        code = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))
    connection.execute(
        insert(access_code).values(
            code_index=sealer_of(connection).blind_index(f"code:{code}"),
            made_at=now,
            expires_at=now + CODE_LIFETIME,
            **owner,
        )
    )
    return code


def withdraw_enrolment(connection: Connection, conversation_id: int) -> None:
    """Forget whose a conversation is and what was talked about: after a no, or a wrong person."""
    forget_dialogue(connection, conversation_id)
    connection.execute(
        update(conversation)
        .where(conversation.c.id == conversation_id)
        .values(person_id=None, enrolment="none", name_tries=0)
    )


def person_named(connection: Connection, person_id: int | None) -> Row | None:
    """Return the person an unconfirmed conversation says it is, to compare the name with."""
    if person_id is None:
        return None
    return connection.execute(select(person).where(person.c.id == person_id)).one_or_none()
