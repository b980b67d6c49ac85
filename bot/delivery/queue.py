"""Putting a reply into the outbox, with its buttons: the one way a word leaves for a phone.

A choice becomes an opaque token bound to its conversation. The choices of the newest reply are
also the conversation's *offer*: what a typed digit or title means now.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from enum import IntEnum

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection, Row

from bot.db.engine import wake
from bot.db.tables import choice, conversation, outbox
from bot.i18n.wording import Said


class Priority(IntEnum):
    """Which rows leave first."""

    CRISIS = 0
    STAFF = 1
    REPLY = 2
    STARTED_BY_US = 3


def enqueue(
    connection: Connection,
    talk: Row,
    said: Said,
    now: datetime,
    *,
    priority: Priority = Priority.REPLY,
    in_reply_to: int | None = None,
    staff_id: int | None = None,
    restricted: bool = False,
    kind: str = "text",
) -> int:
    """Queue one reply to a conversation and return the outbox row's id.

    Args:
        talk: the conversation.
        staff_id: the member of staff who wrote it; None for the bot.
        restricted: part of a complaint about staff: for the focal point alone.
        kind: "text", or "notice" for the neutral line that announces an answer.
    """
    tokens = [secrets.token_urlsafe(12) for _ in said.choices]
    shown = [
        {"key": key, "title": title, "token": token}
        for (key, title, _), token in zip(said.choices, tokens, strict=True)
    ]
    inserted = connection.execute(
        insert(outbox).values(
            conversation_id=talk.id,
            in_reply_to=in_reply_to,
            author="bot" if staff_id is None else "staff",
            staff_id=staff_id,
            kind=kind,
            text=said.text,
            choices=shown,
            priority=int(priority),
            state="queued",
            restricted=restricted,
            attempts=0,
            due_at=now,
            created_at=now,
        )
    )
    outbox_id = inserted.inserted_primary_key[0]
    if said.choices:
        _offer(connection, talk.id, outbox_id, said, tokens)
    wake(connection, "outbox")
    wake(connection, "console")
    return outbox_id


def enqueue_to_staff(connection: Connection, staff_chat_id: int, text: str, now: datetime) -> None:
    """Queue a line to a chat of staff: an alert, or an answer to what they wrote there."""
    connection.execute(
        insert(outbox).values(
            staff_chat_id=staff_chat_id,
            author="bot",
            kind="text",
            text=text,
            choices=[],
            priority=int(Priority.CRISIS),
            state="queued",
            restricted=False,
            attempts=0,
            due_at=now,
            created_at=now,
        )
    )
    wake(connection, "outbox")


def enqueue_erasure(connection: Connection, talk: Row, now: datetime) -> None:
    """Ask the channel to delete what it can of the conversation on the person's phone."""
    connection.execute(
        insert(outbox).values(
            conversation_id=talk.id,
            author="bot",
            kind="erase",
            text="",
            choices=[],
            priority=int(Priority.CRISIS),
            state="queued",
            restricted=False,
            attempts=0,
            due_at=now,
            created_at=now,
        )
    )
    wake(connection, "outbox")


def cancel_waiting(connection: Connection, conversation_id: int) -> None:
    """Cancel all that has not left yet: the person wants silence."""
    connection.execute(
        update(outbox)
        .where(outbox.c.conversation_id == conversation_id, outbox.c.state.in_(("queued", "held")))
        .values(state="cancelled")
    )


def release_held(connection: Connection, conversation_id: int, now: datetime) -> None:
    """Let go what was held until the person writes again."""
    released = connection.execute(
        update(outbox)
        .where(outbox.c.conversation_id == conversation_id, outbox.c.state == "held")
        .values(state="queued", due_at=now, claimed_by=None, claimed_until=None)
    )
    if released.rowcount:
        wake(connection, "outbox")


def withdraw_offer(connection: Connection, conversation_id: int) -> None:
    """From here a typed digit means nothing until something is offered again."""
    connection.execute(
        update(conversation).where(conversation.c.id == conversation_id).values(offer=None)
    )


def last_question(connection: Connection, conversation_id: int) -> Row | None:
    """Return the newest row to the person that offered choices and is not the check of a 9."""
    rows = connection.execute(
        select(outbox)
        .where(outbox.c.conversation_id == conversation_id, outbox.c.kind == "text")
        .order_by(outbox.c.id.desc())
        .limit(5)
    ).all()
    return next((row for row in rows[1:] if row.choices), None)


def _offer(
    connection: Connection, conversation_id: int, outbox_id: int, said: Said, tokens: list[str]
) -> None:
    connection.execute(
        insert(choice),
        [
            {
                "token": token,
                "conversation_id": conversation_id,
                "outbox_id": outbox_id,
                "title": title,
                "payload": payload,
            }
            for (_, title, payload), token in zip(said.choices, tokens, strict=True)
        ],
    )
    offer = [
        {"key": key, "title": title, "payload": payload} for key, title, payload in said.choices
    ]
    connection.execute(
        update(conversation).where(conversation.c.id == conversation_id).values(offer=offer)
    )
