"""What polling and the webhook have in common: from updates to events, one bad one alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import structlog

from bot.channels.base import Event
from bot.channels.telegram.client import TelegramClient
from bot.channels.telegram.parse import Ignored, parse_update

_log = structlog.get_logger(__name__)


def read_updates(
    updates: Iterable[Mapping[str, Any]], client: TelegramClient, now: datetime
) -> list[tuple[int, Event]]:
    """Return the events in ``updates`` with the updates' ids; start to answer pressed buttons.

    One that cannot be read is logged by its id and left out: it would be no better next time, and
    those behind it must not wait for it.
    """
    events: list[tuple[int, Event]] = []
    for update in updates:
        update_id = update["update_id"]
        try:
            if "callback_query" in update:
                client.answer_soon(update["callback_query"]["id"])
            event = parse_update(update, client.bot_id, now)
        except Exception as error:
            # The kind alone: the words of such an error quote the message.
            _log.error("telegram.unreadable", update_id=update_id, error=type(error).__name__)
            continue
        if isinstance(event, Ignored):
            _log.info("telegram.ignored", update_id=update_id, reason=event.reason)
        else:
            events.append((update_id, event))
    return events
