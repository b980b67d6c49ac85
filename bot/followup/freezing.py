"""Contacts that a danger freezes until a worker releases each, with a reason (safeguarding 14).

An alert of violence, sexual abuse, exploitation or fear, or a safe word, freezes the family around
whoever wrote it: to the child no question about news, no visit notice, no call; to a caregiver
nothing about the child. Being closed lifts nothing, unless it was a false alarm. What joins the
alert later freezes again what was released. A complaint about staff freezes nothing: that would
tell of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, insert, or_, select
from sqlalchemy.engine import Connection, Row

from bot.db.tables import alert, alert_event, care_link, contact_release, person
from bot.followup import audit
from bot.followup.access import NotAllowed, readable_person
from bot.followup.cases import add_event
from bot.followup.safe_word import SAFE_WORD

FREEZES = ("violence", "sexual_abuse", "exploitation", "fear")
_CAREGIVER = "caregiver"
# What happens to an alert that freezes anew what was released before.
_AGAIN = ("opened", "message", "raised", "reopened")

_FREEZING_EVENTS = (alert_event.c.alert_id == alert.c.id, alert_event.c.verb.in_(_AGAIN))
_NEWEST = select(func.max(alert_event.c.id)).where(*_FREEZING_EVENTS).correlate(alert)
_SINCE = select(func.max(alert_event.c.at)).where(*_FREEZING_EVENTS).correlate(alert)
_IS_GROUND = and_(
    alert.c.restricted.is_(False),
    or_(alert.c.outcome.is_(None), alert.c.outcome != "false_alarm"),
    or_(
        alert.c.kind == SAFE_WORD,
        and_(alert.c.kind == "red_flag", alert.c.category.in_(FREEZES)),
    ),
)


class ReasonMissing(ValueError):
    """Whoever releases a contact says why."""


@dataclass(frozen=True)
class Ground:
    """An alert that freezes a contact; ``author_id`` wrote what raised it, last at ``since``."""

    alert_id: int
    author_id: int
    kind: str
    since: datetime


@dataclass(frozen=True)
class Freeze:
    """A frozen contact.

    Attributes:
        contact: the person's row.
        own: what the contact wrote themselves.
        others: what somebody of the family wrote: the contact may be who is feared.
    """

    contact: Row
    own: tuple[Ground, ...]
    others: tuple[Ground, ...]

    @property
    def grounds(self) -> tuple[Ground, ...]:
        """All alerts that freeze it."""
        return self.own + self.others

    @property
    def since(self) -> datetime:
        """When somebody last wrote what freezes it."""
        return max(ground.since for ground in self.grounds)

    def holds_written_at(self, at: datetime) -> bool:
        """Tell whether what was written to it then, and has not left yet, stays here.

        It may tell a caregiver of a child whose danger was not known when it was written.
        """
        is_caregiver = self.contact.kind == _CAREGIVER
        return is_caregiver and any(at < ground.since for ground in self.others)


def freeze_of(connection: Connection, contact: Row | None) -> Freeze | None:
    """Return what freezes a contact; None for a contact that is free, or nobody's."""
    if contact is None:
        return None
    found = _grounds(connection, contact.id, _around(connection, contact))
    if not found:
        return None
    own = tuple(ground for ground in found if ground.author_id == contact.id)
    return Freeze(contact, own, tuple(ground for ground in found if ground not in own))


def frozen_around(connection: Connection, someone: Row) -> list[Freeze]:
    """Return the frozen contacts of a person's family, the person first."""
    family = select(person).where(person.c.id.in_(_around(connection, someone)))
    rows = sorted(connection.execute(family), key=lambda row: (row.id != someone.id, row.id))
    found = [freeze_of(connection, row) for row in rows]
    return [freeze for freeze in found if freeze is not None]


def without_frozen(connection: Connection, caregiver_id: int, wards: list[Row]) -> list[Row]:
    """Return those of a caregiver's wards of whom the caregiver may be told something now."""
    if not wards:
        return wards
    authors = {ward.id: _with_caregivers(connection, [ward.id]) for ward in wards}
    everybody = set().union(*authors.values())
    raised = {ground.author_id for ground in _grounds(connection, caregiver_id, everybody)}
    return [ward for ward in wards if not authors[ward.id] & raised]


def release(
    connection: Connection,
    member: Row,
    someone_id: int,
    contact_ids: Iterable[int],
    reason: str,
    now: datetime,
) -> list[int]:
    """Release frozen contacts of a person's family; return whose contact is free now.

    Raises:
        NotAllowed: no file of this member's, or none of its family's frozen contacts.
        ReasonMissing: nobody says why.
    """
    someone = readable_person(connection, member, someone_id)
    frozen = {freeze.contact.id: freeze for freeze in frozen_around(connection, someone)}
    wanted = sorted(set(contact_ids))
    if not wanted or not set(wanted) <= set(frozen):
        raise NotAllowed("no such frozen contact")
    if not reason.strip():
        raise ReasonMissing("why is it safe now?")
    for contact_id in wanted:
        for ground in frozen[contact_id].grounds:
            event_id = add_event(
                connection,
                ground.alert_id,
                "released",
                now,
                staff_id=member.id,
                note=reason.strip(),
            )
            values = {"alert_id": ground.alert_id, "person_id": contact_id, "event_id": event_id}
            connection.execute(insert(contact_release).values(**values))
        audit.record_by(connection, member, "contact.release", "person", contact_id, now)
    return wanted


def _grounds(connection: Connection, contact_id: int, authors: Iterable[int]) -> list[Ground]:
    released = (
        select(contact_release.c.id)
        .where(
            contact_release.c.alert_id == alert.c.id,
            contact_release.c.person_id == contact_id,
            contact_release.c.event_id > _NEWEST.scalar_subquery(),
        )
        .correlate(alert)
    )
    query = select(
        alert.c.id, alert.c.person_id, alert.c.kind, _SINCE.scalar_subquery().label("since")
    ).where(alert.c.person_id.in_(authors), _IS_GROUND, ~released.exists())
    rows = connection.execute(query.order_by(alert.c.id))
    return [Ground(row.id, row.person_id, row.kind, row.since) for row in rows]


def _around(connection: Connection, someone: Row) -> set[int]:
    """Return who belongs to a person's family: the children, and all who care for them."""
    children = [someone.id]
    if someone.kind == _CAREGIVER:
        cared_for = select(care_link.c.beneficiary_id).where(care_link.c.caregiver_id == someone.id)
        children = list(connection.execute(cared_for).scalars())
    return {someone.id} | _with_caregivers(connection, children)


def _with_caregivers(connection: Connection, children: list[int]) -> set[int]:
    query = select(care_link.c.caregiver_id).where(care_link.c.beneficiary_id.in_(children))
    return set(children) | set(connection.execute(query).scalars())
