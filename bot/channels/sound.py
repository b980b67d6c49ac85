"""Sounds over HTTP: what kind they are, and a part of one where a browser asks for a part.

Safari plays nothing that is not given in parts; the names of kinds are those browsers know.
"""

from __future__ import annotations

import re

from starlette.responses import Response

OGG = "audio/ogg"
# By the first bytes, at their place. Whatever a phone sends is played as one of these, or not.
_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"OggS", OGG),
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
_UNKNOWN = "application/octet-stream"
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")


def kind_of(sound: bytes) -> str:
    """Return the media type of a sound by its first bytes, never by what its sender says."""
    for at, signature, kind in _SIGNATURES:
        if sound[at : at + len(signature)] == signature:
            return kind
    return _UNKNOWN


def sound_response(sound: bytes, asked_range: str = "") -> Response:
    """Answer with a sound, or with the part that the ``Range`` header asks for.

    Nothing keeps a copy; what is no sound is a file to save, never a page.
    """
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    kind = kind_of(sound)
    if kind == _UNKNOWN:
        headers["Content-Disposition"] = 'attachment; filename="vocal"'
    found = _RANGE.fullmatch(asked_range)
    if found is None:
        return Response(sound, media_type=kind, headers=headers)
    start, end = int(found[1]), int(found[2] or len(sound))
    end = min(end, len(sound) - 1)
    if start > end:
        headers["Content-Range"] = f"bytes */{len(sound)}"
        return Response(status_code=416, headers=headers)
    headers["Content-Range"] = f"bytes {start}-{end}/{len(sound)}"
    return Response(sound[start : end + 1], 206, headers=headers, media_type=kind)
