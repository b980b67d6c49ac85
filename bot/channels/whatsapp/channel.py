"""WhatsApp as a channel: what it can show, and our replies in the Cloud API's terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from starlette.routing import BaseRoute

from bot.channels.base import Channel, Intake, Limits, Rendered, label
from bot.channels.whatsapp.client import CloudApi
from bot.channels.whatsapp.uploads import Uploads
from bot.channels.whatsapp.webhook import webhook_routes
from bot.settings import WhatsAppSettings

# The approved utility template: a neutral notice with one button, without parameters
# (its texts are in docs/go-live.md).
TEMPLATE = "akoma_notice"
# The languages it is approved in, by ours. All others read French (see locales/languages.yml).
TEMPLATE_LANGUAGES: Mapping[str, str] = {"en": "en", "ak": "en"}
TEMPLATE_FALLBACK = "fr"

# What opens a list. It needs no translation and fits the 20 characters allowed.
LIST_LABEL = "▾ 1, 2, 3…"


class WhatsAppChannel(Channel):
    """One WhatsApp number of ours."""

    name = "whatsapp"
    limits = Limits(
        # A plain text may have 4096 characters, but one with buttons 1024. Every part keeps to the
        # smaller: the last part carries the choices, whichever part that turns out to be.
        text=1024,
        buttons=3,
        button_title=20,
        list_rows=10,
        list_title=24,
        window=timedelta(hours=24),
        # A number has 80 messages a second for both directions together, and an answer follows
        # on each message that comes in.
        per_second=40,
        # One person may get a message every 6 s in the long run, and 45 at once on credit (else
        # 131056). Of the credit a little is left for what other processes have under way.
        per_chat_interval=timedelta(seconds=6),
        per_chat_burst=40,
        # A larger voice than 512 kB is shown as a file to be downloaded first.
        audio=512 * 1024,
    )

    def __init__(self, settings: WhatsAppSettings) -> None:
        self._settings = settings
        self._api = CloudApi(settings)
        self._media = Uploads(self._api)

    def routes(self, intake: Intake) -> list[BaseRoute]:
        """Return the webhook; none without app secret and verify token (never unsigned posts)."""
        return webhook_routes(self._settings, intake)

    async def send(self, address: str, message: Rendered) -> str:
        """Send one message and return its id ("wamid...")."""
        return await self._api.post_message({**_recipient(address), **_content(message)})

    async def send_template(self, address: str, language: str, text: str, token: str = "") -> str:
        """Send the approved notice; its wording is the template's own, so ``text`` is not used."""
        code = TEMPLATE_LANGUAGES.get(language, TEMPLATE_FALLBACK)
        template: dict[str, Any] = {"name": TEMPLATE, "language": {"code": code}}
        if token:
            payload = {"type": "payload", "payload": token}
            template["components"] = [
                {"type": "button", "sub_type": "quick_reply", "index": "0", "parameters": [payload]}
            ]
        return await self._api.post_message(
            {**_recipient(address), "type": "template", "template": template}
        )

    async def send_audio(self, address: str, sound: bytes) -> str:
        """Send a recording as a voice message: uploaded first, then sent by its id."""
        audio = {"id": await self._media.id_of(sound), "voice": True}
        return await self._api.post_message(
            {**_recipient(address), "type": "audio", "audio": audio}
        )

    async def erase(self, address: str, message_ids: Sequence[str]) -> None:
        """Do nothing: WhatsApp lets a business delete no message from a person's phone.

        That is why the welcome says what cannot be erased (safeguarding 11).
        """

    async def fetch_media(self, media: str) -> bytes:
        """Return the bytes of a voice note, picture or document."""
        return await self._api.download(media)

    async def close(self) -> None:
        """Close connections."""
        await self._api.close()


def _recipient(address: str) -> dict[str, Any]:
    # A person who hides their number has an id like "CI.1349120865530274", in a field of its own.
    field = "to" if address.isdecimal() else "recipient"
    return {"messaging_product": "whatsapp", "recipient_type": "individual", field: address}


def _content(message: Rendered) -> dict[str, Any]:
    if message.buttons:
        buttons = [
            {"type": "reply", "reply": {"id": choice.token, "title": label(choice)}}
            for choice in message.buttons
        ]
        return _interactive("button", message.text, {"buttons": buttons})
    if message.rows:
        rows = [{"id": choice.token, "title": label(choice)} for choice in message.rows]
        action = {"button": LIST_LABEL, "sections": [{"rows": rows}]}
        return _interactive("list", message.text, action)
    return {"type": "text", "text": {"preview_url": False, "body": message.text}}


def _interactive(kind: str, text: str, action: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "interactive",
        "interactive": {"type": kind, "body": {"text": text}, "action": action},
    }
