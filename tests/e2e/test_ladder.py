"""An alert that nobody takes climbs from chat to chat: the whole web role, by a clock that is set.

The dialogue is not there, and is not needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from bot.console.visit import SESSION_COOKIE
from bot.db.tables import alert
from bot.demo.people import AWA, CLARISSE, SERGE, Member, member_row
from bot.followup.consent import make_staff_link_code
from bot.followup.sessions import start_session
from tests.browser import browser
from tests.e2e.processes import Akoma
from tests.e2e.web_role import clock, url

__all__ = ["browser", "clock", "url"]

pytestmark = pytest.mark.browser

CHATS = {AWA: "700801", SERGE: "700802", CLARISSE: "700803"}
CRY = "mon oncle me frappe chaque soir"


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.fixture
def chats(installed, telegram, clock, url) -> dict[Member, str]:
    """Link a chat to each level, and leave nothing of the demo's own to be told."""
    with installed.write() as connection:
        connection.execute(update(alert).values(state="resolved", climbs_at=None))
        codes = {
            member: make_staff_link_code(connection, member_row(connection, member).id, clock())
            for member in CHATS
        }
    for member, code in codes.items():
        telegram.say(CHATS[member], code)
        telegram.wait_for(CHATS[member], lambda sent: "les alertes arrivent ici" in sent.text)
    return CHATS


@pytest.fixture
def console(installed, browser, clock, url) -> Iterator[Page]:
    """Open today's page as Awa."""
    with installed.write() as connection:
        token = start_session(connection, member_row(connection, AWA).id, clock())
    context = browser.new_context(base_url=url)
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": f"{url}/console"}])
    page = context.new_page()
    page.goto("/console")
    yield page
    context.close()


def test_from_chat_to_chat_until_somebody_answers(
    installed, telegram, new_boy, clock, url, chats, console
):
    boy = new_boy()

    def alarm(member: Member, minutes: int) -> str:
        begins = f"🔴 Dossier {boy} · critique · attend depuis {minutes} min"
        sent = telegram.wait_for(chats[member], lambda sent: _plain(sent.text).startswith(begins))
        assert sent.titles == ["Je prends", "Pas disponible"]
        assert "oncle" not in sent.text
        return _plain(sent.text)

    def told(member: Member, words: str) -> None:
        telegram.wait_for(chats[member], lambda sent: words in _plain(sent.text))

    telegram.say(boy, CRY)
    assert "116" in telegram.wait_for(boy).text
    assert f"{url}/console/alerts/" in alarm(AWA, 0)
    row = console.locator(".alert", has_text=f"Dossier {boy}")
    expect(row).to_contain_text("c’est pour vous")

    clock.forward(timedelta(minutes=5))
    assert "Personne ne s'en occupe encore." in alarm(SERGE, 5)
    telegram.press(chats[SERGE], "Je prends")
    told(SERGE, f"Dossier {boy} : c'est pour vous.")
    told(AWA, f"Dossier {boy} : Serge s'en occupe.")
    expect(row).to_contain_text("pour Serge")

    clock.forward(timedelta(minutes=10))
    alarm(CLARISSE, 15)
    expect(row).to_contain_text("pour Serge")
    telegram.press(chats[CLARISSE], "Je prends")
    told(SERGE, f"Dossier {boy} : Clarisse s'en occupe.")

    row.get_by_role("link").click()
    console.get_by_role("link", name="Lire la conversation").click()
    console.get_by_role("button", name="Prendre la conversation").click()
    console.get_by_label("Votre réponse").fill("Je suis là.")
    console.get_by_role("button", name="Envoyer").click()
    # It is long since the boy wrote: his phone shows the notice, and the rest when he asks.
    telegram.wait_for(boy, lambda sent: sent.has_button("Lire"))
    telegram.press(boy, "Lire")
    telegram.wait_for(boy, lambda sent: "Je suis là." in sent.text)

    clock.forward(timedelta(minutes=10))
    newest = select(alert).order_by(alert.c.id.desc()).limit(1)

    def stands_still() -> bool:
        with installed.read() as connection:
            found = connection.execute(newest).one()
            return (found.state, found.climbs_at) == ("acknowledged", None)

    Akoma.wait_until(stands_still, timeout=20)
