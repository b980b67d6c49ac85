"""Accounts, administration and figures in a real browser, on a small phone and a desk."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest
from playwright.sync_api import expect
from sqlalchemy.engine import Row

from bot.followup import helplines
from tests.browser import assert_accessible, assert_fits, browser
from tests.console.cases import Office, flag, make_office, make_talk
from tests.console.in_browser import complaints, signed_in, site, url
from tests.console.site import Site
from tests.made_up import PASSWORD, make_member

__all__ = ["browser", "complaints", "signed_in", "site", "url"]

pytestmark = pytest.mark.browser

PHONE = {
    "viewport": {"width": 360, "height": 740},
    "user_agent": "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/130 Mobile",
}
DESK = {"viewport": {"width": 1280, "height": 900}}
OFFICE_PAGES = (
    "/console/admin",
    "/console/admin/staff",
    "/console/admin/staff/new",
    "/console/admin/staff/1",
    "/console/admin/structures",
    "/console/admin/structures/1",
    "/console/admin/helplines",
    "/console/admin/helplines/1",
    "/console/admin/programmes",
    "/console/admin/programmes/new",
    "/console/admin/aid-kinds",
    "/console/admin/aid-kinds/new",
    "/console/rota",
    "/console/translations",
    "/console/voices",
    "/console/structures/1/days-off",
    "/console/account",
    "/console/account/second-step",
)


@pytest.fixture
def office(site: Site) -> Office:
    office = make_office(site)
    with site.database.write() as connection:
        helplines.seed(connection)
    for days in range(6):
        site.clock.forward(timedelta(days=-1))
        for severity in ("critical", "high", "normal")[: 1 + days % 3]:
            flag(site, make_talk(site, office, worker_id=office.awa.id), severity)
    site.clock.forward(timedelta(days=6))
    return office


def _employ(site: Site, office: Office, role: str, name: str) -> Row:
    with site.database.write() as connection:
        return make_member(connection, office.home, role, name)


@pytest.mark.parametrize("settings", [PHONE, DESK, {**PHONE, "color_scheme": "dark"}])
def test_pages_of_the_office_fit_and_can_be_read_by_everybody(
    site, office, signed_in, complaints, settings
):
    ines = _employ(site, office, "administrator", "Ines")
    page = signed_in(ines, OFFICE_PAGES[0], coded=True, **settings)
    for path in OFFICE_PAGES:
        page.goto(path)
        expect(page).to_have_url(re.compile(f"{path}$"))
        assert_fits(page)
        assert_accessible(page)
    assert complaints == []


@pytest.mark.parametrize("settings", [PHONE, DESK])
@pytest.mark.parametrize(
    ("role", "paths"),
    [
        ("supervisor", ("/console/unclear", "/console/rota", "/console/people")),
        ("partner", ("/console/referred",)),
        ("observer", ("/console/figures",)),
        ("reviewer", ("/console",)),
    ],
)
def test_pages_of_other_roles_fit_and_can_be_read_by_everybody(
    site, office, signed_in, settings, role, paths
):
    page = signed_in(_employ(site, office, role, "Ines"), paths[0], coded=True, **settings)
    for path in paths:
        page.goto(path)
        expect(page).to_have_url(re.compile(f"{path}$"))
        assert_fits(page)
        assert_accessible(page)


@pytest.mark.parametrize("settings", [PHONE, DESK])
def test_figures_fit_and_can_be_read_by_everybody(site, office, signed_in, settings):
    clarisse = _employ(site, office, "supervisor", "Clarisse")
    page = signed_in(clarisse, "/console/figures?days=7", coded=True, **settings)
    expect(page.locator("svg.bars rect")).to_have_count(12)
    assert_fits(page)
    assert_accessible(page)
    page.get_by_text("Les mêmes chiffres en tableau").click()
    expect(page.get_by_role("row").filter(has_text="23 nov.")).to_be_visible()
    page.get_by_role("button", name="EN").or_(page.get_by_role("button", name="English")).click()
    page.goto("/console/figures?days=7")
    expect(page.get_by_role("heading", name="12 alerts in 7 days")).to_be_visible()


def test_a_worker_sets_the_second_step_up_and_trusts_the_own_phone(site, office, signed_in):
    page = signed_in(None, "/console/sign-in", **PHONE)
    page.get_by_label("Adresse e-mail").fill("awa@exemple.test")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Entrer").click()
    page.get_by_role("link", name="Mon compte").click()
    page.get_by_role("link", name="L’ajouter").click()
    expect(page.locator("svg.qr")).to_be_visible()
    page.get_by_text("Sans appareil photo").click()
    secret = page.locator(".key code").inner_text().replace(" ", "")
    page.get_by_label(re.compile("6 chiffres")).fill(pyotp.TOTP(secret).at(site.clock()))
    page.get_by_role("button", name="Continuer").click()
    expect(page.locator(".codes li")).to_have_count(8)
    assert_fits(page)
    assert_accessible(page)
    page.get_by_role("link", name="C’est noté").click()
    page.get_by_label("Votre code PIN, 6 chiffres").fill("402817")
    page.locator("#pin-again").fill("402817")
    page.get_by_role("button", name="Faire confiance à ce téléphone").click()
    expect(page.get_by_text("Il reste ouvert jusqu’à 22:30")).to_be_visible()
    site.clock.forward(timedelta(minutes=20))
    page.goto("/console/alerts")
    assert_fits(page)
    assert_accessible(page)
    page.get_by_label("6 chiffres").fill("402817")
    page.get_by_role("button", name="Entrer").click()
    expect(page).to_have_url(re.compile("/console/alerts$"))


def test_a_day_is_closed_from_the_rota(site, office, signed_in):
    clarisse = _employ(site, office, "supervisor", "Clarisse")
    page = signed_in(clarisse, "/console/rota", coded=True, **PHONE)
    page.get_by_role("link", name="Jours fermés et absences").click()
    page.get_by_label(re.compile("Pourquoi")).fill("Noël")
    closing = page.locator("#closed")
    closing.get_by_label("Premier jour").fill("2026-12-25")
    closing.get_by_role("button", name="Fermer ces jours").click()
    expect(closing).to_contain_text("vendredi 25 décembre")
    closing.get_by_role("button", name=re.compile("Enlever")).click()
    expect(closing).to_contain_text("Aucun jour noté")
