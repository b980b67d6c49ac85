"""The voice notes that people sent, to be heard in the thread where they stand.

They are kept as they came. What no browser plays (AMR, of simple phones) is turned into OGG/Opus
for whoever listens.
"""

from __future__ import annotations

from math import inf

from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.channels.sound import browsers_play, sound_response
from bot.console.visit import Console, Visit, guarded
from bot.followup.attachments import open_attachment
from bot.i18n.encode import NotASound, to_voice


def routes(console: Console) -> list[BaseRoute]:
    """Return the route of a sound."""
    return [guarded(console, "/voice-notes/{id:int}", _sound)]


def _sound(visit: Visit) -> Response:
    with visit.console.database.write() as connection:
        voice = open_attachment(connection, visit.member, visit.number("id"), visit.now)
    return sound_response(_playable(voice.content), visit.request.headers.get("range", ""))


def _playable(sound: bytes) -> bytes:
    """Return what a browser plays; a sound that cannot be turned into it as it came, to save."""
    if browsers_play(sound):
        return sound
    try:
        return to_voice(sound, longest=inf)
    except NotASound:
        return sound
