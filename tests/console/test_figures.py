"""The page of figures, and taking them out."""

import re
from datetime import timedelta

import pyotp
import pytest
import tablib
from sqlalchemy import select

from bot.db.tables import audit, staff
from bot.followup import second_step
from tests.console.cases import flag, make_talk
from tests.console.site import Clock, Site
from tests.made_up import make_member, make_structure


@pytest.fixture
def clarisse(site, office):
    with site.database.write() as connection:
        return make_member(connection, office.home, "supervisor", "Clarisse")


@pytest.fixture
def bakary(site, office):
    with site.database.write() as connection:
        return make_member(connection, office.home, "observer", "Bakary")


@pytest.fixture
def alert(site, office):
    talk = make_talk(site, office, case_number="0317", worker_id=office.awa.id)
    return flag(site, talk, "critical", answer_by=site.clock() - timedelta(hours=1))


def _words(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def _set_up(site, member):
    with site.database.write() as connection:
        secret = second_step.begin(connection, member)
        row = connection.execute(select(staff).where(staff.c.id == member.id)).one()
        code = pyotp.TOTP(secret).at(site.clock())
        assert second_step.take_up(connection, row, code, site.clock())
    site.clock.forward(timedelta(minutes=1))
    return secret


def test_a_supervisor_sees_who_has_what_and_what_is_late(site, clarisse, alert):
    page = site.visitor(clarisse).get("/console/figures")
    words = _words(page.text)
    assert "1 alerte en 30 jours" in words
    assert "Awa Inventé travail social 1 1 0" in words
    assert f'href="/console/alerts/{alert}"' in page.text
    assert "Dossier 0317" in words
    assert page.text.count('<rect class="critical"') == 1
    assert "Violence 1" in words


def test_an_observer_is_led_here_and_sees_no_name(site, office, bakary, alert):
    page = site.visitor(bakary).get("/console")
    assert page.url.path == "/console/figures"
    for name in ("Awa", "Sita", "0317", f"/alerts/{alert}"):
        assert name not in page.text, name
    assert "Violence moins de 5" in _words(page.text)


@pytest.mark.parametrize(("days", "shown"), [("7", 7), ("90", 90), ("3", 30), ("", 30)])
def test_the_period_is_one_of_three(site, clarisse, days, shown):
    page = site.visitor(clarisse).get(f"/console/figures?days={days}")
    assert f"0 alertes en {shown} jours" in _words(page.text)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_figures_are_taken_out_for_a_code(site, clarisse, alert, kind):
    secret = _set_up(site, clarisse)
    visitor = site.visitor(clarisse, coded=True)
    for code in ("", "000000"):
        refused = visitor.submit("/figures/export", kind=kind, days="30", code=code)
        assert refused.status_code == 422
        assert "attachment" not in refused.headers.get("content-disposition", "")
    code = pyotp.TOTP(secret).at(site.clock())
    taken = visitor.submit("/figures/export", kind=kind, days="30", code=code)
    assert re.fullmatch(
        rf'attachment; filename="2026-11-25-30.{kind}"', taken.headers["content-disposition"]
    )
    content = taken.content if kind == "xlsx" else taken.content.decode("utf-8-sig")
    rows = [tuple(map(str, row)) for row in tablib.Dataset().load(content, format=kind)]
    assert ("Charge de l’équipe", "Awa Inventé", "Alertes ouvertes", "1") in rows
    assert ("Alertes par sujet", "Violence", "Alertes", "1") in rows
    with site.database.read() as connection:
        actions = connection.execute(select(audit.c.action).order_by(audit.c.id)).scalars().all()
    assert actions == ["figures.read", "figures.export"]
    again = visitor.submit("/figures/export", kind=kind, days="30", code=code)
    assert again.status_code == 422


def test_no_name_leaves_with_an_observer(site, bakary, alert):
    secret = _set_up(site, bakary)
    code = pyotp.TOTP(secret).at(site.clock())
    taken = site.visitor(bakary).submit("/figures/export", kind="csv", days="30", code=code)
    text = taken.content.decode("utf-8-sig")
    assert "travail social 1" in text
    assert "moins de 5" in text
    assert not any(name in text for name in ("Awa", "Sita", "0317"))


def test_without_a_second_step_nothing_is_taken_out(site, clarisse):
    visitor = site.visitor(clarisse)
    assert 'name="kind"' not in visitor.get("/console/figures").text
    led = visitor.submit("/figures/export", kind="csv", days="30")
    assert led.url.path == "/console/account"


def test_in_the_demo_nobody_has_a_phone_to_give_a_code(sqlite_database, wording, now):
    site = Site(sqlite_database, wording, Clock(now), demo=True)
    with site.database.write() as connection:
        clarisse = make_member(connection, make_structure(connection), "supervisor", "Clarisse")
    taken = site.visitor(clarisse).submit("/figures/export", kind="csv", days="30")
    assert taken.headers["content-type"].startswith("text/csv")
