"""A browser without scripts: it loads the page, posts its forms, and can follow its events."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape

import httpx
from starlette.responses import Response

from bot.channels.webchat.identity import COOKIE, PATH, Identity

MESSAGES, RECEIPTS, EVENTS = f"{PATH}/messages", f"{PATH}/receipts", f"{PATH}/events"


@dataclass(frozen=True)
class SentEvent:
    """One event of a stream."""

    name: str
    data: str
    id: str

    @property
    def texts(self) -> list[str]:
        """What is written in its bubble."""
        return texts_in(self.data)


class Visitor:
    """One browser with its cookies."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client

    @property
    def address(self) -> str:
        """The address in the cookie."""
        return self.client.cookies[COOKIE].rpartition(".")[0]

    def take_cookie(self, identity: Identity, address: str) -> None:
        """Write as ``address`` from now on."""
        response = Response()
        identity.become(response, address)
        cookie = response.headers["set-cookie"].partition(";")[0].partition("=")[2]
        self.client.cookies.clear()
        self.client.cookies.set(COOKIE, cookie, path=PATH)

    def page(self) -> str:
        """Load the chat page."""
        return self.client.get(PATH).text

    def fields(self) -> dict[str, str]:
        """Return the hidden fields of the composer on a fresh page."""
        page = self.page()
        composer = page[page.index('class="composer"') :]
        return dict(re.findall(r'name="(page|nonce)" value="([^"]*)"', composer))

    def post(self, headers: dict[str, str] | None = None, **fields: str) -> httpx.Response:
        """Post a message from a fresh page; ``fields`` override those of its form."""
        return self.client.post(MESSAGES, data={**self.fields(), **fields}, headers=headers)

    @contextmanager
    def following(self, after: str = "", last_event_id: str = "") -> Iterator[Iterator[SentEvent]]:
        """Follow the events, from what the page shows or from the last one that was seen."""
        headers = {"Last-Event-ID": last_event_id} if last_event_id else {}
        params = {"after": after} if after else {}
        with self.client.stream("GET", EVENTS, params=params, headers=headers) as response:
            response.raise_for_status()
            yield _events(response.iter_lines())


def texts_in(page: str) -> list[str]:
    """Return what is written in the bubbles of a page or of an event, in order."""
    return [unescape(text) for text in re.findall(r'<p class="text[^"]*">(.*?)</p>', page, re.S)]


def cursor_of(page: str) -> str:
    """Return how far the page has seen."""
    return re.findall(r'data-after="([^"]*)"', page)[0]


def _events(lines: Iterator[str]) -> Iterator[SentEvent]:
    found: dict[str, list[str]] = {}
    for line in lines:
        if line.startswith(":"):
            continue
        if line:
            name, _, value = line.partition(": ")
            found.setdefault(name.rstrip(":"), []).append(value)
            continue
        if found:
            yield SentEvent(
                found.get("event", [""])[0],
                "\n".join(found.get("data", [])),
                found.get("id", [""])[0],
            )
        found = {}
