"""Sharing a case: a colleague who follows it beside its worker."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.engine import Connection, Row

from bot.db.engine import wake
from bot.db.inserts import insert_if_absent
from bot.db.tables import case_share, person, staff
from bot.followup import audit
from bot.followup.access import NotAllowed, follows, takes_cases


def share_case(
    connection: Connection, member: Row, person_id: int, colleague_id: int, now: datetime
) -> None:
    """Let a colleague of the same structure read and answer a case.

    Raises:
        NotAllowed: no case of this member's, or nobody who takes cases there.
    """
    followed = _followed(connection, member, person_id)
    colleague = connection.execute(
        select(staff).where(
            staff.c.id == colleague_id, staff.c.structure_id == followed.structure_id
        )
    ).one_or_none()
    if colleague is None or not takes_cases(colleague):
        raise NotAllowed(f"staff {colleague_id} takes no cases here")
    insert_if_absent(
        connection,
        case_share,
        {"person_id": person_id, "staff_id": colleague_id, "shared_by": member.id, "at": now},
    )
    audit.record_by(connection, member, "person.share", "person", person_id, now)
    wake(connection, "console")


def unshare_case(
    connection: Connection, member: Row, person_id: int, colleague_id: int, now: datetime
) -> None:
    """End that a colleague follows a case.

    Raises:
        NotAllowed: no case of this member's.
    """
    _followed(connection, member, person_id)
    connection.execute(
        delete(case_share).where(
            case_share.c.person_id == person_id, case_share.c.staff_id == colleague_id
        )
    )
    audit.record_by(connection, member, "person.unshare", "person", person_id, now)
    wake(connection, "console")


def shared_with(connection: Connection, person_id: int) -> list[Row]:
    """Return the colleagues who follow a case beside its worker."""
    query = (
        select(staff)
        .join(case_share, case_share.c.staff_id == staff.c.id)
        .where(case_share.c.person_id == person_id)
    )
    return connection.execute(query.order_by(staff.c.id)).all()


def _followed(connection: Connection, member: Row, person_id: int) -> Row:
    query = select(person).where(person.c.id == person_id, follows(member))
    found = connection.execute(query).one_or_none()
    if found is None:
        raise NotAllowed(f"person {person_id}")
    return found
