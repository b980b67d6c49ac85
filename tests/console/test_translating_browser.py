"""The pages of translations in a real browser: on a small phone and a desk, by keys, accessible."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from bot.followup import translations
from tests.browser import assert_accessible, assert_fits, browser
from tests.console.in_browser import complaints, signed_in, site, url
from tests.made_up import make_member

__all__ = ["browser", "complaints", "signed_in", "site", "url"]

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [360, 1280])
def test_a_reviewer_signs_a_sentence_on_a_phone_and_at_a_desk(
    site, office, signed_in, complaints, width
):
    with site.database.write() as connection:
        ama = make_member(connection, office.home, "administrator", "Ama")
        translations.name_reviewer(connection, office.awa.id, "ak", site.clock(), ama)
    page = signed_in(ama, "/console/translations", viewport={"width": width, "height": 800})
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
    assert [c for c in complaints if "422" not in c] == []
