"""Sounds over HTTP: what kind they are, by the names that browsers know."""

from __future__ import annotations

from starlette.responses import Response

from bot.channels.media import UNKNOWN, media_response

OGG = "audio/ogg"
# By the first bytes, at their place. Whatever a phone sends is played as one of these, or not.
_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"OggS", OGG),
    (4, b"ftyp3g", "audio/3gpp"),
    (4, b"ftyp", "audio/mp4"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"\xff\xf1", "audio/aac"),
    (0, b"\xff\xf9", "audio/aac"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"RIFF", "audio/wav"),
    (0, b"\x1a\x45\xdf\xa3", "audio/webm"),
)
# What the recorders of simple phones make, and no browser plays.
_UNPLAYABLE = {"audio/amr", "audio/3gpp", UNKNOWN}


def kind_of(sound: bytes) -> str:
    """Return the media type of a sound by its first bytes, never by what its sender says."""
    for at, signature, kind in _SIGNATURES:
        if sound[at : at + len(signature)] == signature:
            return kind
    return UNKNOWN


def browsers_play(sound: bytes) -> bool:
    """Tell whether browsers can play a sound of this kind."""
    return kind_of(sound) not in _UNPLAYABLE


def sound_response(sound: bytes, asked_range: str = "") -> Response:
    """Answer with a sound, or with the part that the ``Range`` header asks for."""
    return media_response(sound, kind_of(sound), save_as="vocal", asked_range=asked_range)
