"""What the chat page posts: messages, pressed buttons and receipts."""

from __future__ import annotations

import hashlib
from datetime import datetime

from starlette.exceptions import HTTPException

from bot.channels.base import DeliveryUpdate, Inbound
from bot.forms import Fields, first

LONGEST_TEXT = 4000
_LONGEST_TOKEN = 24
_LONGEST_NONCE = 40
_MOST_RECEIPTS = 100


def message_in(fields: Fields, address: str, now: datetime) -> Inbound | None:
    """Return the message in a form: a pressed button or a text. None where nothing was written.

    The page gives each form a number that is used once, so that a form posted twice, over a weak
    network or by "back", is one message. With another text it is another message.

    Raises:
        HTTPException: 413, longer than a message may be; 400, not a form of ours.
    """
    token, nonce = first(fields, "token"), first(fields, "nonce")
    text = "" if token else first(fields, "text").replace("\r\n", "\n").strip()
    if not token and not text:
        return None
    if len(text) > LONGEST_TEXT:
        raise HTTPException(413)
    if len(token) > _LONGEST_TOKEN or not 0 < len(nonce) <= _LONGEST_NONCE:
        raise HTTPException(400)
    content = "\x1f".join((address, nonce, token, text))
    return Inbound(
        provider_id=hashlib.sha256(content.encode()).hexdigest(),
        address=address,
        kind="choice" if token else "text",
        sent_at=now,
        text=text,
        token=token,
    )


def receipts_in(fields: Fields, now: datetime) -> list[DeliveryUpdate]:
    """Return what a browser acknowledges: "delivered", or "read" once it is on the screen.

    Raises:
        HTTPException: 400, no such receipt.
    """
    kind = first(fields, "receipt")
    ids = fields.get("id", [])
    if kind == "delivered":
        return [DeliveryUpdate(each, "delivered", now) for each in ids]
    if kind == "read":
        return [DeliveryUpdate(each, "read", now) for each in ids]
    raise HTTPException(400)
