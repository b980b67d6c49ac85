"""Who among the staff may read what: the one place where a role gets its rights.

Case staff read the alerts and conversations of their structure, and those of strangers, whom no
structure follows yet. Complaints about staff are the focal point's alone (safeguarding 15), and
theirs whom the ladder told when no focal point answered: whoever was told of an alert may see it.
Administrators, partners and observers read no transcript (safeguarding 16).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.engine import Connection, Row
from sqlalchemy.sql import ColumnElement, Select

from bot.db.tables import alert, alert_notice, conversation, person


class NotAllowed(PermissionError):
    """This member of staff may not see or change this."""


@dataclass(frozen=True)
class Rights:
    """What a role may do.

    Attributes:
        cases: read and answer alerts and conversations.
        restricted: read what is said about staff, too.
        plans: say who is on call (the rota).
    """

    cases: bool = False
    restricted: bool = False
    plans: bool = False


ROLES: Mapping[str, Rights] = MappingProxyType(
    {
        "social_worker": Rights(cases=True),
        "on_call": Rights(cases=True),
        "supervisor": Rights(cases=True, plans=True),
        "focal_point": Rights(cases=True, restricted=True),
        "administrator": Rights(plans=True),
        "partner": Rights(),
        "observer": Rights(),
    }
)


def rights_of(member: Row) -> Rights:
    """Return the rights of a member of staff."""
    return ROLES[member.role]


def takes_cases(member: Row) -> bool:
    """Tell whether a member of staff may be given what needs a human."""
    return member.active and rights_of(member).cases


def may_read_conversation(connection: Connection, member: Row, talk: Row) -> bool:
    """Tell whether ``member`` may read and answer a conversation.

    Restricted messages within it are a second question: ``may_read_restricted``.
    """
    if not rights_of(member).cases:
        return False
    if talk.person_id is None:
        return True
    followed_by = select(person.c.structure_id).where(person.c.id == talk.person_id)
    if connection.execute(followed_by).scalar_one() == member.structure_id:
        return True
    return _was_told(connection, member.id, alert.c.conversation_id == talk.id)


def may_read_restricted(connection: Connection, member: Row, conversation_id: int) -> bool:
    """Tell whether ``member`` may read what a conversation says about staff.

    A supervisor whom the ladder told of the complaint may (safeguarding 15).
    """
    if rights_of(member).restricted:
        return True
    return rights_of(member).cases and _was_told(
        connection,
        member.id,
        alert.c.conversation_id == conversation_id,
        alert.c.restricted.is_(True),
    )


def told_of(staff_id: int) -> Select:
    """Return the query for the ids of the alerts that the ladder told a member of staff of."""
    return select(alert_notice.c.alert_id).where(alert_notice.c.staff_id == staff_id)


def _was_told(connection: Connection, staff_id: int, *of: ColumnElement) -> bool:
    query = select(alert.c.id).where(alert.c.id.in_(told_of(staff_id)), *of)
    return connection.execute(query.limit(1)).first() is not None


def readable_conversation(connection: Connection, member: Row, conversation_id: int) -> Row:
    """Return a conversation that ``member`` may read.

    Raises:
        NotAllowed: there is none, or not for ``member``: the two are not told apart.
    """
    query = select(conversation).where(conversation.c.id == conversation_id)
    talk = connection.execute(query).one_or_none()
    if talk is None or not may_read_conversation(connection, member, talk):
        raise NotAllowed(f"conversation {conversation_id}")
    return talk
