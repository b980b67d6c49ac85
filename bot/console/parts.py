"""What pages that refresh a part of themselves, or have pages of their own, have in common."""

from __future__ import annotations

import hashlib

from starlette.responses import HTMLResponse, Response

from bot.console.visit import Visit


def unchanged_or(visit: Visit, part: str) -> Response:
    """Answer with a part of a page, or with 304 where the page shows just that already."""
    etag = f'"{hashlib.sha256(part.encode()).hexdigest()[:16]}"'
    if visit.request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers={"ETag": etag})
    return HTMLResponse(part, headers={"ETag": etag})


def page_number(visit: Visit) -> int:
    """Return which page of a list is asked for; nonsense is the first one."""
    number = visit.query("page")
    return max(1, int(number)) if number.isdecimal() and len(number) < 6 else 1
