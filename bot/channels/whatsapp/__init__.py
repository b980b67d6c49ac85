"""The WhatsApp Cloud API channel."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.channels.base import Channel
from bot.channels.whatsapp.channel import WhatsAppChannel
from bot.db.engine import Database
from bot.settings import Settings, SettingsError


def build_whatsapp(
    settings: Settings, _database: Database, _clock: Callable[[], datetime] | None = None
) -> Channel | None:
    """Return the channel, or None without a token.

    Raises:
        SettingsError: there is a token but no phone id: nothing could be sent or received.
    """
    if not settings.whatsapp.token:
        return None
    if not settings.whatsapp.phone_id:
        raise SettingsError(
            "AKOMA_WHATSAPP_TOKEN is set but AKOMA_WHATSAPP_PHONE_ID is not. Set it to the "
            "phone number id shown under WhatsApp > API setup in the Meta app."
        )
    return WhatsAppChannel(settings.whatsapp)
