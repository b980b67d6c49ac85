"""Web chat, the demo's door: a page in the browser instead of a messenger on a phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.channels.base import Channel
from bot.db.engine import Database
from bot.settings import Settings


def build_webchat(
    settings: Settings, database: Database, clock: Callable[[], datetime] | None = None
) -> Channel | None:
    """Return the channel, or None without ``--demo``: it has no way to know who writes."""
    if not settings.demo:
        return None
    # The library for server-sent events changes uvicorn when it is loaded: only for the demo.
    from bot.channels.webchat.channel import WebchatChannel

    return WebchatChannel(settings, database, clock)
