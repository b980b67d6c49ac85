"""Who writes: a signed cookie that names an address, as a messenger names a phone.

The address is in no URL and in no field of a form. A page carries a token made from it instead:
a message is taken only from a page of the very address in the cookie. So another site cannot write
in somebody's name, nor can a tab that was left open after the browser became somebody else.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

COOKIE = "chat"
PATH = "/chat"
_STRANGER = "demo-"


class Identity:
    """Signs and reads addresses with the keys of the installation, newest first."""

    def __init__(self, secret_keys: Sequence[str], *, secure: bool) -> None:
        self._keys = [key.encode() for key in secret_keys]
        self._secure = secure

    def become(self, response: Response, address: str) -> None:
        """Let the browser that gets ``response`` write as ``address`` from now on."""
        response.set_cookie(
            COOKIE,
            f"{address}.{self._digest(self._keys[0], 'cookie', address)}",
            path=PATH,
            httponly=True,
            samesite="lax",
            secure=self._secure,
        )

    def address_of(self, request: Request) -> str | None:
        """Return the address that a browser writes as; None without a cookie of our making."""
        address, _, signature = request.cookies.get(COOKIE, "").rpartition(".")
        genuine = any(_same(signature, self._digest(key, "cookie", address)) for key in self._keys)
        return address if address and genuine else None

    def page_token(self, address: str) -> str:
        """Return the token that the pages of ``address`` carry."""
        return self._digest(self._keys[0], "page", address)

    def is_page_of(self, token: str, address: str) -> bool:
        """Tell whether ``token`` comes from a page of ``address``."""
        return any(_same(token, self._digest(key, "page", address)) for key in self._keys)

    @staticmethod
    def _digest(key: bytes, purpose: str, address: str) -> str:
        message = f"webchat {purpose}:{address}".encode()
        return hmac.new(key, message, hashlib.sha256).hexdigest()


def new_address() -> str:
    """Return the address of a visitor whom nobody knows."""
    return _STRANGER + secrets.token_hex(12)


def from_our_own_page(request: Request) -> bool:
    """Tell whether a post was sent by a page of this site, as far as the browser says.

    Every browser sends one of the two headers with a post that a page makes; a request without
    either comes from a program, which has nobody's cookies.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())
