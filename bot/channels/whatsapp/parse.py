"""The Cloud API's webhook JSON as our events. Pure: no network, no clock, no secret.

The shapes are those of Meta's "messages webhook reference" (developers.facebook.com, business
messaging, WhatsApp, webhooks). They grow without notice, so nothing here may lose a message: what
is not understood is handed in as a picture, which a person looks at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, get_args

import structlog

from bot.channels.base import DeliveryUpdate, Event, Inbound, MessageKind, Receipt
from bot.channels.whatsapp.failures import failure

log = structlog.get_logger(__name__)

_RECEIPTS: Mapping[str, Receipt] = {name: name for name in get_args(Receipt)}


@dataclass(frozen=True)
class _Content:
    """What one message says, apart from who sent it and when."""

    kind: MessageKind
    text: str = ""
    token: str = ""
    media: str = ""

    def __post_init__(self) -> None:
        if not all(isinstance(part, str) for part in (self.text, self.token, self.media)):
            raise TypeError("a message's text, token and media are strings")


# What a person must look at because we cannot read it. Never "unsupported" (safeguarding 22).
_UNREADABLE = _Content("photo")


def parse(payload: Mapping[str, Any], phone_id: str, received_at: datetime) -> list[Event]:
    """Return the events of a whole webhook post, of all its entries and changes.

    Args:
        payload: the JSON object that was posted.
        phone_id: our number's id. One Meta app may serve several numbers and posts them all to
            one address: what came for another number is left out.
        received_at: stands in for a time that is missing or malformed.
    """
    events: list[Event] = []
    for value in _values(payload):
        if _mapping(value.get("metadata")).get("phone_number_id") != phone_id:
            continue
        found = [
            *(_message(item, received_at) for item in _mappings(value.get("messages"))),
            *(_status(item, received_at) for item in _mappings(value.get("statuses"))),
        ]
        events.extend(event for event in found if event is not None)
    return events


def _values(payload: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for entry in _mappings(payload.get("entry")):
        for change in _mappings(entry.get("changes")):
            if change.get("field") == "messages":
                yield _mapping(change.get("value"))


def _message(message: Mapping[str, Any], received_at: datetime) -> Inbound | None:
    provider_id = message.get("id")
    # People with a username may hide their number: then only their id towards our business
    # ("CI.1349120865530274") comes, and answers go to that.
    address = message.get("from") or message.get("from_user_id")
    if not provider_id or not address:
        log.warning("whatsapp.message_without_sender", type=str(message.get("type")))
        return None
    content = _content(message)
    if content is None:
        return None
    return Inbound(
        provider_id=str(provider_id),
        address=str(address),
        kind=content.kind,
        sent_at=_time(message, received_at),
        text=content.text,
        token=content.token,
        media=content.media,
    )


def _content(message: Mapping[str, Any]) -> _Content | None:
    kind = str(message.get("type"))
    read = _READERS.get(kind)
    if read is None:
        log.info("whatsapp.unknown_type", type=kind)
        return _UNREADABLE
    try:
        return read(message[kind])
    except (KeyError, TypeError, AttributeError):
        log.warning("whatsapp.malformed_message", type=kind)
        return _UNREADABLE


def _read_text(text: Mapping[str, Any]) -> _Content:
    return _Content("text", text=text["body"])


def _read_interactive(reply: Mapping[str, Any]) -> _Content:
    return _Content("choice", token=reply[reply["type"]]["id"])


def _read_template_button(button: Mapping[str, Any]) -> _Content:
    # The payload is the token sent with the template, or the button's own words if none was: so
    # they are handed in beside it.
    return _Content("choice", text=button["text"], token=button["payload"])


def _read_voice(audio: Mapping[str, Any]) -> _Content:
    return _Content("voice", media=audio["id"])


def _read_picture(media: Mapping[str, Any]) -> _Content:
    return _Content("photo", text=media.get("caption") or "", media=media["id"])


def _read_location(location: Mapping[str, Any]) -> _Content:
    lines = [f"{location['latitude']}, {location['longitude']}"]
    lines += [location[key] for key in ("name", "address") if location.get(key)]
    return _Content("location", text="\n".join(lines))


def _read_contacts(contacts: list[Mapping[str, Any]]) -> _Content:
    lines = []
    for contact in contacts:
        phones = [phone["phone"] for phone in contact.get("phones", ()) if phone.get("phone")]
        lines.append(" ".join([contact["name"]["formatted_name"], *phones]))
    return _Content("contact", text="\n".join(lines))


def _read_reaction(reaction: Mapping[str, Any]) -> _Content | None:
    # A face is an answer like any other. One taken back carries no emoji and says nothing.
    emoji = reaction.get("emoji")
    return _Content("text", text=emoji) if emoji else None


def _read_system(notice: Mapping[str, Any]) -> _Content:
    # The person changed their number. It comes under the old one, as a contact: a person decides
    # whether the new number is theirs; nobody is let in by it.
    return _Content("contact", text=notice["body"])


_READERS: Mapping[str, Callable[[Any], _Content | None]] = {
    "text": _read_text,
    "interactive": _read_interactive,
    "button": _read_template_button,
    "audio": _read_voice,
    "voice": _read_voice,
    "image": _read_picture,
    "video": _read_picture,
    "document": _read_picture,
    "sticker": _read_picture,
    "location": _read_location,
    "contacts": _read_contacts,
    "reaction": _read_reaction,
    "system": _read_system,
}


def _status(status: Mapping[str, Any], received_at: datetime) -> DeliveryUpdate | None:
    # Others ("played", "deleted") tell nothing that we keep.
    message_id, receipt = status.get("id"), _RECEIPTS.get(str(status.get("status")))
    if not message_id or receipt is None:
        return None
    codes = [error.get("code") for error in _mappings(status.get("errors"))]
    code = str(codes[0]) if codes else ""
    return DeliveryUpdate(
        message_id=str(message_id),
        receipt=receipt,
        at=_time(status, received_at),
        error=code,
        failure=failure(codes[0]) if receipt == "failed" and codes else None,
        address=str(status.get("recipient_id") or status.get("recipient_user_id") or ""),
    )


def _time(item: Mapping[str, Any], received_at: datetime) -> datetime:
    try:
        return datetime.fromtimestamp(int(item["timestamp"]), timezone.utc)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return received_at


def _mapping(thing: Any) -> Mapping[str, Any]:
    return thing if isinstance(thing, Mapping) else {}


def _mappings(things: Any) -> list[Mapping[str, Any]]:
    if not isinstance(things, list):
        return []
    return [thing for thing in things if isinstance(thing, Mapping)]
