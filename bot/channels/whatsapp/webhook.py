"""The webhook: Meta's verification, and the posts it signs."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime, timezone

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.channels.base import Intake
from bot.channels.whatsapp.parse import parse
from bot.settings import WhatsAppSettings

PATH = "/webhooks/whatsapp"
# What Meta says its posts may have at most.
_LARGEST_BODY = 3 * 1024 * 1024


def webhook_routes(settings: WhatsAppSettings, intake: Intake) -> list[BaseRoute]:
    """Return the routes, or none where a secret is missing: we never take unsigned posts."""
    if not (settings.app_secret and settings.verify_token):
        return []

    async def verify(request: Request) -> Response:
        """Answer Meta's question, when the address is entered, whether it is ours."""
        query = request.query_params
        if query.get("hub.mode") != "subscribe" or not _same(
            query.get("hub.verify_token", ""), settings.verify_token
        ):
            return Response(status_code=403)
        return PlainTextResponse(query.get("hub.challenge", ""))

    async def receive(request: Request) -> Response:
        """Hand in a whole post; 200 only once all of it is committed, else Meta sends it again."""
        body = await _read(request, _LARGEST_BODY)
        if body is None:
            return Response(status_code=413)
        signature = request.headers.get("x-hub-signature-256", "")
        if not _same(signature, _sign(body, settings.app_secret)):
            return Response(status_code=403)
        try:
            payload = json.loads(body)
        except ValueError:
            payload = None
        if not isinstance(payload, dict):
            return Response(status_code=400)
        events = parse(payload, settings.phone_id, datetime.now(timezone.utc))
        if events:
            await intake("whatsapp", events)
        return Response(status_code=200)

    return [
        Route(PATH, verify, methods=["GET"]),
        Route(PATH, receive, methods=["POST"]),
    ]


def _sign(body: bytes, app_secret: str) -> str:
    return "sha256=" + hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()


def _same(given: str, expected: str) -> bool:
    # As bytes: compare_digest refuses strings beyond ASCII, which anyone may send.
    return hmac.compare_digest(given.encode(), expected.encode())


async def _read(request: Request, limit: int) -> bytes | None:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            return None
    return bytes(body)
