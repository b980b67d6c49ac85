"""WhatsApp for the conformance tests: Meta posts to our webhook."""

from __future__ import annotations

import httpx

from bot.channels.errors import Misconfigured, RecipientGone, Retryable, Throttled, WindowClosed
from bot.channels.whatsapp.webhook import PATH
from bot.db.engine import Database
from bot.settings import Settings
from tests.channels.harness.base import Harness
from tests.conftest import KEYS
from tests.platforms.base import Sent
from tests.platforms.whatsapp_payloads import message, post
from tests.platforms.whatsapp_server import WhatsAppServer


class WhatsApp(Harness):
    """The webhook, the only way WhatsApp has."""

    name = "whatsapp"
    address = "2250000000011"
    failures = {
        Retryable: lambda self: self.server.fail_next(131016, 500),
        Throttled: lambda self: self.server.fail_next(130429, 429),
        WindowClosed: lambda self: self.server.close_window(self.address),
        RecipientGone: lambda self: self.server.fail_next(131026),
        Misconfigured: lambda self: self.server.fail_next(190, 401),
    }
    audio_failures = {
        **failures,
        Retryable: lambda self: self.server.fail_next_upload(131016, 500),
        Misconfigured: lambda self: self.server.fail_next_upload(131053),
    }

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.server = WhatsAppServer()
        self.server.webhook_url = self.url + PATH
        self._status = 0

    def start_platform(self) -> None:
        self.server.start()

    def stop_platform(self) -> None:
        self.server.stop()

    def settings(self) -> Settings:
        return Settings("", KEYS, public_url=self.url, whatsapp=self.server.settings())

    def say(self, text: str) -> None:
        self._status = self.server.say(self.address, text)

    def send_note(self, sound: bytes) -> None:
        self._status = self.server.voice(self.address, sound)

    def send_picture(self, picture: bytes, caption: str) -> None:
        self._status = self.server.photo(self.address, picture, caption)

    def press(self, title: str) -> None:
        self._status = self.server.press(self.address, title)

    def repeat(self) -> None:
        self._status = self.server.repeat()

    def acknowledged(self) -> bool:
        return self._status == 200

    def shown(self) -> list[Sent]:
        return self.server.sent(self.address)

    def post_forged(self) -> int:
        forged = post(self.server.phone_id, messages=[message(self.address, "text", {"body": "x"})])
        return httpx.post(self.url + PATH, json=forged, trust_env=False).status_code


HARNESSES = [WhatsApp]
