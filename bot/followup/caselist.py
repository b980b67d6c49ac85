"""Whose files a member of staff may open, to look through and to search."""

from __future__ import annotations

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.engine import Connection, Row
from sqlalchemy.sql import ColumnElement

from bot.db.tables import alert, appointment, case_share, conversation, person, staff
from bot.followup.access import follows
from bot.followup.alerts import may_see
from bot.followup.words import fold

ORDERS = ("number", "silence")

_WROTE = (
    select(func.max(conversation.c.last_inbound_at))
    .where(conversation.c.person_id == person.c.id, conversation.c.enrolment == "confirmed")
    .scalar_subquery()
)
_WAS_SEEN = (
    select(func.max(appointment.c.starts_at))
    .where(appointment.c.person_id == person.c.id, appointment.c.state == "done")
    .scalar_subquery()
)
# The last message, or the last appointment that took place. The two databases have no common name
# for the greater of two values.
LAST_SIGN = case(
    (_WROTE.is_(None), _WAS_SEEN), (_WAS_SEEN > _WROTE, _WAS_SEEN), else_=_WROTE
).label("last_sign_at")


def list_people(
    connection: Connection,
    member: Row,
    *,
    words: str = "",
    mine: bool = False,
    order: str = "number",
    limit: int,
    offset: int = 0,
) -> list[Row]:
    """Return the people whose files ``member`` may read.

    Each row has ``worker_name``, ``last_sign_at`` (None: never a sign) and ``open_alerts``, the
    number of open alerts that ``member`` may see.

    Args:
        words: beginnings of names, or a part of the case number.
        mine: those whom ``member`` follows in person, alone or beside a colleague.
        order: one of ``ORDERS``: by case number, or whom nobody has heard of for longest first.

    Raises:
        ValueError: no such order.
    """
    if order not in ORDERS:
        raise ValueError(f"order must be one of {', '.join(ORDERS)}")
    alerts = select(func.count()).where(
        alert.c.person_id == person.c.id, alert.c.state != "resolved", may_see(member)
    )
    query = (
        select(
            person,
            staff.c.shown_name.label("worker_name"),
            LAST_SIGN,
            alerts.scalar_subquery().label("open_alerts"),
        )
        .outerjoin(staff, staff.c.id == person.c.worker_id)
        .where(_listed(member, mine))
    )
    if words.strip():
        query = query.where(person.c.id.in_(_named(connection, _listed(member, mine), words)))
    if order == "silence":
        query = query.order_by(LAST_SIGN.is_not(None), LAST_SIGN)
    query = query.order_by(func.length(person.c.case_number), person.c.case_number)
    return connection.execute(query.limit(limit).offset(offset)).all()


def _listed(member: Row, mine: bool) -> ColumnElement:
    if not mine:
        return follows(member)
    shared = select(case_share.c.person_id).where(case_share.c.staff_id == member.id)
    own = or_(person.c.worker_id == member.id, person.c.id.in_(shared))
    return and_(follows(member), own)


def _named(connection: Connection, listed: ColumnElement, words: str) -> list[int]:
    """Return the ids of those who are meant: names are sealed, so they are looked at one by one."""
    wanted = fold(words).split()
    columns = (person.c.id, person.c.case_number, person.c.first_name, person.c.family_name)
    return [
        row.id for row in connection.execute(select(*columns).where(listed)) if _fits(row, wanted)
    ]


def _fits(row: Row, wanted: list[str]) -> bool:
    written = [fold(name) for name in f"{row.first_name} {row.family_name}".split()]
    # « N’Dri » is meant by "dri" and by "ndri".
    names = [part for name in written for part in (*name.split(), name.replace(" ", ""))]
    number = fold(row.case_number)
    return all(word in number or any(name.startswith(word) for name in names) for word in wanted)
