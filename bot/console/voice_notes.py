"""The voice notes that people sent, to be heard in the thread where they stand."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.channels.sound import sound_response
from bot.console.visit import Console, Visit, guarded
from bot.followup.voice_notes import hear


def routes(console: Console) -> list[BaseRoute]:
    """Return the route of a sound."""
    return [guarded(console, "/voice-notes/{id:int}", _sound)]


def _sound(visit: Visit) -> Response:
    with visit.console.database.write() as connection:
        sound = hear(connection, visit.member, visit.number("id"), visit.now)
    return sound_response(sound, visit.request.headers.get("range", ""))
