"""A conversation as staff read it: who wrote what, when, and whether it arrived."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlalchemy import literal, select
from sqlalchemy.engine import Connection, Row

from bot.db.tables import inbox, outbox, staff, voice_note
from bot.followup.access import may_read_restricted, readable_conversation
from bot.followup.safe_word import SAFE_WORD

_MEDIA = ("voice", "photo")


@dataclass(frozen=True)
class Note:
    """The sound of a voice note: whether it is ``here``, ``lost`` for good, and was ``heard``."""

    id: int
    here: bool
    lost: bool
    heard: bool


@dataclass(frozen=True)
class Line:
    """One message. ``hidden``: a complaint about staff that this reader may not see.

    ``secret``: it was the safe word, which is shown to nobody.
    """

    id: str
    kind: Literal["person", "bot", "staff"]
    at: datetime
    text: str = field(repr=False)
    state: str = ""
    staff_name: str = field(default="", repr=False)
    choices: tuple[str, ...] = ()
    media: str = ""
    note: Note | None = None
    hidden: bool = False
    secret: bool = False


def read_thread(
    connection: Connection,
    member: Row,
    conversation_id: int,
    *,
    before: datetime | None = None,
    limit: int = 50,
) -> list[Line]:
    """Return the newest ``limit`` messages (before a moment), oldest first.

    Raises:
        NotAllowed: ``member`` may not read this conversation.
    """
    readable_conversation(connection, member, conversation_id)
    sees_all = may_read_restricted(connection, member, conversation_id)
    came = (
        select(
            inbox,
            literal("person").label("author"),
            voice_note.c.id.label("note_id"),
            voice_note.c.fetched_at,
            voice_note.c.due_at,
            voice_note.c.heard_at,
        )
        .outerjoin(voice_note, voice_note.c.inbox_id == inbox.c.id)
        .where(inbox.c.conversation_id == conversation_id)
    )
    went = (
        select(outbox, staff.c.shown_name)
        .outerjoin(staff, staff.c.id == outbox.c.staff_id)
        .where(outbox.c.conversation_id == conversation_id, outbox.c.kind == "text")
    )
    if before is not None:
        came = came.where(inbox.c.received_at < before)
        went = went.where(outbox.c.created_at < before)
    came = came.order_by(inbox.c.received_at.desc(), inbox.c.id.desc()).limit(limit)
    went = went.order_by(outbox.c.created_at.desc(), outbox.c.id.desc()).limit(limit)
    lines = [_of_person(row, sees_all) for row in connection.execute(came)]
    lines += [_of_ours(row, sees_all) for row in connection.execute(went)]
    # At one moment the question stands before its answers.
    lines.sort(key=lambda line: (line.at, line.kind != "person", int(line.id[1:])))
    return lines[-limit:]


def _of_person(row: Row, sees_all: bool) -> Line:
    hidden = row.restricted and not sees_all
    return Line(
        id=f"i{row.id}",
        kind="person",
        at=row.received_at,
        text="" if hidden else row.text or "",
        media=row.kind if row.kind in _MEDIA else "",
        note=None if hidden or row.note_id is None else _note(row),
        hidden=hidden,
        secret=row.category == SAFE_WORD,
    )


def _note(row: Row) -> Note:
    here = row.fetched_at is not None
    lost = not here and row.due_at is None
    return Note(row.note_id, here=here, lost=lost, heard=row.heard_at is not None)


def _of_ours(row: Row, sees_all: bool) -> Line:
    hidden = row.restricted and not sees_all
    return Line(
        id=f"o{row.id}",
        kind="staff" if row.author == "staff" else "bot",
        at=row.created_at,
        text="" if hidden else row.text,
        state=row.state,
        staff_name=row.shown_name or "",
        choices=() if hidden else tuple(item["title"] for item in row.choices or ()),
        hidden=hidden,
    )
