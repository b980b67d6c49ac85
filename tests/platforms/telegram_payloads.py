"""What the Bot API says, as it says it: the parts of updates and answers, with invented people."""

from __future__ import annotations

import time
from typing import Any

Json = dict[str, Any]


def person(address: str) -> Json:
    """Return a User who writes from a private chat."""
    return {"id": int(address), "is_bot": False, "first_name": "Awa", "language_code": "fr"}


def bot(token: str) -> Json:
    """Return the User that the bot of a token is."""
    bot_id = int(token.partition(":")[0])
    return {"id": bot_id, "is_bot": True, "first_name": "Infos école et formation"}


def message(address: str, message_id: int, sender: Json, **content: Any) -> Json:
    """Return a Message in a private chat; ``content`` are its fields."""
    return {
        "message_id": message_id,
        "date": int(time.time()),
        "chat": {"id": int(address), "type": "private", "first_name": "Awa"},
        "from": sender,
        **content,
    }


def voice(file_id: str, size: int) -> Json:
    """Return a Voice."""
    return {
        "file_id": file_id,
        "file_unique_id": "AgADOQ4AAuB7",
        "duration": 4,
        "mime_type": "audio/ogg",
        "file_size": size,
    }


def photo_size(file_id: str, width: int, size: int) -> Json:
    """Return a PhotoSize."""
    return {
        "file_id": file_id,
        "file_unique_id": f"AQAD{width}",
        "width": width,
        "height": width,
        "file_size": size,
    }


def callback_query(query_id: str, address: str, shown: Json, token: str) -> Json:
    """Return the CallbackQuery of a button under the message ``shown``."""
    return {
        "id": query_id,
        "from": person(address),
        "chat_instance": "-3820",
        "data": token,
        "message": shown,
    }


def membership(address: str, of_bot: Json, old: str, new: str) -> Json:
    """Return the ChatMemberUpdated of a person who blocks the bot, or lets it in again."""
    banned = {"until_date": 0}
    return {
        "chat": {"id": int(address), "type": "private", "first_name": "Awa"},
        "from": person(address),
        "date": int(time.time()),
        "old_chat_member": {"user": of_bot, "status": old} | (banned if old == "kicked" else {}),
        "new_chat_member": {"user": of_bot, "status": new} | (banned if new == "kicked" else {}),
    }
