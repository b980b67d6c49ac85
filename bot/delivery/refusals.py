"""What becomes of a row that could not leave: postponed, held, announced, or given up.

One place for both moments at which a provider refuses: at once, or later in a receipt.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.engine import Connection, Row

from bot.channels.errors import Misconfigured, RecipientGone, SendError, Throttled, WindowClosed
from bot.db.engine import wake
from bot.db.tables import in_state, outbox
from bot.db.types import UtcDateTime
from bot.delivery.queue import Priority, enqueue
from bot.followup import cases, conversations, people
from bot.i18n.wording import Wording

PAUSE_WHEN_MISCONFIGURED = timedelta(minutes=5)
_GIVE_UP_AFTER = timedelta(hours=24)
_LONGEST_PAUSE = timedelta(hours=1)
# What stands behind a part that was refused comes again with it: not more often than this.
_MOST_ATTEMPTS_IN_PARTS = 3
_UNREAD = ("queued", "sent", "delivered", "read")
# Built once: it runs for each message that comes in, and building costs more than running.
_WITHDRAW_NOTICE = (
    update(outbox)
    .where(
        outbox.c.conversation_id == bindparam("conversation"),
        in_state(outbox, "queued"),
        outbox.c.kind == "notice",
        # What is under way may have left: ``settle`` sees to it if it has not.
        or_(
            outbox.c.claimed_until.is_(None),
            outbox.c.claimed_until <= bindparam("now", type_=UtcDateTime()),
        ),
    )
    .values(state="cancelled")
)


def settle(
    connection: Connection, row: Row, error: SendError, wording: Wording, now: datetime
) -> None:
    """Decide what becomes of a row that the provider did not take.

    A voice that is refused is left out, and nobody is told: the text it says has gone before it,
    and the next one must not wait. A notice that finds the window closed is what announces the
    others: it is tried again, as a template. Where the person has written since, it is dropped. To
    staff nothing is held for the window: it would wait for nobody's message.

    Args:
        row: of the outbox, as it was when it was sent.
        error: why; its class decides.
    """
    if row.kind == "audio":
        _change(connection, row, state="failed", error=error.code[:60])
    elif row.kind == "notice" and _is_out_of_date(connection, row):
        _change(connection, row, state="cancelled", error=error.code[:60])
    elif isinstance(error, Throttled):
        postpone(connection, row, now + timedelta(seconds=error.retry_after), error.code)
    elif isinstance(error, WindowClosed) and row.staff_chat_id is not None:
        _give_up(connection, row, error.code, now)
    elif isinstance(error, WindowClosed) and row.kind != "notice":
        hold(connection, row, until_the_person_writes(now))
        talk = conversations.get_conversation(connection, row.conversation_id)
        announce(connection, talk, wording, now)
    elif isinstance(error, Misconfigured):
        postpone(connection, row, now + PAUSE_WHEN_MISCONFIGURED, error.code)
    elif isinstance(error, RecipientGone):
        _give_up(connection, row, error.code, now)
        if row.conversation_id is not None:
            conversations.change(connection, row.conversation_id, blocked_at=now)
    elif now - row.created_at > _GIVE_UP_AFTER:
        _give_up(connection, row, error.code, now)
    else:
        pause = min(timedelta(seconds=2 ** min(row.attempts, 12)), _LONGEST_PAUSE)
        postpone(connection, row, now + pause, error.code)


def settle_from_part(
    connection: Connection,
    row: Row,
    place: int,
    error: SendError,
    wording: Wording,
    now: datetime,
) -> None:
    """Decide what becomes of a text of which an earlier message than the last was refused later.

    It leaves again from that message on: all of it arrives, in its order. Receipts of what had left
    behind it say nothing any more; a sender that is at it stops.

    Args:
        place: of the refused message among ``sent_parts``.
    """
    if row.state in ("failed", "cancelled"):
        return
    connection.execute(
        update(outbox)
        .where(outbox.c.id == row.id)
        .values(
            sent_parts=row.sent_parts[:place], provider_id=None, delivered_at=None, read_at=None
        )
    )
    if row.state == "held":
        return  # it goes on from there
    for_good = isinstance(error, (RecipientGone, WindowClosed))
    if row.attempts < _MOST_ATTEMPTS_IN_PARTS or for_good:
        settle(connection, row, error, wording, now)
    else:
        _give_up(connection, row, error.code, now)


def postpone(connection: Connection, row: Row, due_at: datetime, error: str) -> None:
    """Leave the row in the queue until ``due_at``."""
    _change(connection, row, state="queued", due_at=due_at, error=error[:60])


def hold(connection: Connection, row: Row, until: datetime) -> None:
    """Take the row out of the queue; staff see that it waits."""
    _change(connection, row, state="held", due_at=until)
    wake(connection, "console")


def until_the_person_writes(now: datetime) -> datetime:
    """Return the moment for a row that no clock releases."""
    return datetime(9000, 1, 1, tzinfo=now.tzinfo)


def announce(connection: Connection, talk: Row, wording: Wording, now: datetime) -> None:
    """Queue the neutral notice, unless one is on its way or unread since the last message."""
    since = talk.last_inbound_at or talk.created_at
    unread = select(outbox.c.id).where(
        outbox.c.conversation_id == talk.id,
        outbox.c.kind == "notice",
        outbox.c.created_at > since,
        outbox.c.state.in_(_UNREAD),
    )
    if connection.execute(unread.limit(1)).first() is not None:
        return
    form = conversations.address_form(person_of(connection, talk))
    said = wording.say("utter_notice", talk.language, form)
    enqueue(connection, talk, said, now, priority=Priority.STAFF, kind="notice")


def withdraw_notice(connection: Connection, conversation_id: int, now: datetime) -> None:
    """Drop the notice that has not left yet: the person writes, and what it announces leaves.

    One that is postponed (no template is approved yet, or not for a day) would keep all answers
    behind it.
    """
    connection.execute(_WITHDRAW_NOTICE, {"conversation": conversation_id, "now": now})


def _is_out_of_date(connection: Connection, notice: Row) -> bool:
    talk = conversations.get_conversation(connection, notice.conversation_id)
    return talk.last_inbound_at is not None and talk.last_inbound_at > notice.created_at


def person_of(connection: Connection, talk: Row) -> Row | None:
    """Return the person a conversation is with, confirmed or not: for the safe-contact profile."""
    if talk.person_id is None:
        return None
    return people.find_person(connection, talk.person_id)


def _give_up(connection: Connection, row: Row, error: str, now: datetime) -> None:
    _change(connection, row, state="failed", error=error[:60])
    if row.conversation_id is not None:
        talk = conversations.get_conversation(connection, row.conversation_id)
        cases.open_alert(connection, kind="undelivered", severity="normal", talk=talk, now=now)


def _change(connection: Connection, row: Row, **values: object) -> None:
    connection.execute(
        update(outbox)
        .where(outbox.c.id == row.id)
        .values(claimed_by=None, claimed_until=None, **values)
    )
