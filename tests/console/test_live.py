"""The stream that tells open pages to look again."""

from __future__ import annotations

from collections.abc import Iterator

import httpx

from bot.console.visit import SESSION_COOKIE
from bot.followup.sessions import end_session
from tests.console.cases import flag, make_talk

PATIENCE = 10


def _ticks(response: httpx.Response) -> Iterator[str]:
    """Yield what the events carry."""
    for line in response.iter_lines():
        if line.startswith("data:"):
            yield line.removeprefix("data:").strip()


def test_an_open_page_is_told_to_look_and_not_what_there_is(site, office):
    talk = make_talk(site, office)
    token = site.session(office.awa)
    with (
        site.served() as url,
        httpx.Client(base_url=url, cookies={SESSION_COOKIE: token}, timeout=PATIENCE) as client,
        client.stream("GET", "/console/live") as stream,
    ):
        assert stream.headers["content-type"].startswith("text/event-stream")
        ticks = _ticks(stream)
        assert next(ticks) == "look"
        flag(site, talk, "critical")
        assert next(ticks) == "look"
        with site.database.write() as connection:
            end_session(connection, token)
        flag(site, talk, "critical")
        assert list(ticks) == []
