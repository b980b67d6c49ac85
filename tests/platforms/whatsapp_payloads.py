"""The JSON that Meta posts to a webhook, as its reference gives it, with invented values."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import time
from collections.abc import Iterable, Mapping
from typing import Any

Json = dict[str, Any]

_numbers = itertools.count(1)


def new_id() -> str:
    """Return a message id that no other message has."""
    return f"wamid.HBgMMjI1MDAwMDAwMDAA{time.time_ns():x}{next(_numbers):04x}"


def sign(body: bytes, app_secret: str) -> str:
    """Return the ``X-Hub-Signature-256`` header of a post."""
    return f"sha256={hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()}"


def post(phone_id: str, *, messages: Iterable[Json] = (), statuses: Iterable[Json] = ()) -> Json:
    """Wrap messages and statuses as one post."""
    value: Json = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "2250000000000", "phone_number_id": phone_id},
    }
    if messages := list(messages):
        value["contacts"] = [
            {"profile": {"name": "Contact"}, **_contact(message)} for message in messages
        ]
        value["messages"] = messages
    if statuses := list(statuses):
        value["statuses"] = statuses
    change = {"value": value, "field": "messages"}
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": "102290129340398", "changes": [change]}],
    }


def message(address: str, kind: str, content: Any, provider_id: str | None = None) -> Json:
    """Return one message from ``address``: a number, or the id of someone who hides theirs."""
    return {
        "from" if address.isdecimal() else "from_user_id": address,
        "id": provider_id or new_id(),
        "timestamp": str(int(time.time())),
        "type": kind,
        kind: content,
    }


def status(
    message_id: str, address: str, state: str, error: Mapping[str, Any] | None = None
) -> Json:
    """Return what became of one message of ours."""
    update: Json = {
        "id": message_id,
        "status": state,
        "timestamp": str(int(time.time())),
        "recipient_id": address,
    }
    if error:
        update["errors"] = [dict(error)]
    return update


def _contact(message: Json) -> Json:
    if "from" in message:
        return {"wa_id": message["from"]}
    return {"user_id": message["from_user_id"]}
