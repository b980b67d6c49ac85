"""A conversation as staff read it: who wrote what, when, and whether it arrived."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.engine import Connection, Row

from bot.channels.errors import FILE_TOO_BIG
from bot.channels.media import Shape, shape_of
from bot.db.tables import attachment, inbox, outbox, staff
from bot.delivery.refusals import until_the_person_writes
from bot.followup.access import may_read_restricted, readable_conversation
from bot.followup.safe_word import SAFE_WORD

_MEDIA = ("voice", "photo")
_CAME = (
    select(
        inbox,
        attachment.c.id.label("attachment_id"),
        attachment.c.media_type,
        attachment.c.fetched_at,
        attachment.c.due_at,
        attachment.c.error,
        attachment.c.opened_at,
    )
    .outerjoin(attachment, attachment.c.inbox_id == inbox.c.id)
    .order_by(inbox.c.received_at.desc(), inbox.c.id.desc())
)
_WENT = (
    select(outbox, staff.c.shown_name)
    .outerjoin(staff, staff.c.id == outbox.c.staff_id)
    .where(outbox.c.kind == "text")
    .order_by(outbox.c.created_at.desc(), outbox.c.id.desc())
)


@dataclass(frozen=True)
class Came:
    """What came with a message: how it is shown, and whether it has been fetched and opened.

    ``lost``: it will not come any more; ``too_large``: that is why.
    """

    id: int
    shape: Shape | Literal["voice"]
    here: bool
    lost: bool
    too_large: bool
    opened: bool


@dataclass(frozen=True)
class Line:
    """One message. ``hidden``: a complaint about staff that this reader may not see.

    ``secret``: it was the safe word, which is shown to nobody. ``leaves_at``: when what is held is
    let go by the clock; None where it waits for the person. ``priority``: of what is ours.
    """

    id: str
    kind: Literal["person", "bot", "staff"]
    at: datetime
    text: str = field(repr=False)
    state: str = ""
    leaves_at: datetime | None = None
    priority: int | None = None
    staff_name: str = field(default="", repr=False)
    choices: tuple[str, ...] = ()
    media: str = ""
    came: Came | None = None
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
    came = _CAME.where(inbox.c.conversation_id == conversation_id).limit(limit)
    went = _WENT.where(outbox.c.conversation_id == conversation_id).limit(limit)
    if before is not None:
        came = came.where(inbox.c.received_at < before)
        went = went.where(outbox.c.created_at < before)
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
        came=None if hidden or row.attachment_id is None else _what_came(row),
        hidden=hidden,
        secret=row.category == SAFE_WORD,
    )


def _what_came(row: Row) -> Came:
    here = row.fetched_at is not None
    return Came(
        row.attachment_id,
        shape="voice" if row.kind == "voice" else shape_of(row.media_type or ""),
        here=here,
        lost=not here and row.due_at is None,
        too_large=row.error == FILE_TOO_BIG,
        opened=row.opened_at is not None,
    )


def _of_ours(row: Row, sees_all: bool) -> Line:
    hidden = row.restricted and not sees_all
    return Line(
        id=f"o{row.id}",
        kind="staff" if row.author == "staff" else "bot",
        at=row.created_at,
        text="" if hidden else row.text,
        state=row.state,
        leaves_at=row.due_at if row.due_at < until_the_person_writes(row.due_at) else None,
        priority=row.priority,
        staff_name=row.shown_name or "",
        choices=() if hidden else tuple(item["title"] for item in row.choices or ()),
        hidden=hidden,
    )
