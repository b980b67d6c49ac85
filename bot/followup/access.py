"""Who among the staff may read what: the one place where a role gets its rights.

Case staff read the alerts and conversations of their structure, and those of strangers, whom no
structure follows yet. Complaints about staff are the focal point's alone (safeguarding 15).
Administrators, partners and observers read no transcript (safeguarding 16).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.engine import Connection, Row

from bot.db.tables import conversation, person


class NotAllowed(PermissionError):
    """This member of staff may not see or change this."""


@dataclass(frozen=True)
class Rights:
    """What a role may read: ``cases`` (alerts, conversations), and what is ``restricted``."""

    cases: bool = False
    restricted: bool = False


ROLES: Mapping[str, Rights] = MappingProxyType(
    {
        "social_worker": Rights(cases=True),
        "on_call": Rights(cases=True),
        "supervisor": Rights(cases=True),
        "focal_point": Rights(cases=True, restricted=True),
        "administrator": Rights(),
        "partner": Rights(),
        "observer": Rights(),
    }
)


def rights_of(member: Row) -> Rights:
    """Return the rights of a member of staff."""
    return ROLES[member.role]


def may_read_conversation(connection: Connection, member: Row, talk: Row) -> bool:
    """Tell whether ``member`` may read and answer a conversation.

    Restricted messages within it are a second question: ``rights_of(member).restricted``.
    """
    if not rights_of(member).cases:
        return False
    if talk.person_id is None:
        return True
    followed_by = select(person.c.structure_id).where(person.c.id == talk.person_id)
    return connection.execute(followed_by).scalar_one() == member.structure_id


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
