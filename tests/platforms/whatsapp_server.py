"""A local WhatsApp Cloud API: takes our messages, posts what people write to our webhook.

It refuses what the real one refuses: a wrong token or number, lengths and counts beyond the
documented ones, free text outside the 24-hour window.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import httpx
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from bot.settings import WhatsAppSettings
from tests.platforms import whatsapp_payloads as payloads
from tests.platforms.base import PlatformServer, Sent
from tests.platforms.whatsapp_payloads import Json

WINDOW = timedelta(hours=24)
_NEVER = datetime.min.replace(tzinfo=timezone.utc)
# The approved template by language: its text and its button.
TEMPLATES = {
    ("akoma_notice", "fr"): ("Bonjour. Il y a une réponse pour vous.", "Lire"),
    ("akoma_notice", "en"): ("Hello. There is an answer for you.", "Read"),
}


class Refusal(Exception):
    """The API's error object, with its HTTP status."""

    def __init__(self, code: int, details: str, status: int = 400) -> None:
        super().__init__(details)
        self.code, self.status = code, status

    def answer(self) -> JSONResponse:
        """Return it as the API does."""
        error = {
            "message": f"(#{self.code}) {self}",
            "type": "OAuthException",
            "code": self.code,
            "error_data": {"messaging_product": "whatsapp", "details": str(self)},
            "fbtrace_id": "AXo0invented0trace",
        }
        return JSONResponse({"error": error}, self.status)


class WhatsAppServer(PlatformServer):
    """One business number and the phones that write to it.

    ``webhook_url`` is where posts go, once the application under test listens; ``media_url``, if
    set, is where files are said to be; ``uploads`` counts the files handed in.
    """

    def __init__(
        self,
        phone_id: str = "106540352242922",
        token: str = "EAAG-made-up-token",
        app_secret: str = "a-made-up-app-secret",
        verify_token: str = "a-made-up-verify-token",
        version: str = "v23.0",
    ) -> None:
        super().__init__()
        self.phone_id, self.token, self.version = phone_id, token, version
        self.app_secret, self.verify_token = app_secret, verify_token
        self.webhook_url = ""
        self.media_url = ""
        self.tells_size = True
        self.last_post: Json = {}
        self._requests: dict[str, Json] = {}
        self._failures: list[Refusal] = []
        self._upload_failures: list[Refusal] = []
        self.uploads = 0
        self._window_ends: dict[str, datetime] = {}
        self._media: dict[str, bytes] = {}

    def settings(self) -> WhatsAppSettings:
        """Return what our side must know to use this API."""
        return WhatsAppSettings(
            token=self.token,
            phone_id=self.phone_id,
            app_secret=self.app_secret,
            verify_token=self.verify_token,
            base_url=self.base_url,
            api_version=self.version,
        )

    # What the person does on the phone. Each returns the webhook's HTTP status.

    def say(self, address: str, text: str, provider_id: str | None = None) -> int:
        """Write ``text``."""
        return self.write(address, "text", {"body": text}, provider_id)

    def press(self, address: str, title: str) -> int:
        """Press a button, or choose a row, of the newest message that has it ("1 Oui", "Oui")."""
        sent = self._newest_with(address, title)
        token = sent.token(title)
        if sent.kind == "template":
            return self.write(address, "button", {"payload": token, "text": title})
        kind = {"buttons": "button_reply", "list": "list_reply"}[sent.kind]
        reply = {"id": token, "title": title}
        return self.write(address, "interactive", {"type": kind, kind: reply})

    def voice(self, address: str, audio: bytes = b"OggS", provider_id: str | None = None) -> int:
        """Send a voice note."""
        content = {"id": self.keep_media(audio), "mime_type": "audio/ogg", "voice": True}
        return self.write(address, "audio", content, provider_id)

    def photo(self, address: str, picture: bytes, caption: str = "") -> int:
        """Send a picture, with words under it."""
        content = {"id": self.keep_media(picture), "mime_type": "image/jpeg", "sha256": "invented"}
        return self.write(
            address, "image", {**content, **({"caption": caption} if caption else {})}
        )

    def write(
        self, address: str, kind: str, content: object, provider_id: str | None = None
    ) -> int:
        """Send a message of any type of the API."""
        self._window_ends[address] = datetime.now(timezone.utc) + WINDOW
        item = payloads.message(address, kind, content, provider_id)
        return self.deliver(payloads.post(self.phone_id, messages=[item]))

    def status(self, message_id: str, state: str, code: int | None = None) -> int:
        """Tell what became of a message of ours: "delivered", "read", "failed" with ``code``."""
        error = {"code": code, "title": "invented"} if code else None
        item = payloads.status(message_id, _recipient(self._requests[message_id]), state, error)
        return self.deliver(payloads.post(self.phone_id, statuses=[item]))

    def repeat(self) -> int:
        """Post the newest post again, as Meta does for up to 7 days."""
        return self.deliver(self.last_post)

    def close_window(self, address: str) -> None:
        """Let 24 hours pass since this person's last message."""
        self._window_ends.pop(address, None)

    def fail_next(self, code: int, status: int = 400) -> None:
        """Refuse the next message to anyone with an error code of the API and an HTTP status."""
        self._failures.append(Refusal(code, "made to fail by the test", status))

    def fail_next_upload(self, code: int, status: int = 400) -> None:
        """Refuse the next file that is handed in."""
        self._upload_failures.append(Refusal(code, "made to fail by the test", status))

    def request(self, message_id: str) -> Json:
        """Return the message object with which a message was sent."""
        return self._requests[message_id]

    def keep_media(self, data: bytes) -> str:
        """Keep a file and return its id."""
        media_id = str(1003383421387256 + len(self._media))
        self._media[media_id] = data
        return media_id

    def deliver(self, post: Json) -> int:
        """Post to the webhook, signed; return the HTTP status, 0 where nobody answers."""
        self.last_post = post
        body = json.dumps(post).encode()
        headers = {
            "Content-Type": "application/json",
            "X-Hub-Signature-256": payloads.sign(body, self.app_secret),
        }
        try:
            answer = httpx.post(
                self.webhook_url, content=body, headers=headers, timeout=30, trust_env=False
            )
        except httpx.TransportError:
            return 0
        return answer.status_code

    # What our side calls.

    def app(self) -> ASGIApp:
        """Return the API."""
        return Starlette(
            routes=[
                Route("/{version}/{phone_id}/messages", self._post_message, methods=["POST"]),
                Route("/{version}/{phone_id}/media", self._take_media, methods=["POST"]),
                Route("/{version}/{media_id}", self._get_media_url),
                Route("/files/attachments/{media_id}", self._get_media),
            ]
        )

    async def _post_message(self, request: Request) -> Response:
        try:
            self._authorise(request)
            if request.path_params != {"version": self.version, "phone_id": self.phone_id}:
                raise Refusal(100, "Unsupported post request.")
            if self._failures:
                raise self._failures.pop(0)
            message = await request.json()
            sent = self._accept(message)
        except Refusal as refusal:
            return refusal.answer()
        address = _recipient(message)
        self._requests[sent.message_id] = message
        self._record(address, sent)
        return JSONResponse(
            {
                "messaging_product": "whatsapp",
                "contacts": [{"input": address, "wa_id": address}],
                "messages": [{"id": sent.message_id}],
            }
        )

    async def _take_media(self, request: Request) -> Response:
        try:
            self._authorise(request)
            if request.path_params != {"version": self.version, "phone_id": self.phone_id}:
                raise Refusal(100, "Unsupported post request.")
            if self._upload_failures:
                raise self._upload_failures.pop(0)
            async with request.form() as form:
                _require(form.get("messaging_product") == "whatsapp", "messaging_product")
                file = form["file"]
                assert isinstance(file, UploadFile)
                kinds = {form.get("type"), file.content_type}
                _require(kinds == {"audio/ogg"}, "type")
                data = await file.read()
        except Refusal as refusal:
            return refusal.answer()
        self.uploads += 1
        return JSONResponse({"id": self.keep_media(data)})

    async def _get_media_url(self, request: Request) -> Response:
        media_id = request.path_params["media_id"]
        try:
            self._authorise(request)
            if media_id not in self._media:
                raise Refusal(100, "Object with that id does not exist")
        except Refusal as refusal:
            return refusal.answer()
        url = self.media_url or f"{self.base_url}/files/attachments/{media_id}"
        size = len(self._media[media_id]) if self.tells_size else None
        return JSONResponse({"id": media_id, "url": url, "file_size": size})

    async def _get_media(self, request: Request) -> Response:
        try:
            self._authorise(request)
        except Refusal:
            return Response(status_code=404)
        return Response(self._media[request.path_params["media_id"]])

    def _authorise(self, request: Request) -> None:
        if request.headers.get("authorization") != f"Bearer {self.token}":
            raise Refusal(190, "Invalid OAuth access token.", 401)

    def _audio(self, audio: Json) -> Sent:
        sound = self._media.get(audio["id"])
        if sound is None:
            raise Refusal(131009, "Media ID not found")
        # As a voice message it must be OGG/Opus; anything else would be an attachment.
        _require(audio.get("voice") is True and sound.startswith(b"OggS"), "audio")
        return Sent(payloads.new_id(), "", kind="voice", sound=sound)

    def _accept(self, message: Json) -> Sent:
        _require(message.get("messaging_product") == "whatsapp", "messaging_product")
        address = _recipient(message)
        _require(address.isdecimal() == ("to" in message), "to or recipient")
        kind = message["type"]
        if kind == "template":
            return _template(message["template"])
        if self._window_ends.get(address, _NEVER) < datetime.now(timezone.utc):
            raise Refusal(131047, "Message failed to send because more than 24 hours have passed")
        if kind == "interactive":
            return _interactive(message["interactive"])
        if kind == "audio":
            return self._audio(message["audio"])
        _require(kind == "text", "type")
        text = message["text"]["body"]
        _require_length(text, 4096, "text body")
        return Sent(payloads.new_id(), text)


def _recipient(message: Json) -> str:
    return str(message.get("to") or message.get("recipient"))


def _template(template: Json) -> Sent:
    key = (template["name"], template["language"]["code"])
    if key not in TEMPLATES:
        raise Refusal(132001, "Template name does not exist in the translation", 404)
    text, button = TEMPLATES[key]
    payload = button
    for component in template.get("components", ()):
        _require(component["type"] == "button" and component["index"] == "0", "component")
        payload = component["parameters"][0]["payload"]
    return Sent(payloads.new_id(), text, ((button, payload),), "template")


def _interactive(interactive: Json) -> Sent:
    text, action = interactive["body"]["text"], interactive["action"]
    _require_length(text, 1024, "interactive body")
    if interactive["type"] == "button":
        replies = [button["reply"] for button in action["buttons"]]
        kind, most, longest_title, longest_id = "buttons", 3, 20, 256
    else:
        _require(interactive["type"] == "list", "interactive type")
        _require_length(action["button"], 20, "list button")
        replies = [row for section in action["sections"] for row in section["rows"]]
        kind, most, longest_title, longest_id = "list", 10, 24, 200
    _require(1 <= len(replies) <= most, "number of choices")
    for reply in replies:
        _require_length(reply["title"], longest_title, "title")
        _require_length(reply["id"], longest_id, "id")
    for field in ("id", "title"):
        _require(len({reply[field] for reply in replies}) == len(replies), f"duplicate {field}")
    buttons = tuple((reply["title"], reply["id"]) for reply in replies)
    return Sent(payloads.new_id(), text, buttons, kind)


def _require(condition: object, parameter: str) -> None:
    if not condition:
        raise Refusal(131009, f"Parameter value is not valid: {parameter}")


def _require_length(text: str, longest: int, parameter: str) -> None:
    _require(text.strip() and len(text) <= longest, f"length of {parameter}")
