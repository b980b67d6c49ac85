"""Who somebody is: beneficiaries, caregivers, whether a name fits."""

from __future__ import annotations

import unicodedata
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.engine import Connection, Row

from bot.db.tables import person, staff, structure
from bot.reasons import Reason, mark

ADULT_AGE = 18

# Built once, with a parameter: it runs in every turn.
_BY_ID = select(person).where(person.c.id == bindparam("this"))


class NoSuchCase(Reason, LookupError):
    """No person has this case number."""


def find_person(connection: Connection, person_id: int) -> Row:
    """Return one person.

    Raises:
        NoSuchCase: there is none.
    """
    row = connection.execute(_BY_ID, {"this": person_id}).one_or_none()
    if row is None:
        raise NoSuchCase("no person with id {id}", id=person_id)
    return row


def find_by_case(connection: Connection, case_number: str) -> Row:
    """Return the person whose file has ``case_number``.

    Raises:
        NoSuchCase: there is none.
    """
    query = select(person).where(person.c.case_number == case_number.strip())
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NoSuchCase(
            mark("Il n'y a pas de dossier {case}. Vérifiez le numéro."), case=case_number
        )
    return row


def is_child(someone: Row, now: datetime) -> bool:
    """Tell whether a person may be under 18. Without a birth year, a beneficiary may be."""
    if someone.birth_year is None:
        return someone.kind == "beneficiary"
    return now.year - someone.birth_year <= ADULT_AGE


def age(someone: Row, now: datetime) -> int | None:
    """Return the age in years reached this year, if the birth year is known."""
    return None if someone.birth_year is None else now.year - someone.birth_year


def structure_of(connection: Connection, someone: Row | None) -> Row:
    """Return the structure that follows a person; for a stranger, the first one.

    Raises:
        LookupError: no structure was ever set up.
    """
    query = select(structure).order_by(structure.c.id).limit(1)
    if someone is not None:
        query = select(structure).where(structure.c.id == someone.structure_id)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise LookupError("no structure is set up: import one, or run the demo")
    return row


def worker_name(connection: Connection, someone: Row | None) -> str | None:
    """Return the first name that the person's social worker chose to show, if there is one."""
    if someone is None or someone.worker_id is None:
        return None
    query = select(staff.c.shown_name).where(staff.c.id == someone.worker_id)
    return connection.execute(query).scalar_one()


def name_fits(someone: Row, written: str) -> bool:
    """Tell whether ``written`` is the first name in the file: case, accents and one typo aside."""
    expected = _letters(someone.first_name)
    answers = [_letters(written), *map(_letters, written.split())]
    return any(answer and one_typo_apart(answer, expected) for answer in answers)


def _letters(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in folded if letter.isalpha())


def one_typo_apart(a: str, b: str) -> bool:
    """Tell whether two names are one with at most one letter wrong, missing or too many."""
    if a == b:
        return True
    # In a name of three letters one typo is another name.
    if min(len(a), len(b)) < 4 or abs(len(a) - len(b)) > 1:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    if a[start + 1 :] == b[start + 1 :] or a[start:] == b[start + 1 :]:
        return True
    return a[start + 1 :] == b[start:]
