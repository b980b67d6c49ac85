"""The pictures, films and files that people sent, to be opened in the thread where they stand."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.channels.media import UNKNOWN, media_response
from bot.console.visit import Console, Visit, guarded
from bot.followup.attachments import open_attachment


def routes(console: Console) -> list[BaseRoute]:
    """Return the route of a picture."""
    return [guarded(console, "/pictures/{id:int}", _picture)]


def _picture(visit: Visit) -> Response:
    number = visit.number("id")
    with visit.console.database.write() as connection:
        came = open_attachment(connection, visit.member, number, visit.now)
    return media_response(
        came.content,
        came.media_type or UNKNOWN,
        # The name that the file had may say whose it is.
        save_as=str(number),
        asked_range=visit.request.headers.get("range", ""),
    )
