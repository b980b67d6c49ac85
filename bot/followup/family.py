"""Who may know what about whom: the links between caregivers and beneficiaries."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection, Row

from bot.db.tables import care_link, person
from bot.followup import audit
from bot.followup.access import NotAllowed, readable_person
from bot.followup.freezing import without_frozen

RIGHTS = ("sees_payments", "sees_training", "sees_places")
RELATIONS = (
    "mother", "father", "aunt", "uncle", "grandparent", "sibling", "guardian", "host", "other",
)  # fmt: skip


class NotACouple(ValueError):
    """A link joins a caregiver and a beneficiary."""


def links_of(connection: Connection, someone: Row) -> list[Row]:
    """Return the links of a person with whom they lead to.

    A row is a ``care_link`` with ``other_id``, ``other_case``, ``first_name``, ``family_name``.
    """
    mine, theirs = care_link.c.beneficiary_id, care_link.c.caregiver_id
    if someone.kind == "caregiver":
        mine, theirs = theirs, mine
    query = (
        select(
            care_link,
            person.c.id.label("other_id"),
            person.c.case_number.label("other_case"),
            person.c.first_name,
            person.c.family_name,
        )
        .join(person, person.c.id == theirs)
        .where(mine == someone.id)
        .order_by(care_link.c.id)
    )
    return connection.execute(query).all()


def wards_of(connection: Connection, caregiver_id: int, right: str) -> list[Row]:
    """Return the beneficiaries about whom a caregiver has ``right`` ("sees_payments", ...).

    Those whom a danger keeps from this caregiver are none of them (safeguarding 14).
    """
    query = (
        select(person)
        .join(care_link, care_link.c.beneficiary_id == person.c.id)
        .where(care_link.c.caregiver_id == caregiver_id, care_link.c[right].is_(True))
        .order_by(person.c.id)
    )
    return without_frozen(connection, caregiver_id, connection.execute(query).all())


def set_link(
    connection: Connection,
    member: Row,
    someone: Row,
    other: Row,
    relation: str,
    rights: Collection[str],
    now: datetime,
) -> None:
    """Say what the caregiver of two people may know about the beneficiary (safeguarding 23).

    Args:
        relation: one of ``RELATIONS``: what the caregiver is to the beneficiary.
        rights: those of ``RIGHTS`` that are given; all others are taken away.

    Raises:
        NotAllowed: not two files of this member's.
        NotACouple: two caregivers, or two beneficiaries.
        ValueError: no such relation or right.
    """
    if relation not in RELATIONS or not set(rights) <= set(RIGHTS):
        raise ValueError("no such relation or right")
    for each in (someone, other):
        readable_person(connection, member, each.id)
    by_kind = {each.kind: each.id for each in (someone, other)}
    if len(by_kind) != 2:
        raise NotACouple(f"cases {someone.case_number} and {other.case_number}")
    key = {"caregiver_id": by_kind["caregiver"], "beneficiary_id": by_kind["beneficiary"]}
    values = {"relation": relation, **{right: right in rights for right in RIGHTS}}
    where = [care_link.c[name] == value for name, value in key.items()]
    changed = connection.execute(update(care_link).where(*where).values(**values))
    if changed.rowcount == 0:
        connection.execute(insert(care_link).values(**key, **values))
    for person_id in sorted(key.values()):
        audit.record_by(connection, member, "person.link", "person", person_id, now)


def readable_by_case(connection: Connection, member: Row, case_number: str) -> Row:
    """Return the person of a case number whose file ``member`` may read.

    Raises:
        NotAllowed: there is none, or not for ``member``.
    """
    query = select(person.c.id).where(person.c.case_number == case_number.strip())
    person_id = connection.execute(query).scalar_one_or_none()
    if person_id is None:
        raise NotAllowed("no such case")
    return readable_person(connection, member, person_id)
