"""Files over HTTP: of what kind they are, and a part of one where a browser asks for a part.

Safari plays nothing that is not given in parts; the names of kinds are those browsers know.
"""

from __future__ import annotations

import re
from typing import Literal

from starlette.responses import Response

UNKNOWN = "application/octet-stream"

Shape = Literal["picture", "film", "file"]

# What people send besides words and voices. Whatever its sender calls it, it is shown as one of
# these or it is a file to save: never a page, a drawing that holds code (SVG), or a program.
# (first bytes, their place, kind); what needs two looks stands in ``kind_of``.
_SIGNATURES: tuple[tuple[bytes, int, str], ...] = (
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"GIF8", 0, "image/gif"),
    (b"WEBP", 8, "image/webp"),
    # Pictures of newer phones, which most browsers do not show.
    (b"ftyphei", 4, UNKNOWN),
    (b"ftypmif", 4, UNKNOWN),
    (b"ftypavif", 4, "image/avif"),
    (b"ftyp", 4, "video/mp4"),
    (b"\x1a\x45\xdf\xa3", 0, "video/webm"),
    (b"%PDF-", 0, "application/pdf"),
)
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")


def kind_of(content: bytes) -> str:
    """Return the media type of a picture, film or document by its first bytes."""
    for signature, at, kind in _SIGNATURES:
        if content[at : at + len(signature)] == signature:
            return kind
    return UNKNOWN


def shape_of(kind: str) -> Shape:
    """Return how a browser shows a kind."""
    if kind.startswith("image/"):
        return "picture"
    return "film" if kind.startswith("video/") else "file"


def media_response(content: bytes, kind: str, *, save_as: str, asked_range: str = "") -> Response:
    """Answer with a file, or with the part that the ``Range`` header asks for.

    Nothing keeps a copy; what browsers do not show by themselves is a file to save, never a page.
    """
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    if kind.startswith("application/"):
        ending = ".pdf" if kind == "application/pdf" else ""
        headers["Content-Disposition"] = f'attachment; filename="{save_as}{ending}"'
    found = _RANGE.fullmatch(asked_range)
    if found is None:
        return Response(content, media_type=kind, headers=headers)
    start, end = int(found[1]), int(found[2] or len(content))
    end = min(end, len(content) - 1)
    if start > end:
        headers["Content-Range"] = f"bytes */{len(content)}"
        return Response(status_code=416, headers=headers)
    headers["Content-Range"] = f"bytes {start}-{end}/{len(content)}"
    return Response(content[start : end + 1], 206, headers=headers, media_type=kind)
