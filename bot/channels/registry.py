"""The one list of channels. Adding one: its folder, and its lines here.

The conformance tests in ``tests/channels/test_conformance.py`` then run on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from bot.channels.base import Channel, Limits
from bot.channels.telegram import build_telegram
from bot.channels.telegram.limits import LIMITS as TELEGRAM_LIMITS
from bot.channels.webchat import build_webchat
from bot.channels.webchat.limits import LIMITS as WEBCHAT_LIMITS
from bot.channels.whatsapp import build_whatsapp
from bot.channels.whatsapp.channel import WhatsAppChannel
from bot.db.engine import Database
from bot.settings import Settings


class Builder(Protocol):
    """Builds a channel, or nothing where it is off."""

    def __call__(
        self, settings: Settings, database: Database, clock: Callable[[], datetime] | None = None, /
    ) -> Channel | None:
        """Without a ``clock`` it goes by the machine's."""


BUILDERS: Mapping[str, Builder] = {
    "telegram": build_telegram,
    "whatsapp": build_whatsapp,
    "webchat": build_webchat,
}
# What each can show, whether it is switched on or not: words must fit all of them.
LIMITS: Mapping[str, Limits] = {
    "telegram": TELEGRAM_LIMITS,
    "whatsapp": WhatsAppChannel.limits,
    "webchat": WEBCHAT_LIMITS,
}


def build_channels(
    settings: Settings, database: Database, clock: Callable[[], datetime] | None = None
) -> dict[str, Channel]:
    """Return the channels that are switched on, by name. One without its token is off.

    Without a ``clock`` they go by the machine's.
    """
    built = {name: build(settings, database, clock) for name, build in BUILDERS.items()}
    return {name: channel for name, channel in built.items() if channel is not None}
