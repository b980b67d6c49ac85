"""Telegram for the conformance tests: we poll, or Telegram posts to our webhook."""

from __future__ import annotations

from typing import ClassVar

import httpx

from bot.channels.errors import Misconfigured, RecipientGone, Retryable, Throttled
from bot.channels.telegram.webhook import PATH
from bot.db.engine import Database
from bot.settings import Settings, TelegramSettings
from tests.channels.harness.base import Harness
from tests.conftest import KEYS
from tests.platforms.base import Sent
from tests.platforms.telegram_server import TelegramServer


class TelegramPolling(Harness):
    """Long polling, the default: what was not recorded is asked for again by the old offset."""

    name = "telegram"
    address = "7000000011"
    mode: ClassVar[str] = "polling"
    failures = {
        Retryable: lambda self: self.server.fail_next(500),
        Throttled: lambda self: self.server.fail_next(429, retry_after=7),
        RecipientGone: lambda self: self.server.fail_next(403),
        Misconfigured: lambda self: self.server.fail_next(401),
    }
    audio_failures = {
        Retryable: lambda self: self.server.fail_next(500, method="sendVoice"),
        Throttled: lambda self: self.server.fail_next(429, retry_after=7, method="sendVoice"),
        RecipientGone: lambda self: self.server.fail_next(403, method="sendVoice"),
        # Some people let nobody send them voices.
        Misconfigured: lambda self: self.server.fail_next(
            400, description="Bad Request: VOICE_MESSAGES_FORBIDDEN", method="sendVoice"
        ),
    }

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.server = TelegramServer()

    def start_platform(self) -> None:
        self.server.start()

    def stop_platform(self) -> None:
        self.server.stop()

    def settings(self) -> Settings:
        telegram = TelegramSettings(
            token=self.server.token,
            base_url=self.server.base_url,
            mode=self.mode,
            secret="an-invented-secret",
        )
        return Settings("", KEYS, public_url=self.url, telegram=telegram)

    def say(self, text: str) -> None:
        self.server.say(self.address, text)

    def send_note(self, sound: bytes) -> None:
        self.server.voice(self.address, sound)

    def send_picture(self, picture: bytes, caption: str) -> None:
        self.server.photo(self.address, picture, caption)

    def press(self, title: str) -> None:
        self.server.press(self.address, title)

    def acknowledged(self) -> bool:
        return self.server.unconfirmed == 0

    def shown(self) -> list[Sent]:
        return self.server.sent(self.address)

    def post_forged(self) -> int:
        forged = {"update_id": 1}
        headers = {"X-Telegram-Bot-Api-Secret-Token": "another-secret"}
        answer = httpx.post(self.url + PATH, json=forged, headers=headers, trust_env=False)
        return answer.status_code


class TelegramWebhook(TelegramPolling):
    """The webhook: Telegram posts until it is told 200."""

    mode = "webhook"


HARNESSES = [TelegramPolling, TelegramWebhook]
