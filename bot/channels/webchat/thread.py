"""What a browser shows of one conversation, read from the messages themselves.

A messenger keeps the thread on the phone; a browser keeps nothing, so a page and a stream of
events are read from inbox and outbox each time. What the person erased is shown no more, although
staff still have it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.engine import Connection, Row

from bot.channels.base import Choice
from bot.channels.webchat.identity import PATH
from bot.db.tables import inbox, outbox
from bot.followup.conversations import find, known_person
from bot.followup.people import structure_of

CHANNEL = "webchat"
AUDIO = f"{PATH}/audio"
_LONGEST = 200
_SHOWN_STATES = ("sent", "delivered", "read")
# Rows are stamped before they are committed, by processes with clocks of their own: what is a
# little older than the newest row that was seen may still appear.
_LATE = timedelta(seconds=60)
_BEGINNING = datetime.min.replace(year=1970, tzinfo=timezone.utc)


@dataclass(frozen=True)
class Cursor:
    """How far a browser has seen: the newest moment, and the last erasure (a row's id)."""

    at: datetime = _BEGINNING
    erasure: int = 0

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Read what ``str`` wrote; anything else means that nothing was seen."""
        microseconds, _, erasure = text.partition(".")
        try:
            return cls(_BEGINNING + timedelta(microseconds=int(microseconds)), int(erasure))
        except (ValueError, OverflowError):
            return cls()

    def __str__(self) -> str:
        return f"{(self.at - _BEGINNING) // timedelta(microseconds=1)}.{self.erasure}"


@dataclass(frozen=True)
class Entry:
    """One message as it is shown. ``text`` is None where it was not kept (safeguarding 2).

    ``answered``: an own message that was answered since; ``answers``: a reply that shows it.
    ``receipt``: the id under which a reply is to be acknowledged; "" when it has been read.
    ``audio``: where a reply is heard, which then has no text; "" for what is read.
    """

    id: int
    own: bool
    text: str | None
    at: datetime
    choices: tuple[Choice, ...] = ()
    answered: bool = False
    answers: bool = False
    receipt: str = ""
    audio: str = ""

    @property
    def key(self) -> str:
        """A name for the entry, for the browser to know it again."""
        return f"{'in' if self.own else 'out'}{self.id}"

    @property
    def clock(self) -> str:
        """The hour as it is shown."""
        return f"{self.at:%H:%M}"


@dataclass(frozen=True)
class Thread:
    """A conversation from a cursor on, oldest first, and the cursor to go on from."""

    visible_name: str
    language: str
    entries: tuple[Entry, ...]
    cursor: Cursor


def read_thread(connection: Connection, address: str, seen: Cursor) -> Thread:
    """Return what may be new since ``seen``; entries of the last minute come again.

    If something was erased since, everything that was not erased comes again.
    """
    talk = find(connection, CHANNEL, address)
    person = None if talk is None else known_person(connection, talk)
    structure = structure_of(connection, person)
    if talk is None:
        return Thread(structure.visible_name, "fr", (), seen)
    erasure = _last_erasure(connection, talk.id)
    erasure_id = 0 if erasure is None else erasure.id
    since = seen.at - _LATE if seen.at > _BEGINNING and seen.erasure == erasure_id else _BEGINNING
    written = _written(connection, talk.id, erasure, since)
    replies = _replies(connection, talk.id, erasure, since)
    entries = _merge(written, replies, ZoneInfo(structure.timezone))
    newest = max([seen.at, *(entry.at for entry in entries)])
    return Thread(structure.visible_name, talk.language, entries, Cursor(newest, erasure_id))


def receipts_of(connection: Connection, address: str, claimed: list[str]) -> list[str]:
    """Return those of the ``claimed`` provider ids that are replies to this address."""
    talk = find(connection, CHANNEL, address)
    if talk is None:
        return []
    query = select(outbox.c.provider_id).where(
        outbox.c.conversation_id == talk.id, outbox.c.provider_id.in_(claimed)
    )
    return list(connection.execute(query).scalars())


def voice_of(connection: Connection, address: str, outbox_id: int) -> str | None:
    """Return which recording a reply to this address lets hear; None where it shows none now."""
    talk = find(connection, CHANNEL, address)
    if talk is None:
        return None
    erasure = _last_erasure(connection, talk.id)
    query = select(outbox.c.voice).where(
        outbox.c.id == outbox_id,
        outbox.c.conversation_id == talk.id,
        outbox.c.kind == "audio",
        outbox.c.state.in_(_SHOWN_STATES),
        outbox.c.id > (0 if erasure is None else erasure.id),
    )
    return connection.execute(query).scalar_one_or_none()


def _last_erasure(connection: Connection, conversation_id: int) -> Row | None:
    # Queued or sent: the person pressed X, and nothing has to be waited for here.
    query = select(outbox.c.id, outbox.c.created_at).where(
        outbox.c.conversation_id == conversation_id, outbox.c.kind == "erase"
    )
    return connection.execute(query.order_by(outbox.c.id.desc()).limit(1)).one_or_none()


def _written(
    connection: Connection, conversation_id: int, erasure: Row | None, since: datetime
) -> list[Row]:
    query = select(inbox.c.id, inbox.c.text, inbox.c.received_at).where(
        inbox.c.conversation_id == conversation_id, inbox.c.received_at >= since
    )
    if erasure is not None:
        query = query.where(inbox.c.received_at > erasure.created_at)
    return connection.execute(query.order_by(inbox.c.id.desc()).limit(_LONGEST)).all()


def _replies(
    connection: Connection, conversation_id: int, erasure: Row | None, since: datetime
) -> list[Row]:
    query = select(outbox).where(
        outbox.c.conversation_id == conversation_id,
        outbox.c.kind != "erase",
        outbox.c.state.in_(_SHOWN_STATES),
        outbox.c.sent_at >= since,
    )
    if erasure is not None:
        query = query.where(outbox.c.id > erasure.id)
    return connection.execute(query.order_by(outbox.c.sent_at.desc()).limit(_LONGEST)).all()


def _merge(written: list[Row], replies: list[Row], zone: ZoneInfo) -> tuple[Entry, ...]:
    last_written = max((row.received_at for row in written), default=_BEGINNING)
    last_answer = max((row.sent_at for row in replies if _answers(row)), default=_BEGINNING)
    entries = [
        Entry(
            id=row.id,
            own=True,
            text=row.text,
            at=row.received_at.astimezone(zone),
            answered=row.received_at <= last_answer,
        )
        for row in written
    ]
    entries += [
        Entry(
            id=row.id,
            own=False,
            text=row.text,
            at=row.sent_at.astimezone(zone),
            # A question is answered once: later only by writing.
            choices=_choices(row) if row.sent_at >= last_written else (),
            answers=_answers(row),
            receipt="" if row.state == "read" else row.provider_id or "",
            audio=f"{AUDIO}/{row.id}" if row.kind == "audio" else "",
        )
        for row in replies
    ]
    entries.sort(key=lambda entry: (entry.at, not entry.own, entry.id))
    return tuple(entries[-_LONGEST:])


def _answers(row: Row) -> bool:
    # A reminder that happens to come later does not show that a message was read.
    return row.in_reply_to is not None or row.author == "staff"


def _choices(row: Row) -> tuple[Choice, ...]:
    return tuple(Choice(**item) for item in row.choices or ())
