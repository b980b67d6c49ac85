"""Sharing a case with a colleague, giving a conversation over to one, and relieving one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.engine import Connection, Row

from bot.db.engine import wake
from bot.db.inserts import insert_if_absent
from bot.db.tables import alert, case_share, conversation, staff
from bot.followup import audit
from bot.followup.access import (
    NotAllowed,
    may_read_restricted,
    readable_conversation,
    readable_person,
    takes_cases,
)
from bot.followup.cases import CLAIM_LASTS
from bot.followup.typing import who_types


def share_case(
    connection: Connection, member: Row, person_id: int, colleague_id: int, now: datetime
) -> None:
    """Let a colleague of the same structure read and answer a case.

    Raises:
        NotAllowed: no case of this member's, or nobody who takes cases there.
    """
    followed = readable_person(connection, member, person_id)
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
    readable_person(connection, member, person_id)
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


def colleagues_of(connection: Connection, member: Row) -> list[Row]:
    """Return who else takes cases in the member's structure, by name."""
    found = staff_who_take_cases(connection, member.structure_id)
    return [each for each in found if each.id != member.id]


def staff_who_take_cases(connection: Connection, structure_id: int) -> list[Row]:
    """Return who takes cases in a structure, by name."""
    query = select(staff).where(staff.c.structure_id == structure_id)
    found = [each for each in connection.execute(query).all() if takes_cases(each)]
    return sorted(found, key=lambda each: each.shown_name.casefold())


def hand_over(
    connection: Connection, member: Row, conversation_id: int, colleague_id: int, now: datetime
) -> Row:
    """Give a conversation that the member has to a colleague; return the colleague.

    Nobody answers in between: not the programme, and not two at once.

    Raises:
        NotAllowed: the member does not have it, nobody who takes cases in the structure, or a
            complaint about staff is open there that the colleague may not read (safeguarding 15).
    """
    able = {each.id: each for each in colleagues_of(connection, member)}
    if colleague_id not in able:
        raise NotAllowed(f"staff {colleague_id} takes no cases here")
    if _is_sealed_from(connection, able[colleague_id], conversation_id):
        raise NotAllowed(f"a complaint is not for staff {colleague_id}")
    given = connection.execute(
        update(conversation)
        .where(conversation.c.id == conversation_id, conversation.c.owner_id == member.id)
        .values(owner_id=colleague_id, owner_knows=None)
    )
    if given.rowcount != 1:
        raise NotAllowed("this conversation is not yours to give")
    audit.record_by(
        connection, member, "conversation.hand_over", "conversation", conversation_id, now
    )
    wake(connection, "console")
    return able[colleague_id]


def may_relieve(connection: Connection, member: Row, talk: Row, now: datetime) -> bool:
    """Tell whether ``member`` may take a conversation from a colleague who does not answer.

    The person has waited as long as a claim of an alert lasts, the colleague is not writing, and no
    complaint is open there that the member may not read.
    """
    if talk.owner_id in (None, member.id) or talk.unanswered_since is None:
        return False
    return (
        talk.unanswered_since <= now - CLAIM_LASTS
        and who_types(connection, member, talk, now) is None
        and not _is_sealed_from(connection, member, talk.id)
    )


def relieve(connection: Connection, member: Row, conversation_id: int, now: datetime) -> None:
    """Take a conversation from a colleague who does not answer.

    Raises:
        NotAllowed: not a conversation of this member's, or the colleague is there after all.
    """
    talk = readable_conversation(connection, member, conversation_id)
    if not may_relieve(connection, member, talk, now):
        raise NotAllowed("somebody answers this person")
    taken = connection.execute(
        update(conversation)
        .where(
            conversation.c.id == conversation_id,
            conversation.c.owner_id == talk.owner_id,
            conversation.c.unanswered_since == talk.unanswered_since,
        )
        .values(owner_id=member.id, owner_knows=None)
    )
    if taken.rowcount != 1:
        raise NotAllowed("somebody was faster")
    audit.record_by(
        connection, member, "conversation.relieve", "conversation", conversation_id, now
    )
    wake(connection, "console")


def _is_sealed_from(connection: Connection, member: Row, conversation_id: int) -> bool:
    """Tell whether a complaint is open in a conversation that ``member`` may not read."""
    sealed = select(alert.c.id).where(
        alert.c.conversation_id == conversation_id,
        alert.c.restricted.is_(True),
        alert.c.state != "resolved",
    )
    is_sealed = connection.execute(sealed.limit(1)).first() is not None
    return is_sealed and not may_read_restricted(connection, member, conversation_id)
