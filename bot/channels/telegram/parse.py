"""From one update of the Bot API to one event. Pure: no network, no clock, no log.

It reads Telegram's JSON and only the fields that it needs. The library's own classes want every
field of every nested object to be as they know it, and lose a whole message when a poll that it
quotes is newer than they are; a cry for help must not depend on that.

Facts: https://core.telegram.org/bots/api#update and #message.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from bot.channels.base import Event, Inbound, MessageKind, Reachability

Json = Mapping[str, Any]

# Telegram's kinds of content that carry a file, and what each is to us. A GIF comes as animation
# and as document at once.
_FILES: tuple[tuple[str, MessageKind], ...] = (
    ("voice", "voice"),
    ("audio", "voice"),
    ("video_note", "voice"),
    ("photo", "photo"),
    ("animation", "photo"),
    ("video", "photo"),
    ("document", "photo"),
    ("sticker", "photo"),
)
# Content that we cannot show: never "unsupported", a person looks at the phone's side of it.
_OTHER_CONTENT = ("poll", "dice", "game", "story", "paid_media", "checklist", "live_photo")
# The bot's own membership in a private chat.
_REACHABLE = {"kicked": False, "member": True}
_START = re.compile(r"/start(?:@\w+)?(?:\s+(?P<code>\S+))?\s*")


@dataclass(frozen=True)
class Ignored:
    """An update that is not for us. ``reason`` is a code for the log."""

    reason: str


@dataclass(frozen=True)
class _Content:
    kind: MessageKind
    text: str = ""
    media: str = ""


def parse_update(update: Json, bot_id: str, now: datetime) -> Event | Ignored:
    """Return what an update tells us.

    ``bot_id`` makes the provider's id unique for ever: Telegram numbers each bot's updates apart,
    and one database may see a second bot. ``now`` is when a button was pressed, which Telegram
    does not say.

    Raises:
        LookupError, TypeError, ValueError, AttributeError: it is not of the documented form.
    """
    provider_id = f"{bot_id}:{update['update_id']}"
    if "message" in update:
        return _new_message(update["message"], provider_id)
    if "edited_message" in update:
        return _edited_message(update["edited_message"], provider_id)
    if "callback_query" in update:
        return _pressed_button(update["callback_query"], provider_id, now)
    if "my_chat_member" in update:
        return _reachability(update["my_chat_member"])
    return Ignored("other_update")


def _new_message(message: Json, provider_id: str) -> Event | Ignored:
    if not _is_private(message):
        return Ignored("not_private")
    content = _content(message)
    if content is None:
        return Ignored("service_message")
    start = _START.fullmatch(content.text) if content.kind == "text" else None
    return Inbound(
        provider_id=provider_id,
        address=_address(message),
        kind=content.kind,
        sent_at=_moment(message["date"]),
        text="/start" if start else content.text,
        code=(start["code"] or "") if start else "",
        media=content.media,
        origin=str(message["message_id"]),
    )


def _edited_message(message: Json, provider_id: str) -> Event | Ignored:
    if not _is_private(message):
        return Ignored("not_private")
    if "location" in message:
        # A live location "edits" its message every few seconds for hours.
        return Ignored("location_moved")
    content = _content(message)
    if content is None:
        return Ignored("service_message")
    return Inbound(
        provider_id=provider_id,
        address=_address(message),
        kind="edited",
        sent_at=_moment(message["edit_date"]),
        text=content.text,
        media=content.media,
        origin=str(message["message_id"]),
    )


def _pressed_button(query: Json, provider_id: str, now: datetime) -> Event | Ignored:
    # Without its message it belongs to an inline message, without data to a game: not ours.
    if not {"message", "data"} <= query.keys() or not _is_private(query["message"]):
        return Ignored("not_private")
    return Inbound(
        provider_id=provider_id,
        address=_address(query["message"]),
        kind="choice",
        sent_at=now,
        token=query["data"],
        origin=str(query["message"]["message_id"]),
    )


def _reachability(change: Json) -> Event | Ignored:
    if not _is_private(change):
        return Ignored("not_private")
    reachable = _REACHABLE.get(change["new_chat_member"]["status"])
    if reachable is None:
        return Ignored("other_status")
    return Reachability(address=_address(change), reachable=reachable, at=_moment(change["date"]))


def _content(message: Json) -> _Content | None:
    """Return what a person sent, or None for a message of Telegram's own (a pin, a new photo)."""
    if "text" in message:
        return _Content("text", message["text"])
    words = message.get("caption") or message.get("sticker", {}).get("emoji", "")
    for field, kind in _FILES:
        if field in message:
            # A photo comes in several sizes, the largest last.
            file = message[field][-1] if field == "photo" else message[field]
            return _Content(kind, words, file["file_id"])
    if "location" in message:
        place = message["location"]
        return _Content("location", f"{place['latitude']}, {place['longitude']}")
    if "contact" in message:
        return _Content("contact", message["contact"]["phone_number"])
    if any(field in message for field in _OTHER_CONTENT):
        return _Content("photo", words)
    return None


def _is_private(thing: Json) -> bool:
    return thing["chat"]["type"] == "private"


def _address(thing: Json) -> str:
    return str(thing["chat"]["id"])


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, timezone.utc)
