"""What falls due: rows, looked at every few seconds, never timers that a crash would forget."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.engine import Connection

from bot.db.engine import wake
from bot.db.slots import forget_unused
from bot.db.tables import conversation, in_state, inbox, outbox

# Before consent a text lives no longer than this, even if no turn ever came (safeguarding 2).
WITHOUT_CONSENT = timedelta(minutes=15)


def do_what_is_due(connection: Connection, now: datetime) -> None:
    """Do everything that has fallen due; what was done already is not done again."""
    blank_without_consent(connection, now)
    release_due(connection, now)
    forget_unused(connection, now)


def blank_without_consent(connection: Connection, now: datetime) -> int:
    """Blank texts of people who have not consented, unless flagged or meant for a human."""
    no_consent = select(conversation.c.id).where(conversation.c.consent != "yes")
    blanked = connection.execute(
        update(inbox)
        .where(
            inbox.c.conversation_id.in_(no_consent),
            inbox.c.received_at <= now - WITHOUT_CONSENT,
            inbox.c.severity.is_(None),
            inbox.c.for_a_person.is_(False),
            inbox.c.text.is_not(None),
        )
        .values(text=None)
    )
    return blanked.rowcount


def release_due(connection: Connection, now: datetime) -> int:
    """Let go what was held for the person's safe hours, now that they have begun."""
    released = connection.execute(
        update(outbox)
        .where(in_state(outbox, "held"), outbox.c.due_at <= now)
        .values(state="queued")
    )
    if released.rowcount:
        wake(connection, "outbox")
    return released.rowcount
