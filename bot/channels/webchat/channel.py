"""Web chat as a channel: its addresses, and a ``send`` with nothing left to do."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timezone

from starlette.routing import BaseRoute

from bot.channels.base import Channel, Intake, Rendered
from bot.channels.webchat.identity import Identity
from bot.channels.webchat.limits import LIMITS
from bot.channels.webchat.pages import ChatPages
from bot.channels.webchat.thread import CHANNEL
from bot.channels.webchat.views import Views
from bot.db.broadcast import Broadcaster
from bot.db.engine import Database
from bot.i18n.catalogs import Catalogs
from bot.i18n.voice_files import VoiceFiles
from bot.settings import PROJECT, Settings


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


class WebchatChannel(Channel):
    """The chat page. Any number of processes may serve it at once."""

    name = CHANNEL
    limits = LIMITS

    def __init__(
        self, settings: Settings, database: Database, clock: Callable[[], datetime] | None = None
    ) -> None:
        self._identity = Identity(
            settings.secret_keys, secure=settings.public_url.startswith("https:")
        )
        self._database = database
        self._clock = clock or _utc_now
        self._bell = Broadcaster(database, CHANNEL)
        self._views = Views(Catalogs(PROJECT / "locales"))
        self._voices = VoiceFiles(PROJECT / "locales")

    def routes(self, intake: Intake) -> list[BaseRoute]:
        """Return the chat page and what it talks to."""
        pages = ChatPages(
            self._identity,
            self._database,
            self._bell,
            intake,
            self._views,
            self._clock,
            self._voices,
        )
        return pages.routes()

    async def run(self, intake: Intake) -> None:
        """Pass on to the open pages that a reply was sent, until cancelled."""
        await self._bell.run()

    async def send(self, address: str, message: Rendered) -> str:
        """Return an id for the reply. Open pages read it from the outbox once it is marked sent."""
        return f"{CHANNEL}-{uuid.uuid4()}"

    async def send_audio(self, address: str, sound: bytes) -> str:
        """Return an id for it. Open pages let it be heard once its row is marked sent."""
        return f"{CHANNEL}-{uuid.uuid4()}"

    async def erase(self, address: str, message_ids: Sequence[str]) -> None:
        """Do nothing: no page shows what is older than the order to erase (see ``thread``)."""
