"""Calls to the Cloud API: post a message, upload a recording, download what a person sent.

Plain httpx: three calls need no library, and the ones there are (pywa was read) read only the first
change of a batch and answer 200 although a handler failed.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx

from bot.channels.base import LARGEST_FILE
from bot.channels.errors import FILE_TOO_BIG, Misconfigured, Retryable, TooLarge
from bot.channels.whatsapp.failures import failure
from bot.settings import WhatsAppSettings

# Long to read: a request that is given up may have been accepted, and is then sent twice. Short
# enough for an answer in two parts within the sender's claim of a minute.
_TIMEOUT = httpx.Timeout(20.0, connect=5.0)
_VOICE = "audio/ogg"
# Where Meta keeps media ("lookaside.fbsbx.com"); the token goes nowhere else.
_MEDIA_DOMAIN = ".fbsbx.com"


class CloudApi:
    """The API as one phone number of ours sees it."""

    def __init__(self, settings: WhatsAppSettings) -> None:
        self._base = f"{settings.base_url}/{settings.api_version}"
        self._messages = f"{self._base}/{settings.phone_id}/messages"
        self._uploads = f"{self._base}/{settings.phone_id}/media"
        self._http = httpx.AsyncClient(
            headers={"Authorization": f"Bearer {settings.token}"}, timeout=_TIMEOUT
        )

    async def post_message(self, message: dict[str, Any]) -> str:
        """Send a message object and return its id ("wamid...").

        Raises:
            SendError: it was not accepted, as far as we know.
        """
        answer = await self._json("POST", self._messages, json=message)
        try:
            return str(answer["messages"][0]["id"])
        except (KeyError, IndexError, TypeError):
            raise Retryable("answer_without_id") from None

    async def upload(self, sound: bytes) -> str:
        """Hand in a recording (OGG/Opus) and return the id to send it by; it lasts 30 days.

        Raises:
            SendError: it was not accepted.
        """
        answer = await self._json(
            "POST",
            self._uploads,
            data={"messaging_product": "whatsapp", "type": _VOICE},
            files={"file": ("1.ogg", sound, _VOICE)},
        )
        media_id = answer.get("id")
        if not media_id:
            raise Retryable("answer_without_id")
        return str(media_id)

    async def download(self, media_id: str) -> bytes:
        """Return a picture, voice note or document that a person sent.

        Raises:
            SendError: it is gone (Meta keeps it for 7 days), too large, or kept at a place that
                is not Meta's.
        """
        answer = await self._json("GET", f"{self._base}/{quote(media_id, safe='')}")
        if _size(answer) > LARGEST_FILE:
            raise TooLarge(FILE_TOO_BIG)
        url = str(answer.get("url", ""))
        if not self._is_trusted(url):
            raise Misconfigured("media_host")
        data = bytearray()
        try:
            async with self._http.stream("GET", url) as response:
                if response.status_code != httpx.codes.OK:
                    raise failure(None, response.status_code)
                async for chunk in response.aiter_bytes():
                    data += chunk
                    if len(data) > LARGEST_FILE:
                        raise TooLarge(FILE_TOO_BIG)
        except httpx.HTTPError as error:
            raise _network_failure(error) from None
        return bytes(data)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    def _is_trusted(self, address: str) -> bool:
        try:
            url, api = httpx.URL(address), httpx.URL(self._base)
        except httpx.InvalidURL:
            return False
        if (url.scheme, url.host, url.port) == (api.scheme, api.host, api.port):
            return True
        return url.scheme == "https" and url.host.endswith(_MEDIA_DOMAIN)

    async def _json(self, method: str, url: str, **content: Any) -> dict[str, Any]:
        try:
            response = await self._http.request(method, url, **content)
        except httpx.HTTPError as error:
            raise _network_failure(error) from None
        try:
            body = response.json()
        except ValueError:
            body = None
        if response.is_success and isinstance(body, dict):
            return body
        if response.is_success:
            raise Retryable("answer_not_json")
        error_object = body.get("error") if isinstance(body, dict) else None
        code = error_object.get("code") if isinstance(error_object, dict) else None
        raise failure(code, response.status_code)


def _size(media: dict[str, Any]) -> int:
    """Return how large Meta says that a file is, in bytes; what it really has is counted too."""
    size = str(media.get("file_size", ""))
    return int(size) if size.isdecimal() else 0


def _network_failure(error: httpx.HTTPError) -> Retryable:
    # The exception itself is not kept: its text may hold the address of a person's picture.
    return Retryable("timeout" if isinstance(error, httpx.TimeoutException) else "network")
