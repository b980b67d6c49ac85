"""The chat page and what it talks to.

Everything works by plain forms and links; the script only spares the reloading.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import anyio
from sse_starlette import EventSourceResponse
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.channels.base import Intake
from bot.channels.sound import sound_response
from bot.channels.webchat.identity import PATH, Identity, from_our_own_page, new_address
from bot.channels.webchat.requests import message_in, receipts_in
from bot.channels.webchat.stream import follow
from bot.channels.webchat.thread import (
    AUDIO,
    CHANNEL,
    Cursor,
    Thread,
    read_thread,
    receipts_of,
    voice_of,
)
from bot.channels.webchat.views import Views
from bot.db.broadcast import Broadcaster
from bot.db.engine import Database
from bot.forms import Fields, first, read_fields
from bot.i18n.encode import join
from bot.i18n.recordings import sounds_at
from bot.i18n.voice_files import VoiceFiles

_HERE = Path(__file__).parent
# When the server stops, a stream that has not ended by itself is cut off.
_SECONDS_TO_LEAVE = 1.0
_LARGEST_ID = 2**31 - 1
# The next one to hold the phone finds nothing by "back"; our own forms still say where they are.
_PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
# Sent by the script: it wants no page in return.
_SCRIPT_HEADER = "x-requested-with"


class ChatPages:
    """The routes of the chat, built once with all that they need."""

    def __init__(
        self,
        identity: Identity,
        database: Database,
        bell: Broadcaster,
        intake: Intake,
        views: Views,
        clock: Callable[[], datetime],
        voices: VoiceFiles,
    ) -> None:
        self._identity = identity
        self._database = database
        self._bell = bell
        self._intake = intake
        self._clock = clock
        self._views = views
        self._voices = voices

    def routes(self) -> list[BaseRoute]:
        """Return the routes, all under ``/chat``."""
        return [
            Route(PATH, self._page),
            Route(f"{PATH}/messages", self._receive_message, methods=["POST"]),
            Route(f"{PATH}/receipts", self._receive_receipts, methods=["POST"]),
            Route(f"{PATH}/events", self._events),
            Route(f"{AUDIO}/{{id:int}}", self._audio),
            Mount(f"{PATH}/static", StaticFiles(directory=_HERE / "static"), name="chat-static"),
        ]

    async def _page(self, request: Request) -> Response:
        address = self._identity.address_of(request)
        writes_as = address or new_address()
        thread = await run_in_threadpool(self._read, writes_as, Cursor())
        token = self._identity.page_token(writes_as)
        page = self._views.page(thread, token)
        response = HTMLResponse(page, headers=_PRIVATE)
        if address is None:
            self._identity.become(response, writes_as)
        return response

    async def _receive_message(self, request: Request) -> Response:
        address, fields = await self._posted(request)
        message = message_in(fields, address, self._clock())
        if message is not None:
            await self._intake(CHANNEL, [message])
            # Other tabs of the same browser; and this one, whose own message comes back to it.
            self._bell.ring()
        if _SCRIPT_HEADER in request.headers:
            return Response(status_code=200, headers=_PRIVATE)
        return RedirectResponse(PATH, status_code=303)

    async def _receive_receipts(self, request: Request) -> Response:
        address, fields = await self._posted(request)
        updates = receipts_in(fields, self._clock())
        claimed = [update.message_id for update in updates]
        own = await run_in_threadpool(self._own_receipts, address, claimed)
        genuine = [update for update in updates if update.message_id in own]
        if genuine:
            await self._intake(CHANNEL, genuine)
        return Response(status_code=200)

    async def _events(self, request: Request) -> Response:
        address = self._identity.address_of(request)
        if address is None:
            raise HTTPException(403)
        token = self._identity.page_token(address)
        # A browser that reconnects sends the header; one that connects first, what its page shows.
        seen = request.headers.get("last-event-id") or request.query_params.get("after", "")
        leaving = anyio.Event()
        events = follow(
            lambda cursor: self._read(address, cursor),
            lambda language, entry: self._views.entry(entry, language, token),
            self._bell,
            leaving,
            page_token=token,
            seen=Cursor.parse(seen),
        )
        return EventSourceResponse(
            events, shutdown_event=leaving, shutdown_grace_period=_SECONDS_TO_LEAVE
        )

    async def _audio(self, request: Request) -> Response:
        address = self._identity.address_of(request)
        if address is None:
            raise HTTPException(403)
        sound = await run_in_threadpool(self._sound, address, request.path_params["id"])
        if sound is None:
            raise HTTPException(404)
        return sound_response(sound, request.headers.get("range", ""))

    async def _posted(self, request: Request) -> tuple[str, Fields]:
        """Return who posts, and what.

        Raises:
            HTTPException: 403, not from a page of our own; 409, from a page of somebody else.
        """
        address = self._identity.address_of(request)
        if address is None or not from_our_own_page(request):
            raise HTTPException(403)
        fields = await read_fields(request)
        if not self._identity.is_page_of(first(fields, "page"), address):
            raise HTTPException(409)
        return address, fields

    def _read(self, address: str, seen: Cursor) -> Thread:
        with self._database.read() as connection:
            return read_thread(connection, address, seen)

    def _sound(self, address: str, outbox_id: int) -> bytes | None:
        if outbox_id > _LARGEST_ID:
            return None
        with self._database.read() as connection:
            voice = voice_of(connection, address, outbox_id)
            sounds = sounds_at(connection, self._voices, voice) if voice else []
        return join(sounds) if sounds else None

    def _own_receipts(self, address: str, claimed: list[str]) -> set[str]:
        with self._database.read() as connection:
            return set(receipts_of(connection, address, claimed))
