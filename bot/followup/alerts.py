"""Which alerts a member of staff sees, and in which order. What changes them is in ``cases``.

A restricted alert is left out of every list, count and page of whoever may not see it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal, get_args

from sqlalchemy import and_, bindparam, case, false, func, or_, select
from sqlalchemy.engine import Connection, Row
from sqlalchemy.sql import ColumnElement, Select

from bot.db.tables import (
    alert,
    alert_event,
    conversation,
    person,
    programme,
    read_mark,
    staff,
    structure,
    training_enrolment,
)
from bot.followup.access import (
    ROLES,
    NotAllowed,
    follows,
    given_to,
    may_read_restricted,
    rights_of,
)
from bot.followup.reading import own_mark

Severity = Literal["critical", "high", "normal"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
Kind = Literal[
    "red_flag",
    "safe_word",
    "human_asked",
    "not_understood",
    "dialogue_failed",
    "stopped",
    "wrong_person",
    "name_mismatch",
    "code_failures",
    "consent_refused",
    "low_score",
    "voice",
    "payment",
    "staff_complaint",
    "undelivered",
    "task",
]

# What is written within this time of something happening to a complaint belongs to it.
_COMPLAINT_GOES_ON = timedelta(minutes=30)

_BY_SEVERITY = case(
    {name: position for position, name in enumerate(SEVERITIES)}, value=alert.c.severity
)
# Since when somebody waits for a human: an open alert always does, one that is taken care of only
# while the person has written something that no human has answered.
_WAITING = case(
    (alert.c.state == "open", alert.c.waiting_since), else_=conversation.c.unanswered_since
)

# Whether somebody still has to see to a conversation, as a condition on its row.
HAS_OPEN_ALERT = (
    select(alert.c.id)
    .where(alert.c.conversation_id == conversation.c.id, alert.c.state != "resolved")
    .exists()
)
# When something last happened to an open complaint about staff.
NEWEST_OF_COMPLAINT = (
    select(func.max(alert_event.c.at))
    .join(alert, alert.c.id == alert_event.c.alert_id)
    .where(
        alert.c.conversation_id == bindparam("conversation"),
        alert.c.restricted.is_(True),
        alert.c.state != "resolved",
    )
)


def may_see(member: Row) -> ColumnElement:
    """Return the condition on ``alert`` for what a member of staff may see.

    Those of the cases one follows and of strangers (no structure yet), and what one was given or
    told of by the ladder; restricted ones only a focal point of the structure, or who was told.
    """
    rights = rights_of(member)
    if not rights.cases:
        return false()
    followed = select(person.c.id).where(follows(member))
    own = or_(alert.c.person_id.in_(followed), alert.c.person_id.is_(None))
    if not rights.restricted:
        own = and_(own, alert.c.restricted.is_(False))
    return or_(own, given_to(member))


def list_alerts(
    connection: Connection,
    member: Row,
    *,
    state: str = "unresolved",
    where: ColumnElement | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> list[Row]:
    """Return the alerts that ``member`` may see.

    Those that are not resolved come most severe first, then longest waiting; resolved ones come
    last closed first. Beside the alert's columns a row tells ``case_number``, ``enrolment``,
    ``structure_name``, ``place`` (of the training that the person follows), ``channel``,
    ``owner_id``, ``owner_name`` (who answers the person), ``assigned_name``, ``waits_since``
    (none: nobody waits), ``taken_back_at`` (may be under pressure) and ``read_at`` (when
    ``member`` last looked at it).

    Args:
        state: "unresolved" or "resolved".
        where: a further condition on ``alert``.
    """
    if state == "resolved":
        order = [alert.c.resolved_at.desc(), alert.c.id.desc()]
    else:
        order = [_BY_SEVERITY, _WAITING.is_(None), _WAITING, alert.c.id]
    query = _described(member).where(may_see(member), _in_state(state)).order_by(*order)
    if where is not None:
        query = query.where(where)
    return connection.execute(query.limit(limit).offset(offset)).all()


def count_alerts(
    connection: Connection, member: Row, *, state: str = "unresolved"
) -> dict[str, int]:
    """Return how many alerts of each severity ``list_alerts`` would list; none are left out."""
    query = (
        select(alert.c.severity, func.count())
        .where(may_see(member), _in_state(state))
        .group_by(alert.c.severity)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def get_alert(connection: Connection, member: Row, alert_id: int) -> Row:
    """Return one alert, described as by ``list_alerts``.

    Raises:
        NotAllowed: there is none, or not for ``member``: the two are not told apart.
    """
    query = _described(member).where(alert.c.id == alert_id, may_see(member))
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotAllowed(f"alert {alert_id}")
    return row


def alerts_of_conversation(connection: Connection, member: Row, conversation_id: int) -> list[Row]:
    """Return a conversation's unresolved alerts that ``member`` may see, most severe first."""
    query = _described(member).where(
        alert.c.conversation_id == conversation_id, may_see(member), _in_state("unresolved")
    )
    return connection.execute(query.order_by(_BY_SEVERITY, alert.c.id)).all()


def alerts_of_person(
    connection: Connection,
    member: Row,
    person_id: int,
    limit: int,
    *,
    before: datetime | None = None,
) -> list[Row]:
    """Return a person's alerts that ``member`` may see, open or not, newest first.

    Args:
        before: those opened before a moment.
    """
    query = _described(member).where(alert.c.person_id == person_id, may_see(member))
    if before is not None:
        query = query.where(alert.c.opened_at < before)
    newest = query.order_by(alert.c.opened_at.desc(), alert.c.id.desc()).limit(limit)
    return connection.execute(newest).all()


def history(connection: Connection, alert_id: int) -> list[Row]:
    """Return the events of an alert, oldest first.

    ``staff_name`` is who did it (or was told), ``to_name`` to whom it was given.
    """
    given_to = staff.alias("given_to")
    query = (
        select(
            alert_event,
            staff.c.shown_name.label("staff_name"),
            given_to.c.shown_name.label("to_name"),
        )
        .outerjoin(staff, staff.c.id == alert_event.c.staff_id)
        .outerjoin(given_to, given_to.c.id == alert_event.c.to_staff_id)
        .where(alert_event.c.alert_id == alert_id)
    )
    return connection.execute(query.order_by(alert_event.c.id)).all()


def who_may_take(connection: Connection, found: Row) -> list[Row]:
    """Return the active staff to whom an alert may be given, by name."""
    reads = [
        role
        for role, rights in ROLES.items()
        if rights.restricted or (rights.cases and not found.restricted)
    ]
    query = select(staff).where(staff.c.active.is_(True), staff.c.role.in_(reads))
    if found.structure_id is not None:
        query = query.where(staff.c.structure_id == found.structure_id)
    return sorted(connection.execute(query).all(), key=lambda member: member.shown_name.casefold())


def _described(member: Row) -> Select:
    owner, assigned = staff.alias("owner"), staff.alias("assigned")
    taken_back = select(func.max(alert_event.c.at)).where(
        alert_event.c.alert_id == alert.c.id, alert_event.c.verb == "taken_back"
    )
    place = (
        select(func.max(programme.c.place))
        .join(training_enrolment, training_enrolment.c.programme_id == programme.c.id)
        .where(
            training_enrolment.c.person_id == alert.c.person_id,
            training_enrolment.c.state == "following",
        )
        .correlate(alert)
    )
    return (
        select(
            alert,
            person.c.case_number,
            structure.c.name.label("structure_name"),
            place.scalar_subquery().label("place"),
            conversation.c.enrolment,
            conversation.c.code_failures,
            conversation.c.channel,
            conversation.c.owner_id,
            conversation.c.unanswered_since,
            owner.c.shown_name.label("owner_name"),
            assigned.c.shown_name.label("assigned_name"),
            _WAITING.label("waits_since"),
            taken_back.scalar_subquery().label("taken_back_at"),
            read_mark.c.read_at,
        )
        .join(conversation, conversation.c.id == alert.c.conversation_id)
        .outerjoin(person, person.c.id == alert.c.person_id)
        .outerjoin(structure, structure.c.id == alert.c.structure_id)
        .outerjoin(owner, owner.c.id == conversation.c.owner_id)
        .outerjoin(assigned, assigned.c.id == alert.c.assigned_to)
        .outerjoin(read_mark, own_mark(member, "alert", alert.c.id))
    )


def _in_state(state: str) -> ColumnElement:
    return alert.c.state == "resolved" if state == "resolved" else alert.c.state != "resolved"


def complaint_is_going_on(connection: Connection, conversation_id: int, now: datetime) -> bool:
    """Tell whether what is written now belongs to a complaint about staff (safeguarding 15).

    It does while one is open that something happened to in the last half hour, or while somebody
    has the conversation who may read it (a focal point, or whom the ladder told).
    """
    where = {"conversation": conversation_id}
    happened_at = connection.execute(NEWEST_OF_COMPLAINT, where).scalar_one()
    return belongs_to_complaint(connection, conversation_id, happened_at, now)


def belongs_to_complaint(
    connection: Connection, conversation_id: int, happened_at: datetime | None, now: datetime
) -> bool:
    """Tell the same where it is known when something last happened to an open complaint."""
    if happened_at is None:
        return False
    if now - happened_at < _COMPLAINT_GOES_ON:
        return True
    owner = (
        select(staff)
        .join(conversation, conversation.c.owner_id == staff.c.id)
        .where(conversation.c.id == conversation_id)
    )
    member = connection.execute(owner).one_or_none()
    return member is not None and may_read_restricted(connection, member, conversation_id)


def has_open_alert(connection: Connection, conversation_id: int) -> bool:
    """Tell whether somebody still has to see to this conversation."""
    query = select(HAS_OPEN_ALERT).where(conversation.c.id == conversation_id)
    return connection.execute(query).scalar_one()
