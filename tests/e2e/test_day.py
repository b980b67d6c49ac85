"""Two workers and a cry for help, from the message to the end of its alert: the whole web role.

The dialogue is not there, and is not needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Event

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update
from sqlalchemy.engine import Row

from bot.console.visit import SESSION_COOKIE
from bot.db.tables import alert
from bot.demo.people import AWA, member_row
from bot.followup import people
from bot.followup.sessions import start_session
from tests.browser import browser
from tests.e2e.web_role import clock, url
from tests.made_up import make_member

__all__ = ["browser", "clock", "url"]

pytestmark = pytest.mark.browser

# An open page shows what is new within this time (milliseconds).
LIVE = 2000
TAKE = "Prendre la conversation"


@pytest.fixture
def staff(installed, clock) -> dict[str, Row]:
    """Give the boys' worker and somebody on call, with nothing else to do."""
    ended = {"state": "resolved", "outcome": "nothing", "resolved_at": clock(), "climbs_at": None}
    with installed.write() as connection:
        connection.execute(update(alert).values(**ended))
        awa = member_row(connection, AWA)
        sita = make_member(connection, people.structure_of(connection, awa), "on_call", "Sita")
        return {"Awa": awa, "Sita": sita}


@pytest.fixture
def signed_in(installed, browser, clock, url) -> Iterator[Callable[[Row], Page]]:
    """Give a function that opens the page of today as a member of staff."""
    contexts = []

    def open_page(member: Row) -> Page:
        with installed.write() as connection:
            token = start_session(connection, member.id, clock())
        contexts.append(browser.new_context(base_url=url))
        contexts[-1].add_cookies(
            [{"name": SESSION_COOKIE, "value": token, "url": f"{url}/console"}]
        )
        page = contexts[-1].new_page()
        page.goto("/console")
        expect(page.get_by_text("En direct")).to_be_visible()
        page.evaluate("window.notReloaded = true")
        return page

    yield open_page
    for context in contexts:
        context.close()


def test_of_two_who_see_a_cry_for_help_one_answers_it_to_its_end(
    telegram, new_boy, staff, signed_in
):
    boy = new_boy()
    pages = {name: signed_in(member) for name, member in staff.items()}

    telegram.say(boy, "mon oncle me frappe chaque soir")
    for page in pages.values():
        row = page.locator(".alert", has_text=f"Dossier {boy}")
        expect(row).to_be_visible(timeout=LIVE)
        assert page.evaluate("window.notReloaded")
        row.get_by_role("link").click()
        page.get_by_role("link", name="Lire la conversation").click()
        expect(page.get_by_role("button", name=TAKE)).to_be_visible()
    assert "116" in telegram.wait_for(boy).text

    # Both press before either page has shown what the other one does. The route stays: one that is
    # taken away while a request passes leaves that request hanging.
    pressed = Event()
    for page in pages.values():
        page.route(
            "**/thread", lambda route: route.continue_() if pressed.is_set() else route.abort()
        )
    for page in pages.values():
        page.get_by_role("button", name=TAKE).click()
    pressed.set()
    field = "Votre réponse"
    for page in pages.values():
        expect(page.get_by_role("button", name=TAKE)).to_have_count(0)
    (winner,) = [name for name, page in pages.items() if page.get_by_label(field).count()]
    loser = "Sita" if winner == "Awa" else "Awa"
    page, other = pages[winner], pages[loser]
    expect(other.get_by_text(f"{winner} répond à cette personne.")).to_be_visible()
    telegram.wait_for(boy, lambda sent: f"{winner}, une personne" in sent.text)

    page.get_by_label(field).fill("Je suis là. Tu es où ?")
    page.get_by_role("button", name="Envoyer").click()
    telegram.wait_for(boy, lambda sent: "Je suis là. Tu es où ?" in sent.text)
    expect(other.get_by_text("Je suis là. Tu es où ?")).to_be_visible(timeout=LIVE)
    before = len(telegram.sent(boy))
    telegram.say(boy, "au garage")
    for each in pages.values():
        expect(each.get_by_text("au garage")).to_be_visible(timeout=LIVE)
    assert len(telegram.sent(boy)) == before

    page.get_by_role("button", name="Rendre au programme").click()
    telegram.wait_for(boy, lambda sent: "(programme)" in sent.text)
    expect(other.get_by_role("button", name=TAKE)).to_be_visible(timeout=LIVE)
    page.locator("aside").get_by_role("link", name="Violence").click()
    page.get_by_label("Réponse donnée par écrit").check()
    page.get_by_label("Pas de signalement").check()
    page.get_by_label("Pourquoi").fill("Le juge suit déjà.")
    page.get_by_role("button", name="Fermer", exact=True).click()
    expect(page.get_by_text("L’alerte est fermée.")).to_be_visible()
    expect(page.locator(".alert", has_text=f"Dossier {boy}")).to_have_count(0)
    other.goto("/console/alerts?show=closed")
    expect(other.locator(".alert", has_text=f"Dossier {boy}")).to_contain_text("Réponse donnée")
