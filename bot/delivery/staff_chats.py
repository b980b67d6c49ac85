"""Chats in which members of staff are alerted: linked by a code, never a beneficiary's."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.engine import Connection, Row

from bot.channels.base import Inbound
from bot.db.engine import sealer_of
from bot.db.inserts import insert_if_absent
from bot.db.lookups import find_by_index
from bot.db.tables import access_code, conversation, inbox, outbox, staff_chat
from bot.delivery import staff_alerts
from bot.delivery.queue import enqueue_to_staff
from bot.followup import conversations
from bot.followup.consent import (
    MAXIMUM_CODE_FAILURES,
    code_in,
    normalise_code,
    redeem_code,
)
from bot.i18n.wording import Wording

# Built once: it runs for every message.
_BY_ADDRESS = select(staff_chat).where(
    staff_chat.c.channel == bindparam("channel"),
    staff_chat.c.address_index == bindparam("index"),
)


def handle(
    connection: Connection, channel: str, event: Inbound, wording: Wording, now: datetime
) -> bool:
    """Answer a message that comes from staff's own chat, or links one; False if it is neither.

    It is answered once, however often the provider delivers it.
    """
    linked = find(connection, channel, event.address)
    if linked is not None:
        if not _is_answered(connection, linked, event):
            obeyed = staff_alerts.press(connection, wording, linked, event, now)
            answer = obeyed or staff_alerts.say(wording, "utter_staff_chat")
            enqueue_to_staff(connection, linked.id, answer, now, answers=event.provider_id)
        return True
    written = event.code or code_in(event.text)
    if not written or not _is_staff_code(connection, written):
        return False
    if _is_somebodys(connection, channel, event.address):
        return False  # a chat of a beneficiary stays one: the code is treated as a wrong one
    if _tries(connection, channel, event.address) >= MAXIMUM_CODE_FAILURES:
        return False  # the door says so: it counts the wrong codes of whoever has no code yet
    code = redeem_code(connection, written, now)
    if code is None:
        return False
    insert_if_absent(
        connection,
        staff_chat,
        {
            "staff_id": code.staff_id,
            "channel": channel,
            "address": event.address,
            "address_index": sealer_of(connection).blind_index(f"{channel}:{event.address}"),
            "linked_at": now,
        },
    )
    linked = find(connection, channel, event.address)
    if linked is None:
        raise LookupError("the chat that was just linked is not there")
    linked_now = staff_alerts.say(wording, "utter_staff_linked")
    enqueue_to_staff(connection, linked.id, linked_now, now, answers=event.provider_id)
    return True


def find(connection: Connection, channel: str, address: str) -> Row | None:
    """Return the linked chat of an address, if it is one of staff."""
    return find_by_index(connection, _BY_ADDRESS, f"{channel}:{address}", channel=channel)


def _is_answered(connection: Connection, chat: Row, event: Inbound) -> bool:
    """Tell whether this very message was answered: what a provider delivers, it may repeat."""
    query = select(outbox.c.id).where(
        outbox.c.staff_chat_id == chat.id, outbox.c.answers_provider_id == event.provider_id
    )
    return connection.execute(query).first() is not None


def _is_staff_code(connection: Connection, written: str) -> bool:
    indexes = sealer_of(connection).blind_indexes(f"code:{normalise_code(written)}")
    query = select(access_code.c.staff_id).where(access_code.c.code_index.in_(indexes))
    return connection.execute(query).scalar_one_or_none() is not None


def _tries(connection: Connection, channel: str, address: str) -> int:
    """Return how many codes an address has tried in vain, with those that no turn has seen yet."""
    talk = conversations.find(connection, channel, address)
    if talk is None:
        return 0
    # Before the count: what a turn ends meanwhile is counted twice rather than not at all.
    waiting = select(inbox.c.text, inbox.c.payload).where(
        inbox.c.conversation_id == talk.id, inbox.c.done_at.is_(None)
    )
    unseen = sum(
        bool((payload or {}).get("code") or code_in(text or ""))
        for text, payload in connection.execute(waiting)
    )
    return unseen + conversations.get_conversation(connection, talk.id).code_failures


def _is_somebodys(connection: Connection, channel: str, address: str) -> bool:
    indexes = sealer_of(connection).blind_indexes(f"{channel}:{address}")
    query = select(conversation.c.id).where(
        conversation.c.channel == channel,
        conversation.c.address_index.in_(indexes),
        conversation.c.person_id.is_not(None),
    )
    return connection.execute(query).first() is not None
