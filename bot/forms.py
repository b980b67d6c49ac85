"""The fields of a posted form, read with care: a small body, few fields, nothing else."""

from __future__ import annotations

from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request

_LARGEST_BODY = 64 * 1024
_MOST_FIELDS = 110

Fields = dict[str, list[str]]


async def read_fields(request: Request) -> Fields:
    """Return the fields of a form.

    Raises:
        HTTPException: 413, larger than any form of ours; 400, not a form.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST_BODY:
            raise HTTPException(413)
    try:
        return parse_qs(body.decode(), max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise HTTPException(400) from None


def first(fields: Fields, name: str) -> str:
    """Return the value of a field; "" if it is missing or empty."""
    return fields.get(name, [""])[0]
