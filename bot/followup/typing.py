"""Who is writing to a person at this moment, so that colleagues who look on wait."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.engine import Connection, Row

from bot.db.engine import wake
from bot.db.inserts import insert_if_absent
from bot.db.tables import staff, typing_claim
from bot.followup.access import readable_conversation

# A page that is written on says so again before this ends.
LASTS = timedelta(seconds=15)


def say_typing(connection: Connection, member: Row, conversation_id: int, now: datetime) -> None:
    """Let colleagues see for a moment that ``member`` writes, if it is ``member`` who answers.

    Raises:
        NotAllowed: not a conversation of this member's.
    """
    talk = readable_conversation(connection, member, conversation_id)
    if talk.owner_id != member.id:
        return
    values = {"staff_id": member.id, "until": now + LASTS}
    own = typing_claim.c.conversation_id == conversation_id
    renewed = connection.execute(update(typing_claim).where(own).values(**values))
    if renewed.rowcount == 0:
        claim = {"conversation_id": conversation_id, **values}
        insert_if_absent(connection, typing_claim, claim)
    wake(connection, "console")


def stop_typing(connection: Connection, conversation_id: int) -> None:
    """Take the sign away: what was written has left, or somebody else has the conversation."""
    connection.execute(
        delete(typing_claim).where(typing_claim.c.conversation_id == conversation_id)
    )


def who_types(connection: Connection, member: Row, talk: Row, now: datetime) -> Row | None:
    """Return who else is writing (``shown_name``, ``until``), as long as they may send it."""
    query = (
        select(staff.c.shown_name, typing_claim.c.until)
        .join(staff, staff.c.id == typing_claim.c.staff_id)
        .where(
            typing_claim.c.conversation_id == talk.id,
            typing_claim.c.staff_id != member.id,
            typing_claim.c.staff_id == talk.owner_id,
            typing_claim.c.until > now,
        )
    )
    return connection.execute(query).one_or_none()
