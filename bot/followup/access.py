"""Who among the staff may read what: the one place where a role gets its rights.

Social workers read the alerts and conversations of their own cases, of those that were shared
with them, and of nobody's; other case staff those of their structure. Strangers, whom no structure
follows yet, are read by all case staff. Whoever has a conversation, was given an alert, or was
told of one by the ladder may see it as long as it is open, whosesoever case it is. Complaints
about staff are the focal point's alone (safeguarding 15), and theirs whom the ladder told when no
focal point answered. Administrators, partners, observers and reviewers of translations read no
transcript (safeguarding 16).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from sqlalchemy import and_, false, or_, select
from sqlalchemy.engine import Connection, Row
from sqlalchemy.sql import ColumnElement

from bot.db.tables import alert, alert_notice, case_share, conversation, person

Scope = Literal["none", "own", "structure"]
Figures = Literal["none", "totals", "names"]


class NotAllowed(PermissionError):
    """This member of staff may not see or change this."""


@dataclass(frozen=True)
class Rights:
    """What a role may do.

    Attributes:
        scope: whose alerts and conversations it reads and answers.
        restricted: read what is said about staff, too.
        plans: say who is on call (the rota).
        teaches: read what was not understood, without names, and say what it means.
        words: edit and sign translations in every language, and name who else may.
        figures: see and export how the structure's work goes: in totals, or by whose work it is.
        administers: staff, structures, vocabularies and helplines, of the whole installation.
        receives: see the cases that were referred to it, and of them no message.
    """

    scope: Scope = "none"
    restricted: bool = False
    plans: bool = False
    teaches: bool = False
    words: bool = False
    figures: Figures = "none"
    administers: bool = False
    receives: bool = False

    @property
    def cases(self) -> bool:
        """Whether it reads alerts and conversations at all."""
        return self.scope != "none"

    @property
    def needs_code(self) -> bool:
        """Whether some of it takes a code of the second step: exports, administration."""
        return self.administers or self.figures != "none"


ROLES: Mapping[str, Rights] = MappingProxyType(
    {
        "social_worker": Rights("own"),
        "on_call": Rights("structure"),
        "supervisor": Rights("structure", plans=True, teaches=True, words=True, figures="names"),
        "focal_point": Rights("structure", restricted=True),
        "administrator": Rights(plans=True, words=True, administers=True),
        "partner": Rights(receives=True),
        "observer": Rights(figures="totals"),
        # Speaks a language, and reads sentences, not people.
        "reviewer": Rights(),
    }
)


def rights_of(member: Row) -> Rights:
    """Return the rights of a member of staff."""
    return ROLES[member.role]


def takes_cases(member: Row) -> bool:
    """Tell whether a member of staff may be given what needs a human."""
    return member.active and rights_of(member).cases


def may_plan(member: Row, structure_id: int) -> bool:
    """Tell whether ``member`` says when a structure is closed and who of it is away."""
    rights = rights_of(member)
    return rights.administers or (rights.plans and member.structure_id == structure_id)


def may_read_conversation(connection: Connection, member: Row, talk: Row) -> bool:
    """Tell whether ``member`` may read and answer a conversation.

    Restricted messages within it are a second question: ``may_read_restricted``.
    """
    if not rights_of(member).cases:
        return False
    if talk.person_id is None or talk.owner_id == member.id:
        return True
    followed = select(person.c.id).where(person.c.id == talk.person_id, follows(member))
    if connection.execute(followed).first() is not None:
        return True
    still_open = (alert.c.conversation_id == talk.id, alert.c.state != "resolved")
    return _is_any(connection, *still_open, given_to(member))


def follows(member: Row) -> ColumnElement:
    """Return the condition on ``person`` for whose cases a member of staff reads."""
    scope = rights_of(member).scope
    if scope == "none":
        return false()
    here = person.c.structure_id == member.structure_id
    if scope == "structure":
        return here
    shared = select(case_share.c.person_id).where(case_share.c.staff_id == member.id)
    own = or_(
        person.c.worker_id == member.id, person.c.worker_id.is_(None), person.c.id.in_(shared)
    )
    return and_(here, own)


def given_to(member: Row) -> ColumnElement:
    """Return the condition on ``alert`` for what a member was given, or told of by the ladder."""
    told = select(alert_notice.c.alert_id).where(alert_notice.c.staff_id == member.id)
    return or_(alert.c.assigned_to == member.id, alert.c.id.in_(told))


def may_read_restricted(connection: Connection, member: Row, conversation_id: int) -> bool:
    """Tell whether ``member`` may read what a conversation says about staff.

    A supervisor whom the ladder told of the complaint may (safeguarding 15).
    """
    if rights_of(member).restricted:
        return True
    told = select(alert_notice.c.alert_id).where(alert_notice.c.staff_id == member.id)
    return rights_of(member).cases and _is_any(
        connection,
        alert.c.conversation_id == conversation_id,
        alert.c.restricted.is_(True),
        alert.c.id.in_(told),
    )


def _is_any(connection: Connection, *alerts: ColumnElement) -> bool:
    return connection.execute(select(alert.c.id).where(*alerts).limit(1)).first() is not None


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


def readable_person(connection: Connection, member: Row, person_id: int) -> Row:
    """Return a person whose file ``member`` may read.

    That somebody was given an alert opens the conversation, not the file: for that it is shared.

    Raises:
        NotAllowed: there is none, or not for ``member``: the two are not told apart.
    """
    query = select(person).where(person.c.id == person_id, follows(member))
    someone = connection.execute(query).one_or_none()
    if someone is None:
        raise NotAllowed(f"person {person_id}")
    return someone


def may_read_person(connection: Connection, member: Row, person_id: int | None) -> bool:
    """Tell whether ``member`` may read the file of a person; nobody's has none."""
    if person_id is None:
        return False
    query = select(person.c.id).where(person.c.id == person_id, follows(member))
    return connection.execute(query).first() is not None
