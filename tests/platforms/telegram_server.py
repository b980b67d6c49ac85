"""A local Telegram: answers the Bot API, and has phones that write, press and block.

It behaves as the documentation (https://core.telegram.org/bots/api) and the real server's source
(tdlib/telegram-bot-api) say: what breaks a limit is refused with 400, a second poller makes the
first fail with 409, a bot that was blocked gets 403.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from tests.platforms import telegram_payloads as payloads
from tests.platforms.base import PlatformServer, Sent
from tests.platforms.telegram_payloads import Json
from tests.platforms.telegram_updates import Refusal, Updates

# Telegram takes forms; these fields of theirs hold JSON, the others are text.
_JSON_FIELDS = {"offset", "limit", "timeout", "allowed_updates", "message_ids", "reply_markup"}
_FOREVER = 3600


async def _fields(request: Request) -> list[tuple[str, Any]]:
    """Return the fields of a form: text, and of a form of several parts the bytes of its files."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return list(parse_qsl((await request.body()).decode(), keep_blank_values=True))
    async with request.form() as form:
        return [
            (name, value if isinstance(value, str) else await value.read())
            for name, value in form.multi_items()
        ]


@dataclass(frozen=True)
class _Fault:
    method: str
    refusal: Refusal | None = None  # none: never answer
    accept: bool = False  # do what is asked, though


class TelegramServer(PlatformServer):
    """One bot and the phones that write to it. An address is a chat's id, as text.

    What our side did is plain to read: ``calls`` (method, parameters), ``refused`` (method, HTTP
    status), ``answered`` (ids of callback queries), ``deleted`` (address, message id), ``webhook``
    (parameters of setWebhook).
    """

    def __init__(self, token: str = "7000000001:an-invented-token") -> None:
        super().__init__()
        self.token = token
        self.calls: list[tuple[str, Json]] = []
        self.refused: list[tuple[str, int]] = []
        self.answered: list[str] = []
        self.deleted: list[tuple[str, int]] = []
        self._updates = Updates()
        self._message_id = 0
        self._files: dict[str, bytes] = {}
        self._undeletable: set[int] = set()
        self._blocked: set[str] = set()
        self._faults: list[_Fault] = []
        self._methods: dict[str, Callable[[Json], Awaitable[Any]]] = {
            "getMe": self._get_me,
            "getUpdates": self._get_updates,
            "sendMessage": self._send_message,
            "sendVoice": self._send_voice,
            "deleteMessages": self._delete_messages,
            "answerCallbackQuery": self._answer_callback_query,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getFile": self._get_file,
        }

    @property
    def webhook(self) -> Json:
        """What setWebhook was last called with; empty after deleteWebhook."""
        return self._updates.webhook

    @property
    def unconfirmed(self) -> int:
        """How many updates our side has not acknowledged yet."""
        return self._updates.unconfirmed

    def stop(self) -> None:
        """Stop serving, and posting to a webhook."""
        self._updates.close()
        super().stop()

    # What the person does on the phone. Each returns the update's id.

    def say(self, address: str, text: str, provider_id: str | None = None) -> str:
        """Write ``text``. With the id of an earlier update: deliver that one again."""
        message = self._message(address, text=text)
        return self.push({"message": message}, int(provider_id) if provider_id else None)

    def share(self, address: str, **content: Any) -> str:
        """Send something else, as its field of a Message (``location={...}``)."""
        return self.push({"message": self._message(address, **content)})

    def voice(self, address: str, audio: bytes = b"OggS") -> str:
        """Send a voice note."""
        return self.share(address, voice=payloads.voice(self.keep_media(audio), len(audio)))

    def photo(self, address: str, picture: bytes, caption: str = "") -> str:
        """Send a picture, with words under it; Telegram gives it in two sizes."""
        small, large = self.keep_media(b"a small one"), self.keep_media(picture)
        sizes = [payloads.photo_size(small, 90, 11), payloads.photo_size(large, 800, len(picture))]
        return self.share(address, photo=sizes, **({"caption": caption} if caption else {}))

    def edit(self, address: str, message_id: int, text: str) -> str:
        """Change a message that was written."""
        message = self._message(address, text=text)
        changed = {**message, "message_id": message_id, "edit_date": message["date"]}
        return self.push({"edited_message": changed})

    def press(self, address: str, title: str) -> str:
        """Press a button under the newest message that has it."""
        sent = self._newest_with(address, title)
        return self.press_token(address, sent.token(title), int(sent.message_id))

    def press_token(self, address: str, token: str, message_id: int = 1) -> str:
        """Press a button by what it carries: also one that was never shown."""
        shown = payloads.message(address, message_id, payloads.bot(self.token), text="Choisis.")
        query_id = f"4382{self._next_message_id()}"
        query = payloads.callback_query(query_id, address, shown, token)
        return self.push({"callback_query": query})

    def block(self, address: str) -> str:
        """Block the bot: it is told, and what it sends is refused from now on."""
        self._blocked.add(address)
        return self._change_membership(address, "member", "kicked")

    def push(self, update: Json, update_id: int | None = None) -> str:
        """Deliver any update, to the webhook or to whoever polls."""
        return str(self._updates.push(update, update_id))

    # What a test arranges.

    def renumber(self, update_id: int) -> None:
        """Number the next updates from here, as Telegram may after a week without any."""
        self._updates.renumber(update_id)

    def keep_media(self, data: bytes) -> str:
        """Keep a file and return its id."""
        file_id = f"AwACAgQAAx-invented-{len(self._files)}"
        self._files[file_id] = data
        return file_id

    def make_undeletable(self, message_id: int) -> None:
        """Make a message too old to be deleted."""
        self._undeletable.add(message_id)

    def fail_next(
        self,
        status: int,
        *,
        description: str = "",
        retry_after: int = 0,
        method: str = "sendMessage",
        times: int = 1,
    ) -> None:
        """Refuse the next calls of a method; 429 asks to wait ``retry_after`` seconds."""
        self._faults += [_Fault(method, Refusal(status, description, retry_after))] * times

    def hang_next(self, *, method: str = "sendMessage", accept: bool = False) -> None:
        """Never answer the next call of a method; with ``accept`` do what it asks all the same."""
        self._faults.append(_Fault(method, accept=accept))

    def count(self, method: str) -> int:
        """Return how often a method has been called."""
        return sum(called == method for called, _ in self.calls)

    # What our side calls.

    def app(self) -> ASGIApp:
        """Return the API."""
        return Starlette(
            routes=[
                Route("/bot{token}/{method}", self._call, methods=["GET", "POST"]),
                Route("/file/bot{token}/{path:path}", self._download),
            ]
        )

    async def _call(self, request: Request) -> Response:
        method = request.path_params["method"]
        parameters = {
            name: json.loads(value) if name in _JSON_FIELDS else value
            for name, value in await _fields(request)
        }
        self.calls.append((method, parameters))
        try:
            if request.path_params["token"] != self.token:
                raise Refusal(401)
            if method not in self._methods:
                raise Refusal(404)
            return JSONResponse({"ok": True, "result": await self._obey(method, parameters)})
        except Refusal as refusal:
            self.refused.append((method, refusal.status))
            return refusal.answer()

    async def _obey(self, method: str, parameters: Json) -> Any:
        fault = next((fault for fault in self._faults if fault.method == method), None)
        if fault is None:
            return await self._methods[method](parameters)
        self._faults.remove(fault)
        if fault.refusal:
            raise fault.refusal
        if fault.accept:
            await self._methods[method](parameters)
        return await asyncio.sleep(_FOREVER)

    async def _get_me(self, _parameters: Json) -> Json:
        return {**payloads.bot(self.token), "username": "infos_ecole_bot"}

    async def _get_updates(self, parameters: Json) -> list[Json]:
        return await self._updates.get(
            parameters.get("offset", 0),
            parameters.get("limit", 100),
            parameters.get("timeout", 0),
        )

    async def _send_message(self, parameters: Json) -> Json:
        address, text = parameters["chat_id"], parameters.get("text", "")
        keyboard = parameters.get("reply_markup", {}).get("inline_keyboard", [])
        buttons = tuple((b["text"], b["callback_data"]) for row in keyboard for b in row)
        if address in self._blocked:
            raise Refusal(403)
        if not text.strip():
            raise Refusal(400, "Bad Request: message text is empty")
        if len(text) > 4096:
            raise Refusal(400, "Bad Request: message is too long")
        if not all(1 <= len(token.encode()) <= 64 for _, token in buttons):
            raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
        message_id = self._next_message_id()
        kind = "buttons" if buttons else "text"
        self._record(address, Sent(str(message_id), text, buttons, kind))
        return payloads.message(address, message_id, payloads.bot(self.token), text=text)

    async def _send_voice(self, parameters: Json) -> Json:
        address, voice = parameters["chat_id"], parameters["voice"]
        # A file is a part of its own, to which the field refers.
        name = str(voice).removeprefix("attach://")
        sound = parameters.get(name, voice)
        if address in self._blocked:
            raise Refusal(403)
        if not isinstance(sound, bytes):
            raise Refusal(400, "Bad Request: wrong remote file identifier specified")
        if not sound.startswith(b"OggS"):
            raise Refusal(400, "Bad Request: wrong type of the file")
        message_id = self._next_message_id()
        self._record(address, Sent(str(message_id), "", kind="voice", sound=sound))
        shown = payloads.voice(self.keep_media(sound), len(sound))
        return payloads.message(address, message_id, payloads.bot(self.token), voice=shown)

    async def _delete_messages(self, parameters: Json) -> bool:
        ids = parameters["message_ids"]
        if not 1 <= len(ids) <= 100:
            raise Refusal(400, "Bad Request: wrong number of message identifiers")
        if self._undeletable & set(ids):
            raise Refusal(400, "Bad Request: message can't be deleted")
        self.deleted += [(parameters["chat_id"], message_id) for message_id in ids]
        return True

    async def _answer_callback_query(self, parameters: Json) -> bool:
        self.answered.append(parameters["callback_query_id"])
        return True

    async def _set_webhook(self, parameters: Json) -> bool:
        self._updates.set_webhook(parameters)
        return True

    async def _delete_webhook(self, _parameters: Json) -> bool:
        self._updates.set_webhook({})
        return True

    async def _get_file(self, parameters: Json) -> Json:
        file_id = parameters["file_id"]
        if file_id not in self._files:
            raise Refusal(400, "Bad Request: invalid file_id")
        return {
            "file_id": file_id,
            "file_unique_id": "AgAD",
            "file_size": len(self._files[file_id]),
            "file_path": f"files/{file_id}",
        }

    async def _download(self, request: Request) -> Response:
        file_id = request.path_params["path"].removeprefix("files/")
        if request.path_params["token"] != self.token or file_id not in self._files:
            return Refusal(404).answer()
        return Response(self._files[file_id])

    def _message(self, address: str, **content: Any) -> Json:
        sender = payloads.person(address)
        return payloads.message(address, self._next_message_id(), sender, **content)

    def _next_message_id(self) -> int:
        with self._changed:
            self._message_id += 1
            return self._message_id

    def _change_membership(self, address: str, old: str, new: str) -> str:
        change = payloads.membership(address, payloads.bot(self.token), old, new)
        return self.push({"my_chat_member": change})
