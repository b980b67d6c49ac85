"""The pages of translations in a real browser: on a small phone and a desk, by keys, accessible."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from bot.console.visit import SESSION_COOKIE
from bot.db.engine import Database
from bot.followup import translations
from tests.browser import assert_accessible, assert_fits, browser, collect_complaints
from tests.console.cases import make_office
from tests.console.site import Clock, Site
from tests.made_up import make_member

__all__ = ["browser"]

pytestmark = pytest.mark.browser


@pytest.fixture
def site(sqlite_database: Database, wording, now) -> Site:
    return Site(sqlite_database, wording, Clock(now))


@pytest.mark.parametrize("width", [360, 1280])
def test_a_reviewer_signs_a_sentence_on_a_phone_and_at_a_desk(browser: Browser, site, width):
    office = make_office(site)
    with site.database.write() as connection:
        ama = make_member(connection, office.home, "administrator", "Ama")
        translations.name_reviewer(connection, office.awa.id, "ak", site.clock(), ama)
    with site.served() as url:
        context = browser.new_context(viewport={"width": width, "height": 800})
        context.add_cookies(
            [{"name": SESSION_COOKIE, "value": site.session(ama), "url": f"{url}/console"}]
        )
        page = context.new_page()
        complaints: list[str] = []
        collect_complaints(page, complaints)
        page.goto(f"{url}/console/translations")
        assert_fits(page)
        assert_accessible(page)
        page.get_by_role("link", name="Twi").click()
        page.get_by_role("link", name="Boutons").click()
        assert_fits(page)
        assert_accessible(page)
        card = page.locator("li.card").filter(has_text="Oui").first
        card.get_by_role("textbox").fill("Yiw")
        card.get_by_role("button", name="signer").click()
        expect(page.get_by_role("status")).to_contain_text("Signé")
        signed = page.locator("li.card:target")
        expect(signed).to_contain_text("signé par Ama")
        expect(signed.get_by_role("textbox")).to_have_value("Yiw")
        signed.get_by_role("textbox").fill("x" * 30)
        signed.get_by_role("button", name="signer").click()
        expect(page.get_by_role("alert")).to_contain_text("Trop long pour un bouton")
        assert_accessible(page)
        context.close()
    assert [c for c in complaints if "422" not in c] == []
