"""How the local Telegram delivers updates: by long polling with offsets, or by posting them.

Follows the real server (tdlib/telegram-bot-api, ``Client::do_get_updates``).
"""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
from starlette.responses import JSONResponse

from tests.platforms.telegram_payloads import Json

_REPOST_SECONDS = 0.1
_POSTS_AT_ONCE = 20
_TWO_POLLERS = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)
_WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
_DESCRIPTIONS = {
    400: "Bad Request: chat not found",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: _TWO_POLLERS,
    429: "Too Many Requests: retry after {retry_after}",
    500: "Internal Server Error",
}


class Refusal(Exception):
    """An answer of the Bot API that is not ok."""

    def __init__(self, status: int, description: str = "", retry_after: int = 0) -> None:
        description = description or _DESCRIPTIONS[status].format(retry_after=retry_after)
        super().__init__(description)
        self.status, self.retry_after = status, retry_after

    def answer(self) -> JSONResponse:
        """Return it as the API does."""
        body: Json = {"ok": False, "error_code": self.status, "description": str(self)}
        if self.retry_after:
            body["parameters"] = {"retry_after": self.retry_after}
        return JSONResponse(body, self.status)


class Updates:
    """The updates of one bot that wait to be taken. Pushed by any thread."""

    def __init__(self) -> None:
        self.webhook: Json = {}
        self._pending: list[Json] = []
        self._last_id = 100_000
        self._long_poll: asyncio.Future[None] | None = None
        self._lock = threading.RLock()
        self._stopping = threading.Event()
        self._poster = ThreadPoolExecutor(max_workers=_POSTS_AT_ONCE)
        self._http = httpx.Client(timeout=60, trust_env=False)

    @property
    def unconfirmed(self) -> int:
        """How many updates nobody has taken yet."""
        return len(self._pending)

    def push(self, update: Json, update_id: int | None = None) -> int:
        """Deliver an update, and return its id: the next one, or one that was given before."""
        with self._lock:
            if update_id is None:
                self._last_id += 1
                update_id = self._last_id
            numbered = {"update_id": update_id, **update}
            self._pending.append(numbered)
            waiting, self._long_poll = self._long_poll, None
            if self.webhook:
                self._poster.submit(self._post, numbered)
        if waiting:
            waiting.get_loop().call_soon_threadsafe(_settle, waiting)
        return update_id

    def renumber(self, update_id: int) -> None:
        """Number the next updates from here."""
        self._last_id = update_id - 1

    async def get(self, offset: int, limit: int, seconds: float) -> list[Json]:
        """Confirm what lies before ``offset``; wait for what comes next."""
        if self.webhook:
            raise Refusal(409, _WEBHOOK_ACTIVE)
        with self._lock:
            # An offset far ahead of the queue is not believed: the queue is given from its head.
            if offset <= self._last_id + 10:
                self._pending = [u for u in self._pending if u["update_id"] >= offset]
        if seconds:
            await self._wait(seconds)
        return self._pending[:limit]

    def set_webhook(self, webhook: Json) -> None:
        """Post updates, those that wait first. An empty one: poll again."""
        with self._lock:
            self.webhook = webhook
            if webhook:
                self._end_long_poll()
                for update in self._pending:
                    self._poster.submit(self._post, update)

    def close(self) -> None:
        """Stop posting."""
        self._stopping.set()
        self._poster.shutdown()
        self._http.close()

    async def _wait(self, seconds: float) -> None:
        with self._lock:
            if self._pending:
                return
            self._end_long_poll()
            self._long_poll = poll = asyncio.get_running_loop().create_future()
        try:
            await asyncio.wait_for(poll, seconds)
        except asyncio.TimeoutError:
            return

    def _end_long_poll(self) -> None:
        if self._long_poll and not self._long_poll.done():
            self._long_poll.set_exception(Refusal(409))

    def _post(self, update: Json) -> None:
        while self.webhook and update in self._pending and not self._stopping.is_set():
            if self._post_once(update):
                with self._lock:
                    self._pending.remove(update)
                return
            self._stopping.wait(_REPOST_SECONDS)

    def _post_once(self, update: Json) -> bool:
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook.get("secret_token", "")}
        try:
            return self._http.post(self.webhook["url"], json=update, headers=headers).is_success
        except httpx.HTTPError:
            return False


def _settle(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
