"""HTTP for python-telegram-bot by aiohttp: a third of what its own, by httpx, costs a message.

The library's seam for this is ``BaseRequest``. What is raised here names no address: addresses of
the Bot API hold the token.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.request import getproxies

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class AiohttpRequest(BaseRequest):
    """Posts forms to the Bot API over one pool of connections, opened with the first request."""

    def __init__(self, connections: int, seconds: float) -> None:
        """Take the size of the pool, and for how long to wait for an answer or a connection."""
        self._connections = connections
        self._seconds = seconds
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer, unless a request says otherwise."""
        return self._seconds

    async def initialize(self) -> None:
        """Do nothing: the pool is opened where it is used."""

    async def shutdown(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Send a request and return the status and the body of the answer.

        Raises:
            TimedOut: no answer, or no connection, in time.
            NetworkError: anything else on the way.
        """
        body, headers = _content(request_data)
        timeout = aiohttp.ClientTimeout(
            sock_read=self._or_default(read_timeout),
            sock_connect=self._or_default(connect_timeout),
            connect=self._or_default(pool_timeout),
        )
        try:
            async with self._open_session().request(
                method, url, data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                return response.status, await response.read()
        except asyncio.TimeoutError:
            raise TimedOut from None
        except aiohttp.ClientError as error:
            raise NetworkError(type(error).__name__) from None

    @staticmethod
    def parse_json_payload(payload: bytes) -> Any:
        """Return the answer that ``payload`` holds; the library's own would log it otherwise.

        Raises:
            TelegramError: it is no JSON.
        """
        try:
            return json.loads(payload)
        except ValueError:
            raise TelegramError("Invalid server response") from None

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                headers={"User-Agent": self.USER_AGENT},
                cookie_jar=aiohttp.DummyCookieJar(),
                # Asked once: with it aiohttp reads the environment for every request.
                trust_env=bool(getproxies()),
            )
        return self._session

    def _or_default(self, seconds: Any) -> float | None:
        return self._seconds if seconds is BaseRequest.DEFAULT_NONE else seconds


def _content(request_data: RequestData | None) -> tuple[bytes | aiohttp.FormData, dict[str, str]]:
    """Return the body of a request and its headers: a form, of several parts if it has files."""
    if request_data is None:
        return b"", _FORM
    if not request_data.contains_files:
        return request_data.url_encoded_parameters().encode(), _FORM
    form = aiohttp.FormData()
    for name, text in request_data.json_parameters.items():
        form.add_field(name, text)
    for name, (filename, content, kind) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form, {}
