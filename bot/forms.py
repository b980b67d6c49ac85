"""The fields of a posted form, read with care: a small body, few fields, at most one file."""

from __future__ import annotations

from urllib.parse import parse_qs

from starlette.datastructures import UploadFile
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


async def read_upload(request: Request, largest: int) -> tuple[Fields, bytes]:
    """Return the fields of a form, and its file; b"" without one.

    Args:
        largest: how many bytes the whole form may have.

    Raises:
        HTTPException: 413, larger, or of a size that was not told; 400, not such a form.
    """
    told = request.headers.get("content-length", "")
    if not told.isdecimal() or int(told) > largest:
        raise HTTPException(413)
    fields: Fields = {}
    file = b""
    async with request.form(max_files=1, max_fields=_MOST_FIELDS) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                file = await value.read()
            else:
                fields.setdefault(name, []).append(value)
    return fields, file


def first(fields: Fields, name: str) -> str:
    """Return the value of a field; "" if it is missing or empty."""
    return fields.get(name, [""])[0]
