"""A row of the outbox as it leaves: where to and with what, or why it does not leave now."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import isfinite

from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.engine import Connection, Row
from starlette.concurrency import run_in_threadpool

from bot.channels.base import Channel, Choice, Limits, Outbound, render
from bot.db.slots import reserve
from bot.db.tables import inbox, outbox, staff_chat
from bot.delivery.holding import fate_of, in_safe_hours, may_be_frozen, next_safe_moment
from bot.delivery.refusals import (
    PAUSE_WHEN_MISCONFIGURED,
    announce,
    hold,
    person_of,
    postpone,
    until_the_person_writes,
)
from bot.followup import conversations
from bot.followup.freezing import freeze_of
from bot.i18n.encode import join
from bot.i18n.recordings import find_voices, sound_of
from bot.i18n.speech import joined
from bot.i18n.wording import Wording

# A slot this near is waited for; a later one gives the row back to the queue.
_WAIT_FOR_SLOT = timedelta(seconds=2)
_ERASABLE_FOR = timedelta(hours=48)

# Statements are built once, with parameters: building costs more than running.
CHANGE = update(outbox).where(outbox.c.id == bindparam("this"))
_STAFF_CHAT = select(staff_chat).where(staff_chat.c.id == bindparam("this"))


@dataclass(frozen=True)
class Letter:
    """A claimed row with where it goes. ``leaves_at``: when its place in the rate limits comes."""

    row: Row
    channel: str
    address: str
    language: str
    leaves_at: datetime
    message_ids: tuple[str, ...] = ()
    by_template: bool = False
    sounds: tuple[bytes, ...] = ()


def prepare(
    connection: Connection,
    row: Row,
    channels: Mapping[str, Channel],
    wording: Wording,
    now: datetime,
    talk: Row | None = None,
    someone: Row | None = None,
) -> Letter | None:
    """Return a row ready to leave, or None after holding, cancelling or postponing it.

    Args:
        talk: the row's conversation as it stands now, where it is known already.
        someone: the person it is with, where known already.
    """
    to_staff = row.staff_chat_id is not None
    if to_staff:
        chat = connection.execute(_STAFF_CHAT, {"this": row.staff_chat_id}).one()
    else:
        chat = talk or conversations.get_conversation(connection, row.conversation_id)
    if chat.channel not in channels:
        postpone(connection, row, now + PAUSE_WHEN_MISCONFIGURED, "channel_off")
        return None
    limits = channels[chat.channel].limits
    if to_staff:
        return _placed(connection, Letter(row, chat.channel, chat.address, "fr", now), limits, now)
    if someone is None or someone.id != chat.person_id:
        someone = person_of(connection, chat)
    if not _may_leave(connection, row, chat, someone, limits, wording, now):
        return None
    letter = Letter(
        row,
        chat.channel,
        chat.address,
        chat.language,
        now,
        message_ids=_erasable(connection, row, now) if row.kind == "erase" else (),
        by_template=_window_is_closed(row, chat, limits, now),
        sounds=_sounds(connection, row, limits, wording) if row.kind == "audio" else (),
    )
    if row.kind == "audio" and not letter.sounds:
        _cancel(connection, row)
        return None
    return _placed(connection, letter, limits, now)


async def deliver(
    channel: Channel,
    letter: Letter,
    keep_parts: Callable[[Letter, list[str]], Awaitable[None]],
) -> str:
    """Send a row, or what has not left of it yet; return the provider's id of its last message.

    Args:
        keep_parts: is told the ids of all parts that have left, before the next one does.

    Raises:
        SendError: the provider did not take it.
    """
    row = letter.row
    if row.kind == "erase":
        await channel.erase(letter.address, letter.message_ids)
        return ""
    if row.kind == "audio":
        sound = await run_in_threadpool(join, letter.sounds)
        return await channel.send_audio(letter.address, sound)
    choices = tuple(Choice(**item) for item in row.choices or ())
    if letter.by_template:
        token = choices[0].token if choices else ""
        return await channel.send_template(letter.address, letter.language, row.text, token)
    *earlier, last = render(Outbound(row.text, choices), channel.limits)
    sent = list(row.sent_parts or ())
    for part in earlier[len(sent) :]:
        sent.append(await channel.send(letter.address, part))
        await keep_parts(letter, sent)
    return await channel.send(letter.address, last)


def _may_leave(
    connection: Connection,
    row: Row,
    talk: Row,
    someone: Row | None,
    limits: Limits,
    wording: Wording,
    now: datetime,
) -> bool:
    """Tell whether a row may leave now; hold or cancel it where it may not."""
    freeze = freeze_of(connection, someone) if may_be_frozen(row, someone) else None
    fate = fate_of(row, talk, someone, limits, now, freeze)
    if fate == "cancel":
        _cancel(connection, row)
        return False
    if fate in ("hold", "notice"):
        until = until_the_person_writes(now)
        waits_for_hours = fate == "hold" and talk.left_at is None
        if waits_for_hours and someone is not None and not in_safe_hours(someone, now):
            until = next_safe_moment(someone, now)
        hold(connection, row, until)
        if fate == "notice":
            announce(connection, talk, wording, now)
        return False
    return True


def _window_is_closed(row: Row, talk: Row, limits: Limits, now: datetime) -> bool:
    """Tell whether only a template may go out.

    The provider may count the window from earlier than we: what it did not take of a notice leaves
    as a template.
    """
    return limits.window is not None and (
        talk.last_written_at is None
        or now - talk.last_written_at >= limits.window
        or (row.kind == "notice" and row.error is not None)
    )


def _sounds(
    connection: Connection, row: Row, limits: Limits, wording: Wording
) -> tuple[bytes, ...]:
    """Return what a row is to let hear; () where nobody has recorded it, or it is too much.

    The row is told which recordings they are: another language may stand in.
    """
    voices = find_voices(connection, wording, row.voice)
    sounds = tuple(sound_of(connection, voice) for voice in voices)
    if not sounds or sum(map(len, sounds)) > limits.audio:
        return ()
    played = joined(voice.reference for voice in voices)
    connection.execute(CHANGE, {"this": row.id, "voice": played})
    return sounds


def _cancel(connection: Connection, row: Row) -> None:
    connection.execute(CHANGE, {"this": row.id, "state": "cancelled"})


def _placed(connection: Connection, letter: Letter, limits: Limits, now: datetime) -> Letter | None:
    """Return a letter with its place in the rate limits, or None after postponing its row."""
    leaves_at = _reserve_places(connection, letter.channel, letter.row, limits, now)
    if leaves_at - now > _WAIT_FOR_SLOT:
        postpone(connection, letter.row, leaves_at, letter.row.error or "")
        return None
    return replace(letter, leaves_at=leaves_at)


def _reserve_places(
    connection: Connection, channel: str, row: Row, limits: Limits, now: datetime
) -> datetime:
    # Always in this order, so that two senders never wait for each other.
    leaves_at = now
    if isfinite(limits.per_second):
        interval = timedelta(seconds=1 / limits.per_second)
        burst = max(1, int(limits.per_second))
        leaves_at = reserve(connection, f"{channel}:all", now, interval, burst)
    if limits.per_chat_interval:
        key = f"{channel}:{row.conversation_id or f's{row.staff_chat_id}'}"
        own = reserve(connection, key, now, limits.per_chat_interval, burst=limits.per_chat_burst)
        leaves_at = max(leaves_at, own)
    return leaves_at


def _erasable(connection: Connection, row: Row, now: datetime) -> tuple[str, ...]:
    """Return the provider's ids of both sides' messages that can still be deleted."""
    since = now - _ERASABLE_FOR
    ours = select(outbox.c.provider_id, outbox.c.sent_parts).where(
        outbox.c.conversation_id == row.conversation_id,
        or_(outbox.c.provider_id.is_not(None), outbox.c.sent_parts.is_not(None)),
        # Of what has left in part only there is no such moment.
        func.coalesce(outbox.c.sent_at, outbox.c.created_at) > since,
    )
    theirs = select(inbox.c.payload).where(
        inbox.c.conversation_id == row.conversation_id, inbox.c.received_at > since
    )
    ids: list[str | None] = []
    for last, earlier in connection.execute(ours):
        ids += [*(earlier or ()), last]
    ids += [payload.get("origin") for payload in connection.execute(theirs).scalars()]
    return tuple(provider_id for provider_id in ids if provider_id)
