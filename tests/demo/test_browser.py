"""The front page in a real browser, from a small phone to a desk."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import assert_accessible, assert_fits, browser, collect_complaints

__all__ = ["browser"]

pytestmark = pytest.mark.browser


@pytest.fixture
def complaints() -> list[str]:
    """Collect what the pages of a test complain of."""
    return []


@pytest.fixture
def context(browser: Browser, url: str) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=url)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, complaints: list[str]) -> Page:
    page = context.new_page()
    collect_complaints(page, complaints)
    page.goto("/")
    return page


@pytest.mark.parametrize(
    ("width", "scheme"), [(320, "light"), (360, "dark"), (768, "light"), (1280, "dark")]
)
def test_the_page_fits_every_screen_and_is_readable(page, complaints, width, scheme):
    page.set_viewport_size({"width": width, "height": 740})
    page.emulate_media(color_scheme=scheme)
    assert_fits(page)
    assert_accessible(page)
    page.get_by_role("button", name="Adjoua, avec un code").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Un code pour Adjoua")
    assert_fits(page)
    assert_accessible(page)
    assert complaints == []


def test_who_was_chosen_writes_in_the_chat(page, desk, complaints):
    page.get_by_role("button", name="Koffi").click()
    page.get_by_label("Message", exact=True).fill("mon oncle me frappe")
    page.keyboard.press("Enter")
    expect(page.locator(".own").last).to_contain_text("mon oncle me frappe")
    assert [message.address for message in desk.messages] == ["demo-youth"]
    page.get_by_role("link", name="Changer de personne").click()
    page.get_by_role("button", name="Mariam").click()
    expect(page.locator(".own").last).to_contain_text("merci beaucoup")
    assert complaints == []


def test_a_code_leads_to_the_chat_of_somebody_unknown(page):
    page.get_by_role("button", name="Adjoua, avec un code").click()
    page.get_by_role("link", name="Ouvrir le chat").click()
    expect(page.get_by_role("log")).to_contain_text("s’affichent ici")
    expect(page.locator(".entry")).to_have_count(0)


def test_chat_and_console_are_open_side_by_side_in_one_browser(page, context):
    page.get_by_role("button", name="Mariam").click()
    console = context.new_page()
    console.goto("/")
    console.get_by_role("button", name="Awa").click()
    expect(console.locator("body")).to_have_text("Awa")
    page.reload()
    expect(page.locator(".own").last).to_contain_text("merci beaucoup")
