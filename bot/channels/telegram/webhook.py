"""The address that Telegram posts updates to."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.base import Intake
from bot.channels.telegram.client import TelegramClient
from bot.channels.telegram.incoming import read_updates

PATH = "/webhooks/telegram"

_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
_LARGEST_BODY = 1024 * 1024


def webhook_route(
    client: TelegramClient, secret: str, intake: Intake, clock: Callable[[], datetime]
) -> Route:
    """Return the route: 403 without the secret, 200 only once the intake has committed.

    An intake that fails ends in 500, and Telegram posts the update again.
    """

    async def receive(request: Request) -> Response:
        given = request.headers.get(_SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return Response(status_code=403)
        body = await _body(request)
        if body is None:
            return Response(status_code=413)
        try:
            update = json.loads(body)
        except ValueError:
            return Response(status_code=400)
        if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
            return Response(status_code=400)
        events = [event for _, event in read_updates([update], client, clock())]
        if events:
            await intake("telegram", events)
        return Response(status_code=200)

    return Route(PATH, receive, methods=["POST"])


async def _body(request: Request) -> bytes | None:
    """Return the body, or None as soon as it is larger than any update."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST_BODY:
            return None
    return bytes(body)
