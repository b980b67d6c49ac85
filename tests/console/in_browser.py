"""The console in a real browser, for the tests that import these fixtures beside ``browser``.

On SQLite alone: what a page does in a browser does not depend on the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy.engine import Row

from bot.console.visit import SESSION_COOKIE
from bot.db.engine import Database
from tests.browser import browser, collect_complaints
from tests.console.site import Clock, Site

SignedIn = Callable[..., Page]


@pytest.fixture
def site(sqlite_database: Database, wording, now) -> Site:
    """Give the console on an empty SQLite database, in duty hours."""
    return Site(sqlite_database, wording, Clock(now))


@pytest.fixture
def url(site: Site) -> Iterator[str]:
    """Give the address at which the console is served."""
    with site.served() as url:
        yield url


@pytest.fixture
def complaints() -> list[str]:
    """Give what the opened pages complained of."""
    return []


@pytest.fixture
def signed_in(browser: Browser, site: Site, url: str, complaints: list[str]) -> Iterator[SignedIn]:
    """Give a function that opens a page as a member of staff, in a browser of its own.

    None instead of a member: nobody has signed in. ``coded``: with the second step done.
    """
    contexts: list[BrowserContext] = []

    def open_page(member: Row | None, path: str, *, coded: bool = False, **settings) -> Page:
        context = browser.new_context(base_url=url, **settings)
        contexts.append(context)
        if member is not None:
            token = site.session(member, coded=coded)
            context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": f"{url}/console"}])
        page = context.new_page()
        collect_complaints(page, complaints)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


__all__ = ["SignedIn", "browser", "complaints", "signed_in", "site", "url"]
