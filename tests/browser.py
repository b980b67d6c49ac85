"""A real Chromium, and what every page must satisfy in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from shutil import which

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError

_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    # A microphone that hears a beep, and may be used without a question.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_SERIOUS = ("serious", "critical")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give a Chromium: the system's, else the one that Playwright has fetched; else skip.

    One a module, not one a session: as long as it lives, Playwright keeps an event loop running in
    the thread of the tests, and asynchronous tests could not run theirs.
    """
    with sync_playwright() as playwright:
        path = os.environ.get("AKOMA_TEST_CHROMIUM") or next(filter(None, map(which, _NAMES)), None)
        if path is None and not Path(playwright.chromium.executable_path).exists():
            pytest.skip("no Chromium here")
        try:
            chromium = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        except PlaywrightError:
            # What it needs of the system is not there.
            pytest.skip("the Chromium here does not start")
        yield chromium
        chromium.close()


def assert_accessible(page: Page) -> None:
    """Fail if axe finds anything serious."""
    found = Axe().run(page).response["violations"]
    serious = [
        f"{violation['id']}: {node['html']}"
        for violation in found
        if violation["impact"] in _SERIOUS
        for node in violation["nodes"]
    ]
    assert not serious, "\n".join(serious)


def assert_fits(page: Page) -> None:
    """Fail if the page must be scrolled sideways."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def collect_complaints(page: Page, into: list[str]) -> None:
    """Add the page's errors, and what its content policy stopped, to a list."""

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            into.append(message.text)

    page.on("pageerror", lambda error: into.append(str(error)))
    page.on("console", note)


__all__ = ["assert_accessible", "assert_fits", "browser", "collect_complaints"]
