"""A local Cloud API, and the channel pointed at it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest

from bot.channels.whatsapp.channel import WhatsAppChannel
from bot.settings import WhatsAppSettings
from tests.platforms.whatsapp_server import WhatsAppServer


@pytest.fixture
def server() -> Iterator[WhatsAppServer]:
    server = WhatsAppServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def settings(server: WhatsAppServer) -> WhatsAppSettings:
    return server.settings()


@pytest.fixture
async def channel(settings: WhatsAppSettings) -> AsyncIterator[WhatsAppChannel]:
    channel = WhatsAppChannel(settings)
    yield channel
    await channel.close()


@pytest.fixture
async def intruder(settings: WhatsAppSettings) -> AsyncIterator[WhatsAppChannel]:
    """The channel with a token that the API does not know."""
    channel = WhatsAppChannel(replace(settings, token="EAAG-another-token"))
    yield channel
    await channel.close()
