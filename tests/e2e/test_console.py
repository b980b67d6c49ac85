"""A cry for help on Telegram, answered in a real browser: the whole way, through real processes."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from bot.demo.people import AWA, member_row
from bot.followup import people
from tests.browser import browser
from tests.made_up import PASSWORD, make_member

__all__ = ["browser"]

pytestmark = pytest.mark.browser


@pytest.fixture
def worker(installed):
    """Give somebody on call at the boy's centre, whose password is known."""
    with installed.write() as connection:
        home = people.structure_of(connection, member_row(connection, AWA))
        return make_member(connection, home, "on_call", "Sita")


def test_a_workers_reply_typed_in_a_browser_reaches_the_telegram_chat(
    akoma, telegram, new_boy, worker, browser
):
    boy = new_boy()
    page = browser.new_page(base_url=akoma.url)
    page.goto("/console")
    page.get_by_label("Adresse e-mail").fill(worker.email)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("En direct")).to_be_visible()

    telegram.say(boy, "mon oncle me frappe chaque soir")
    assert "116" in telegram.wait_for(boy).text
    case = page.get_by_text(f"Dossier {boy}")
    expect(case).to_be_visible(timeout=5000)
    case.click()

    page.get_by_role("link", name="Lire la conversation").click()
    page.get_by_role("button", name="Prendre la conversation").click()
    assert "Sita, une personne" in telegram.wait_for(boy, lambda m: "Sita" in m.text).text
    page.get_by_label("Votre réponse").fill("Je suis là. Tu es où ?")
    page.get_by_role("button", name="Envoyer").click()
    arrived = telegram.wait_for(boy, lambda m: "Tu es où" in m.text)
    assert arrived.text == "Sita, une personne\u00a0: Je suis là. Tu es où ?"

    before = len(telegram.sent(boy))
    telegram.say(boy, "au garage")
    expect(page.get_by_text("au garage")).to_be_visible(timeout=10000)
    # The programme is silent, but for a danger.
    telegram.say(boy, "il veut me tuer ce soir")
    expect(page.get_by_text("il veut me tuer ce soir")).to_be_visible(timeout=10000)
    assert "116" in telegram.wait_for(boy, lambda m: m in telegram.sent(boy)[before:]).text
    assert len(telegram.sent(boy)) == before + 1
    page.get_by_role("button", name="Rendre au programme").click()
    assert "programme" in telegram.wait_for(boy, lambda m: "(programme)" in m.text).text
    page.close()
