"""Files of people in a real browser: from meeting somebody to the card, narrow and wide."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import insert

from bot.db.tables import checkin
from bot.followup.people import find_person
from bot.settings import TelegramSettings, WhatsAppSettings
from tests.browser import assert_accessible, assert_fits, browser
from tests.console.cases import flag, make_talk, write
from tests.console.in_browser import complaints, signed_in, url
from tests.console.site import Clock, Site
from tests.made_up import make_person
from tests.made_up_caseload import (
    make_aid_kind,
    make_appointment,
    make_due_payment,
    make_link,
    make_programme,
)

__all__ = ["browser", "complaints", "signed_in", "url"]

pytestmark = pytest.mark.browser


@pytest.fixture
def site(sqlite_database, wording, now):
    return Site(
        sqlite_database,
        wording,
        Clock(now),
        telegram=TelegramSettings(name="InfosEcoleBot"),
        whatsapp=WhatsAppSettings(number="99900000001"),
    )


@pytest.fixture
def boy(site, office):
    """Give the file of somebody of whom everything is known."""
    talk = make_talk(site, office, case_number="0317", phone_shared=True, notes="x" * 120)
    with site.database.write() as connection:
        now = site.clock()
        write(connection, talk, "bonjour", now)
        for weeks, week in enumerate((2, 4, 5)):
            at = now - timedelta(weeks=weeks)
            row = {"person_id": talk.person_id, "week": week, "sleep": 3, "at": at}
            connection.execute(insert(checkin).values(**row))
        boy = find_person(connection, talk.person_id)
        mother = make_person(connection, office.home, kind="caregiver", birth_year=1988)
        make_link(connection, mother, boy, "sees_payments", "sees_places")
        make_appointment(connection, boy, now - timedelta(days=2))
        make_appointment(connection, boy, now + timedelta(days=2))
        make_due_payment(connection, boy, now.date())
        make_aid_kind(connection)
        make_programme(connection, office.home)
    flag(site, talk, "critical")
    return boy.id


def test_from_meeting_somebody_to_a_card_in_the_hand(site, office, signed_in, complaints):
    page = signed_in(office.awa, "/console")
    page.get_by_role("link", name="Dossiers").click()
    page.get_by_role("link", name="Nouveau dossier").click()
    page.get_by_label("Prénom").fill("Adjoua")
    page.get_by_label("Nom", exact=True).fill("Inventée")
    page.get_by_label("Année de naissance").fill("2011")
    page.get_by_role("button", name="Ouvrir le dossier").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Adjoua Inventée")
    page.get_by_role("button", name="Faire une carte d’entrée").click()
    expect(page.get_by_role("alert")).to_contain_text("un accord noté")
    page.get_by_label("Un parent, ou qui a la tutelle").check()
    page.get_by_label("Oui", exact=True).check()
    page.locator("#add-consent").get_by_role("button", name="Noter").click()
    page.get_by_role("button", name="Faire une carte d’entrée").click()
    expect(page.locator(".entry-card .qr")).to_have_count(2)
    expect(page).to_have_title("Infos école")
    expect(page.get_by_role("button", name="Imprimer la carte")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".entry-card")).to_be_visible()
    printed = page.locator("body").inner_text()
    for told in ("Akoma", "Adjoua", "Dossier", "Awa"):
        assert told not in printed
    # The browser itself notes the answer 422 to the card that came too early.
    assert [text for text in complaints if "422" not in text] == []


def test_what_is_added_shows_at_once(site, office, boy, signed_in, complaints):
    page = signed_in(office.awa, f"/console/people/{boy}")
    page.get_by_role("button", name="A eu lieu", exact=True).click()
    expect(page.get_by_text("a eu lieu · rue du Marché")).to_be_visible()
    page.get_by_text("Noter une demande").click()
    page.get_by_label("Ce qui est demandé").select_option(label="Kit de couture")
    page.get_by_role("button", name="Noter la demande").click()
    expect(page.get_by_text("Aide demandée : Kit de couture")).to_be_visible()
    page.get_by_label("Ajouter une note").fill("Préfère la tante.")
    page.locator(".note").get_by_role("button", name="Noter").click()
    expect(page.locator(".team-note")).to_contain_text("Préfère la tante.")
    page.get_by_role("link", name="Conversation Telegram").click()
    expect(page.get_by_text("Préfère la tante.")).to_be_visible()
    page.get_by_role("link", name="Dossier 0317").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Dossier 0317")
    assert complaints == []


@pytest.mark.parametrize(
    ("width", "scheme"), [(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")]
)
def test_every_page_fits_and_is_readable(site, office, boy, signed_in, complaints, width, scheme):
    page = signed_in(
        office.fanta,
        "/console/people",
        viewport={"width": width, "height": 740},
        color_scheme=scheme,
    )
    for path in ("/people", "/people/new", f"/people/{boy}", f"/people/{boy + 1}"):
        page.goto(f"/console{path}")
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert_fits(page)
        assert_accessible(page)
    page.goto(f"/console/people/{boy}")
    page.get_by_text("Noter un accord ou un refus").click()
    page.get_by_label("Un parent, ou qui a la tutelle").check()
    page.get_by_label("Oui", exact=True).check()
    page.locator("#add-consent").get_by_role("button", name="Noter").click()
    page.get_by_role("button", name="Faire une carte d’entrée").click()
    expect(page.locator(".entry-code")).to_be_visible()
    assert_fits(page)
    assert_accessible(page)
    assert complaints == []
