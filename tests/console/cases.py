"""Made-up alerts and threads for tests of the console."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.engine import Connection, Row

from bot.db.engine import wake
from bot.db.tables import attachment, inbox, outbox
from bot.delivery.queue import enqueue
from bot.followup import cases, conversations, recordings
from bot.i18n.wording import Said
from tests.console.site import Site
from tests.made_up import make_conversation, make_member, make_person, make_structure

_numbers = count(1)


@dataclass(frozen=True)
class Office:
    """A structure with a worker (Awa), a colleague (Sita) and a focal point (Fanta)."""

    home: Row
    awa: Row
    sita: Row
    fanta: Row


def make_office(site: Site) -> Office:
    """Open an office."""
    with site.database.write() as connection:
        home = make_structure(connection)
        return Office(
            home,
            make_member(connection, home),
            make_member(connection, home, shown_name="Sita"),
            make_member(connection, home, "focal_point", "Fanta"),
        )


def make_talk(site: Site, office: Office, **person: Any) -> Row:
    """Open a conversation of somebody whom the office follows."""
    with site.database.write() as connection:
        return make_conversation(connection, make_person(connection, office.home, **person))


def write(
    connection: Connection,
    talk: Row,
    text: str | None,
    at: datetime,
    *,
    kind: str = "text",
    restricted: bool = False,
) -> int:
    """Let the person write something."""
    talk = conversations.get_conversation(connection, talk.id)
    since = talk.unanswered_since or at
    conversations.change(
        connection, talk.id, last_inbound_at=at, last_written_at=at, unanswered_since=since
    )
    written = connection.execute(
        insert(inbox).values(
            channel=talk.channel,
            provider_id=f"made-up-{next(_numbers)}",
            conversation_id=talk.id,
            kind=kind,
            text=text,
            answered_at_intake=True,
            restricted=restricted,
            sent_at=at,
            received_at=at,
            attempts=0,
        )
    )
    wake(connection, "console")
    return written.inserted_primary_key[0]


def keep_attachment(
    connection: Connection, inbox_id: int, content: bytes | None, at: datetime, **values: Any
) -> int:
    """Keep what came with a message; without a content it has not come yet."""
    given = {
        "content": content,
        "fetched_at": at if content else None,
        "due_at": None if content else at,
    }
    kept = connection.execute(
        insert(attachment).values(**{"inbox_id": inbox_id, "attempts": 1, **given, **values})
    )
    return kept.inserted_primary_key[0]


def make_recording(
    connection: Connection, member: Row, reference: str, at: datetime, sound: bytes = b"OggS"
) -> None:
    """Let a member of staff record what a message says, in place of no file."""
    language, _, name = reference.partition("/")
    recordings.record(
        connection, member, at, language=language, name=name, says="x", sound=sound, replaces=""
    )


def answer(
    connection: Connection,
    talk: Row,
    text: str,
    at: datetime,
    *,
    state: str = "read",
    choices: tuple[str, ...] = (),
    restricted: bool = False,
    by: Row | None = None,
) -> None:
    """Let the programme, or somebody of the staff, answer."""
    said = Said(text, tuple((str(i), title, "x") for i, title in enumerate(choices, start=1)))
    staff_id = by.id if by is not None else None
    sent = enqueue(connection, talk, said, at, staff_id=staff_id, restricted=restricted)
    connection.execute(update(outbox).where(outbox.c.id == sent).values(state=state))


def flag(site: Site, talk: Row, severity: str = "high", **values: Any) -> int:
    """Raise an alert about a conversation now."""
    with site.database.write() as connection:
        return cases.open_alert(
            connection,
            **{
                "kind": "red_flag",
                "category": "violence",
                "severity": severity,
                "talk": conversations.get_conversation(connection, talk.id),
                "now": site.clock(),
                **values,
            },
        )
