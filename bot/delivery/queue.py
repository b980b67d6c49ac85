"""Putting a reply into the outbox, with its buttons: the one way a word leaves for a phone.

A choice becomes an opaque token bound to its conversation. The choices of the newest reply are
also the conversation's *offer*: what a typed digit or title means now.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import IntEnum

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.engine import Connection, Row

from bot.db.engine import wake
from bot.db.tables import choice, in_state, inbox, outbox
from bot.followup import conversations
from bot.i18n.speech import said_on_request
from bot.i18n.wording import Said

_NEW = insert(outbox)
_NEW_AS_RESTRICTED = insert(outbox).values(
    restricted=select(inbox.c.restricted)
    .where(inbox.c.id == bindparam("answered"))
    .scalar_subquery()
)
_NEW_CHOICES = insert(choice)
_RELEASE_HELD = update(outbox).where(
    outbox.c.conversation_id == bindparam("conversation"), in_state(outbox, "held")
)

# What a typed digit or title means now: [{"key", "title", "payload"}].
Offer = list[dict[str, str]]


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
    """Queue one reply to a conversation, offer its choices, and return the outbox row's id.

    Args:
        talk: the conversation.
        staff_id: the member of staff who wrote it; None for the bot.
        restricted: part of a complaint about staff: for the focal point alone.
        kind: "text", or "notice" for the neutral line that announces an answer.
    """
    outbox_id = _reply(
        connection,
        talk,
        said,
        now,
        priority=int(priority),
        in_reply_to=in_reply_to,
        author="bot" if staff_id is None else "staff",
        staff_id=staff_id,
        restricted=restricted,
        kind=kind,
    )
    if said.choices:
        conversations.change(connection, talk.id, offer=_offer(said))
    wake(connection, "outbox")
    return outbox_id


def enqueue_replies(
    connection: Connection,
    talk: Row,
    replies: Sequence[Said],
    now: datetime,
    *,
    in_reply_to: int,
) -> Offer | None:
    """Queue what a turn says, and return what it offers: the caller is to record it.

    It is restricted if what it answers is: the turn may just have found that it is a complaint.
    None withdraws what was offered before: a typed digit means nothing then. It is announced to
    nobody: the caller knows who sends it.
    """
    offer = None
    for said in replies:
        _reply(connection, talk, said, now, in_reply_to=in_reply_to, restricted=None)
        if said.choices:
            offer = _offer(said)
    return offer


def enqueue_to_staff(
    connection: Connection,
    staff_chat_id: int,
    text: str,
    now: datetime,
    choices: Sequence[Mapping[str, str]] = (),
    *,
    answers: str | None = None,
) -> None:
    """Queue a line to a chat of staff: an alert, or an answer to what they wrote there.

    Args:
        choices: its buttons, as the table has them; their tokens are the caller's to know again.
        answers: the provider's id of what they wrote.
    """
    _add(
        connection,
        now,
        staff_chat_id=staff_chat_id,
        answers_provider_id=answers,
        text=text,
        choices=list(choices),
        priority=int(Priority.CRISIS),
    )
    wake(connection, "outbox")


def enqueue_erasure(connection: Connection, talk: Row, now: datetime) -> None:
    """Ask the channel to delete what it can of the conversation on the person's phone."""
    _add(
        connection,
        now,
        conversation_id=talk.id,
        kind="erase",
        text="",
        choices=[],
        priority=int(Priority.CRISIS),
    )
    wake(connection, "outbox")


def enqueue_voice(connection: Connection, row: Row, now: datetime) -> None:
    """Queue the recording that says a row of the outbox, because the person asked to hear it."""
    _add(
        connection,
        now,
        conversation_id=row.conversation_id,
        in_reply_to=row.in_reply_to,
        kind="audio",
        text="",
        choices=[],
        voice=row.voice,
        restricted=row.restricted,
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
        _RELEASE_HELD,
        {
            "conversation": conversation_id,
            "state": "queued",
            "due_at": now,
            "claimed_by": None,
            "claimed_until": None,
        },
    )
    if released.rowcount:
        wake(connection, "outbox")


def withdraw_offer(connection: Connection, conversation_id: int) -> None:
    """From here a typed digit means nothing until something is offered again."""
    conversations.change(connection, conversation_id, offer=None)


def last_question(connection: Connection, conversation_id: int) -> Row | None:
    """Return the newest row to the person that offered choices and is not the check of a 9."""
    rows = connection.execute(
        select(outbox)
        .where(outbox.c.conversation_id == conversation_id, outbox.c.kind == "text")
        .order_by(outbox.c.id.desc())
        .limit(5)
    ).all()
    return next((row for row in rows[1:] if row.choices), None)


def _reply(connection: Connection, talk: Row, said: Said, now: datetime, **columns: object) -> int:
    """Add a row with the choices of what is said."""
    tokens = [secrets.token_urlsafe(12) for _ in said.choices]
    shown = [
        {"key": key, "title": title, "token": token}
        for (key, title, _), token in zip(said.choices, tokens, strict=True)
    ]
    told = {**columns, "conversation_id": talk.id, "voice": said.voice or None}
    outbox_id = _add(connection, now, text=said.text, choices=shown, **told)
    if talk.listens and said.voice and not said_on_request(said.voice):
        _add(connection, now, **{**told, "kind": "audio", "text": "", "choices": []})
    if said.choices:
        connection.execute(
            _NEW_CHOICES,
            [
                {
                    "token": token,
                    "conversation_id": talk.id,
                    "outbox_id": outbox_id,
                    "title": title,
                    "payload": payload,
                }
                for (_, title, payload), token in zip(said.choices, tokens, strict=True)
            ],
        )
    wake(connection, "console")
    return outbox_id


def _add(connection: Connection, now: datetime, **columns: object) -> int:
    """Add a row that may leave at once: an ordinary text of the bot's, unless said otherwise.

    ``restricted`` None: as what it answers is.
    """
    usual = {
        "author": "bot",
        "kind": "text",
        "priority": int(Priority.REPLY),
        "state": "queued",
        "restricted": False,
        "voice": None,
        "attempts": 0,
        "due_at": now,
        "created_at": now,
    }
    row = {**usual, **columns}
    statement = _NEW
    if row["restricted"] is None:
        del row["restricted"]
        row["answered"], statement = row["in_reply_to"], _NEW_AS_RESTRICTED
    added = connection.execute(statement, row)
    return added.inserted_primary_key[0]


def _offer(said: Said) -> Offer:
    return [
        {"key": key, "title": title, "payload": payload} for key, title, payload in said.choices
    ]
