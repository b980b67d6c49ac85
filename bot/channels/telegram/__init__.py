"""Telegram, through its Bot API (https://core.telegram.org/bots/api)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.channels.base import Channel
from bot.db.engine import Database
from bot.settings import Settings


def build_telegram(
    settings: Settings, database: Database, clock: Callable[[], datetime] | None = None
) -> Channel | None:
    """Return the channel, or None where ``AKOMA_TELEGRAM_TOKEN`` is not set."""
    if not settings.telegram.token:
        return None
    # The library takes 20 MB and a moment to load: only where the channel is on.
    from bot.channels.telegram.channel import TelegramChannel

    return TelegramChannel(settings, database, clock)
