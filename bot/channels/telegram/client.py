"""The calls that the channel makes to the Bot API, by python-telegram-bot."""

from __future__ import annotations

import asyncio
import logging
import warnings
from collections.abc import Sequence
from typing import Any

import structlog
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
)
from telegram.error import BadRequest
from telegram.warnings import PTBUserWarning

from bot.channels.base import LARGEST_FILE, Rendered, label
from bot.channels.errors import FILE_TOO_BIG, SendError, TooLarge
from bot.channels.tasks import end
from bot.channels.telegram.errors import raising_send_errors
from bot.channels.telegram.request import AiohttpRequest
from bot.settings import TelegramSettings

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")

_CONNECTIONS = 64
_MOST_DELETED_AT_ONCE = 100
_WEBHOOK_CONNECTIONS = 20
# Says nothing; its ending tells the library that it is OGG.
_VOICE_NAME = "1.ogg"

_log = structlog.get_logger(__name__)


class TelegramClient:
    """One bot's side of the Bot API. Every method raises ``SendError`` when Telegram refuses."""

    def __init__(self, settings: TelegramSettings, answer_seconds: float = 10) -> None:
        """Take how to reach the API, and for how many seconds to wait for its answer."""
        _quieten()
        self._answer_seconds = answer_seconds
        self.bot_id = settings.token.partition(":")[0]
        # One pool for all: the long poll holds a connection of it, and waiting for a free one is
        # better than an error.
        self._request = AiohttpRequest(_CONNECTIONS, answer_seconds)
        # The library's ``initialize`` is left out: it asks Telegram at once, and puts the token
        # into the exception when it is refused.
        self._bot = Bot(
            settings.token,
            base_url=f"{settings.base_url}/bot",
            base_file_url=f"{settings.base_url}/file/bot",
            request=self._request,
            get_updates_request=self._request,
        )
        self._answers: set[asyncio.Task[None]] = set()

    async def send(self, address: str, message: Rendered) -> str:
        """Send one message and return Telegram's id of it.

        A time-out is ``Retryable`` although Telegram may have accepted: the API takes no key by
        which a repeat could be known, and a message that comes twice harms less than none.
        """
        rows = [[InlineKeyboardButton(label(c), callback_data=c.token)] for c in message.buttons]
        with raising_send_errors():
            sent = await self._bot.send_message(
                address,
                message.text,
                reply_markup=InlineKeyboardMarkup(rows) if rows else None,
                # A preview would show a site's picture and title on a phone that others see.
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        return str(sent.message_id)

    async def send_voice(self, address: str, sound: bytes) -> str:
        """Send a recording as a voice message and return Telegram's id of it."""
        with raising_send_errors():
            sent = await self._bot.send_voice(address, InputFile(sound, filename=_VOICE_NAME))
        return str(sent.message_id)

    async def erase(self, address: str, message_ids: Sequence[str]) -> None:
        """Delete messages of both sides, as far as Telegram lets a bot: for 48 hours."""
        ids = [int(message_id) for message_id in message_ids]
        for start in range(0, len(ids), _MOST_DELETED_AT_ONCE):
            batch = ids[start : start + _MOST_DELETED_AT_ONCE]
            if await self._delete(address, batch) or len(batch) == 1:
                continue
            # One that is too old fails the whole batch: the others must still go.
            for message_id in batch:
                await self._delete(address, [message_id])

    async def _delete(self, address: str, message_ids: Sequence[int]) -> bool:
        with raising_send_errors():
            try:
                return await self._bot.delete_messages(address, message_ids)
            except BadRequest:
                return False

    async def fetch_media(self, file_id: str) -> bytes:
        """Return a file's bytes. Telegram itself gives bots files of up to 20 MB."""
        with raising_send_errors():
            file = await self._bot.get_file(file_id)
            if (file.file_size or 0) > LARGEST_FILE:
                raise TooLarge(FILE_TOO_BIG)
            return bytes(await file.download_as_bytearray())

    async def get_updates(self, offset: int | None, seconds: int) -> list[dict[str, Any]]:
        """Wait up to ``seconds`` for updates; those before ``offset`` are confirmed by asking.

        They come as Telegram wrote them: the library's own ``get_updates`` fails, and logs all
        that people wrote, when one of them is not as it expects.
        """
        wanted = {"offset": offset, "timeout": seconds, "allowed_updates": ALLOWED_UPDATES}
        with raising_send_errors():
            return await self._bot.do_api_request(
                "getUpdates", api_kwargs=wanted, read_timeout=seconds + self._answer_seconds
            )

    async def set_webhook(self, url: str, secret: str) -> None:
        """Have updates posted to ``url``, with ``secret`` in a header."""
        with raising_send_errors():
            await self._bot.set_webhook(
                url,
                secret_token=secret,
                allowed_updates=ALLOWED_UPDATES,
                max_connections=_WEBHOOK_CONNECTIONS,
            )

    async def delete_webhook(self) -> None:
        """Make room for polling. Updates that wait are kept."""
        with raising_send_errors():
            await self._bot.delete_webhook()

    def answer_soon(self, query_id: str) -> None:
        """Stop the clock on a pressed button, without waiting and whether or not it works."""
        task = asyncio.create_task(self._answer(query_id))
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)

    async def _answer(self, query_id: str) -> None:
        try:
            with raising_send_errors():
                await self._bot.answer_callback_query(query_id)
        except SendError as error:
            _log.info("telegram.answer_failed", code=error.code)

    async def close(self) -> None:
        """Close connections."""
        await end(self._answers)
        await self._request.shutdown()


def _quieten() -> None:
    """Keep addresses, which hold the token, and contents out of the log."""
    for name in ("aiohttp", "telegram"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # ``get_updates`` below says why it does not take the method that the library advises.
    warnings.filterwarnings("ignore", r"Please use 'Bot\.getUpdates'", PTBUserWarning)
