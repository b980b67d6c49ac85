"""What a provider says of a message of ours after it has taken it: delivered, read, refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.engine import Connection, Row
from sqlalchemy.sql import ColumnElement, Select

from bot.channels.base import DeliveryUpdate
from bot.channels.errors import Retryable
from bot.db.engine import wake
from bot.db.tables import conversation, in_state, outbox, staff_chat
from bot.delivery import staff_chats
from bot.delivery.refusals import settle, settle_from_part
from bot.followup import conversations
from bot.i18n.wording import Wording

# A receipt never takes back a later one: providers send them in any order.
_ORDER = ("queued", "held", "sent", "delivered", "read")
_MOMENTS: Mapping[str, str] = {"delivered": "delivered_at", "read": "read_at"}


def record_receipt(
    connection: Connection, channel: str, event: DeliveryUpdate, wording: Wording, now: datetime
) -> bool:
    """Record what became of a message, to a person or to staff.

    Of a text in several messages the last one tells how far it came; an earlier one tells only
    that it was refused.

    Returns:
        False where no message of ours is known by its id.
    """
    refusal = event.failure or Retryable(event.error or "provider")
    row = connection.execute(
        _with_chats(select(outbox)).where(outbox.c.provider_id == event.message_id, _is_on(channel))
    ).one_or_none()
    if row is None:
        row = _begun_with(connection, channel, event)
        if row is not None and event.receipt == "failed":
            place = row.sent_parts.index(event.message_id)
            settle_from_part(connection, row, place, refusal, wording, now)
            wake(connection, "console")
    elif event.receipt != "failed":
        _record_progress(connection, row, event)
    elif row.state == "sent":
        settle(connection, row, refusal, wording, now)
    return row is not None


def something_is_under_way(connection: Connection, channel: str) -> bool:
    """Tell whether a message is with the provider, whose id we do not know yet."""
    query = _with_chats(select(outbox.c.id)).where(
        in_state(outbox, "queued"), outbox.c.claimed_until.is_not(None), _is_on(channel)
    )
    return connection.execute(query.limit(1)).first() is not None


def _with_chats(query: Select) -> Select:
    return query.outerjoin(conversation, conversation.c.id == outbox.c.conversation_id).outerjoin(
        staff_chat, staff_chat.c.id == outbox.c.staff_chat_id
    )


def _is_on(channel: str) -> ColumnElement:
    return or_(conversation.c.channel == channel, staff_chat.c.channel == channel)


def _begun_with(connection: Connection, channel: str, event: DeliveryUpdate) -> Row | None:
    """Return the text that an earlier message than its last one belongs to.

    Their ids are sealed: they are looked for among what went to that address in parts.
    """
    if not event.address:
        return None
    chat = staff_chats.find(connection, channel, event.address)
    column = outbox.c.staff_chat_id
    if chat is None:
        chat = conversations.find(connection, channel, event.address)
        column = outbox.c.conversation_id
    if chat is None:
        return None
    query = select(outbox).where(column == chat.id, outbox.c.sent_parts.is_not(None))
    rows = connection.execute(query.order_by(outbox.c.id.desc()))
    return next((row for row in rows if event.message_id in row.sent_parts), None)


def _record_progress(connection: Connection, row: Row, event: DeliveryUpdate) -> None:
    values: dict[str, object] = {}
    if _later(event.receipt, row.state):
        values["state"] = event.receipt
    if event.receipt in _MOMENTS:
        values[_MOMENTS[event.receipt]] = event.at
    if values:
        connection.execute(update(outbox).where(outbox.c.id == row.id).values(**values))
        wake(connection, "console")


def _later(receipt: str, state: str) -> bool:
    if state not in _ORDER:
        return state == "failed" and receipt in _MOMENTS
    return _ORDER.index(receipt) > _ORDER.index(state)
