"""Telegram as a channel: what to do in which mode; the work is done beside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timezone

import structlog
from starlette.routing import BaseRoute

from bot.channels.base import Channel, Intake, Rendered
from bot.channels.tasks import run_until_one_ends
from bot.channels.telegram.client import TelegramClient
from bot.channels.telegram.limits import LIMITS
from bot.channels.telegram.poller import Poller, PollTiming
from bot.channels.telegram.retries import Backoff, until_accepted
from bot.channels.telegram.webhook import PATH, webhook_route
from bot.db.engine import Database
from bot.settings import Settings

_TIMING = PollTiming()

_log = structlog.get_logger(__name__)


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


class TelegramChannel(Channel):
    """One bot, by long polling or by a webhook. Any number of processes may run it at once."""

    name = "telegram"
    limits = LIMITS

    def __init__(
        self,
        settings: Settings,
        database: Database,
        clock: Callable[[], datetime] | None = None,
        timing: PollTiming = _TIMING,
    ) -> None:
        self._polls = settings.telegram.mode == "polling"
        self._secret = settings.telegram.secret
        self._webhook_url = settings.public_url + PATH
        self._database = database
        self._clock = clock or _utc_now
        self._timing = timing
        self._client = TelegramClient(settings.telegram)

    def routes(self, intake: Intake) -> list[BaseRoute]:
        """Return the webhook in webhook mode. Without a secret anybody could post: no route."""
        if self._polls or not self._secret:
            return []
        return [webhook_route(self._client, self._secret, intake, self._clock)]

    async def run(self, intake: Intake) -> None:
        """Poll until cancelled; or tell Telegram of the webhook until it has understood."""
        timing = self._timing
        if self._polls:
            await Poller(self._client, self._database, intake, self._clock, timing).run()
        elif self._secret:
            backoff = Backoff(timing.first_pause_seconds, timing.longest_pause_seconds)
            await run_until_one_ends(until_accepted(self._set_webhook, "setWebhook", backoff))
        else:
            _log.error("telegram.receives_nothing", missing="AKOMA_TELEGRAM_SECRET")

    async def _set_webhook(self) -> None:
        await self._client.set_webhook(self._webhook_url, self._secret)

    async def send(self, address: str, message: Rendered) -> str:
        """Send one message; its choices are buttons, one a row."""
        return await self._client.send(address, message)

    async def send_audio(self, address: str, sound: bytes) -> str:
        """Send a recording as a voice message."""
        return await self._client.send_voice(address, sound)

    async def erase(self, address: str, message_ids: Sequence[str]) -> None:
        """Delete both sides' messages of the last 48 hours; what is older stays."""
        await self._client.erase(address, message_ids)

    async def fetch_media(self, media: str) -> bytes:
        """Return the bytes of a file, up to 20 MB."""
        return await self._client.fetch_media(media)

    async def close(self) -> None:
        """Close connections."""
        await self._client.close()
