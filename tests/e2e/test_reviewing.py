"""From a message on Telegram that was not understood to a supervisor who says what it meant."""

from __future__ import annotations

import html
from datetime import datetime, timezone

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from bot.db.tables import review
from bot.demo.people import AWA, member_row
from bot.followup import conversations, people
from tests.browser import browser
from tests.followup.unclear import agree
from tests.made_up import PASSWORD, make_member

__all__ = ["browser"]

pytestmark = [pytest.mark.browser, pytest.mark.model]


@pytest.fixture
def boy(installed, new_boy):
    """Give the address of a boy who, like his guardian, agreed to all that the text says."""
    address = new_boy()
    now = datetime.now(timezone.utc)
    with installed.write() as connection:
        talk = conversations.find(connection, "telegram", address)
        for given_by in ("guardian", "self"):
            agree(connection, talk, now, given_by=given_by)
    return address


@pytest.fixture
def supervisor(installed):
    """Give a supervisor of the boy's centre."""
    with installed.write() as connection:
        home = people.structure_of(connection, member_row(connection, AWA))
        return make_member(connection, home, "supervisor", "Odile")


def test_what_is_asked_back_and_then_chosen_is_reviewed(
    akoma, installed, telegram, boy, supervisor, browser
):
    telegram.say(boy, "et pour Kouadio alors")
    asked = telegram.wait_for(boy, lambda m: "Je n'ai pas compris" in m.text)

    telegram.press(boy, asked.titles[0])
    telegram.wait_for(boy, lambda m: m.text != asked.text)

    page = browser.new_page(base_url=akoma.url)
    page.goto("/console")
    page.get_by_label("Adresse e-mail").fill(supervisor.email)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Pas compris").click()
    item = page.get_by_role("article").filter(has_text="et pour ‹nom› alors")
    expect(item).to_contain_text("La personne a choisi ensuite")
    assert "Kouadio" not in html.unescape(page.content())
    item.get_by_role("button", name="Retenir l’exemple").click()
    expect(item).to_have_count(0)
    page.close()
    with installed.read() as connection:
        kept = connection.execute(select(review).where(review.c.staff_id == supervisor.id)).one()
    assert kept.example == "et pour ‹nom› alors"
    assert kept.intent is not None
