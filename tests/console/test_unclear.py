"""What was not understood: a supervisor reads it without names and says what it meant."""

import html
import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from bot.console.meanings import meanings
from bot.console.unclear import PAGE_SIZE
from bot.console.visit import SESSION_COOKIE
from bot.db.tables import alert, audit, inbox, review
from bot.followup.access import ROLES
from bot.review.intents import TEACHABLE
from tests.browser import assert_accessible, assert_fits, browser, collect_complaints
from tests.console.cases import make_office
from tests.console.site import Clock, Site
from tests.followup.unclear import make_agreed_talk, not_understood
from tests.made_up import make_member, make_person, make_structure
from tests.nlu.taxonomy import INTENTS

__all__ = ["browser"]

# "wari" is money in Dioula and Twi; the name, the place and the sum are somebody's.
TEXT = "Kouadio dit le gnamakoudji de 25000 F à Gagnoa c'est wari"
CLEAN = "‹nom› dit le gnamakoudji de ‹somme› à ‹lieu› c'est wari"
KEEP = {"verdict": "intent", "language": "fr", "example": CLEAN, "intent": "ask_payment"}


@pytest.fixture
def clarisse(site, office):
    with site.database.write() as connection:
        return make_member(connection, office.home, "supervisor", "Clarisse")


@pytest.fixture
def written(site, office):
    """Give a function that lets somebody who agreed write something not understood."""

    def write(text=TEXT, **values):
        with site.database.write() as connection:
            make_person(connection, office.home, first_name="Kouadio")
            talk = make_agreed_talk(connection, office.home, site.clock())
            return not_understood(connection, talk, text, site.clock(), **values)

    return write


def _rows(site, table):
    with site.database.read() as connection:
        return connection.execute(select(table).order_by(table.c.id)).all()


def _words(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def test_it_is_shown_without_personal_details_and_who_wrote_it(site, clarisse, written):
    written()
    page = html.unescape(site.visitor(clarisse).get("/console/unclear").text)
    assert CLEAN in page
    for secret in ("Kouadio", "25000", "Gagnoa", "telegram"):
        assert secret not in page
    assert "Le programme pensait à : L’argent : quand, combien, arrivé ? (31 %)" in _words(page)
    assert "1 message attend." in page
    assert [line.action for line in _rows(site, audit)][-1:] == ["review.read"]


@pytest.mark.parametrize("role", ROLES)
def test_only_supervisors_of_the_structure_see_it(site, office, written, role):
    message = written()
    with site.database.write() as connection:
        near = make_member(connection, office.home, role, "Ines")
        far = make_member(connection, make_structure(connection, "Centre Autre"), role, "Loin")
    for member in (near, far):
        visitor = site.visitor(member)
        page = visitor.get("/console/unclear")
        reads = role == "supervisor"
        assert page.status_code == (200 if reads else 404)
        assert (CLEAN in html.unescape(page.text)) is (reads and member is near)
        assert ("/console/unclear" in visitor.get("/console/rota").text) is reads
        if not (reads and member is near):
            assert visitor.submit(f"/unclear/{message}", **KEEP).status_code == 404
    assert _rows(site, review) == []


def test_saying_what_it_meant_keeps_an_example(site, clarisse, written):
    message = written()
    page = site.visitor(clarisse).submit(f"/unclear/{message}", **KEEP)
    assert "Rien à relire" in page.text
    (row,) = _rows(site, review)
    assert (row.staff_id, row.verdict, row.intent) == (clarisse.id, "intent", "ask_payment")
    assert (row.language, row.example) == ("fr", CLEAN)


def test_a_name_left_in_the_example_is_taken_out_and_shown_again(site, clarisse, written):
    message = written()
    example = "kouadio demande wari"
    page = site.visitor(clarisse).submit(f"/unclear/{message}", **{**KEEP, "example": example})
    assert page.status_code == 422
    assert "‹nom› demande wari" in page.text
    assert "kouadio" not in page.text.lower()
    assert _rows(site, review) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"example": " "},
        {"example": "x" * 301},
        {"intent": ""},
        {"intent": "complain_staff"},
        {"language": "de"},
        {"verdict": "nonsense"},
        {"verdict": "danger"},
        {"verdict": "danger", "category": "fear", "severity": "critical", "about": "us"},
        {"verdict": "danger", "category": "rain", "severity": "critical", "about": "self"},
    ],
)
def test_what_is_not_whole_is_refused_and_what_was_chosen_stays(site, clarisse, written, changed):
    message = written()
    page = site.visitor(clarisse).submit(f"/unclear/{message}", **{**KEEP, **changed})
    assert page.status_code == 422
    assert "Il manque" in page.text
    assert _rows(site, review) == []


def test_a_missed_danger_alerts_and_is_kept_with_its_severity(site, clarisse, written):
    message = written()
    danger = {"verdict": "danger", "category": "fear", "severity": "critical", "about": "self"}
    site.visitor(clarisse).submit(f"/unclear/{message}", **{**KEEP, **danger})
    (row,) = _rows(site, review)
    assert (row.category, row.severity, row.about, row.intent) == ("fear", "critical", "self", None)
    assert [(a.kind, a.severity) for a in _rows(site, alert)] == [("red_flag", "critical")]


@pytest.mark.parametrize("verdict", ["nothing", "complaint"])
def test_what_teaches_nothing_leaves_no_words(site, clarisse, written, verdict):
    message = written()
    site.visitor(clarisse).submit(f"/unclear/{message}", **{**KEEP, "verdict": verdict})
    assert [(row.verdict, row.example) for row in _rows(site, review)] == [(verdict, None)]
    assert [row.restricted for row in _rows(site, inbox)] == [verdict == "complaint"]


def test_what_names_somebody_of_the_staff_is_not_shown(site, clarisse, written):
    message = written("l'éducateur gnamakoudji")
    visitor = site.visitor(clarisse)
    assert "Rien à relire" in visitor.get("/console/unclear").text
    assert visitor.submit(f"/unclear/{message}", **KEEP).status_code == 404


def test_the_oldest_come_first_a_page_at_a_time(site, clarisse, written):
    for number in range(PAGE_SIZE + 1):
        written(f"wari {'a' * (number + 1)}")
    page = site.visitor(clarisse).get("/console/unclear").text
    assert f"{PAGE_SIZE + 1} messages attendent." in page
    assert page.count("<article") == PAGE_SIZE
    assert "<blockquote>wari a</blockquote>" in page
    assert len(page) < 60_000


def test_every_intent_that_can_be_taught_can_be_chosen():
    offered = [name for group in meanings(str).values() for name in group]
    assert sorted(offered) == sorted(TEACHABLE)
    assert set(INTENTS) - set(TEACHABLE) == {
        "complain_staff",
        "report_danger",
        "report_other_child",
    }


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_by_clicks_on_a_small_phone_and_a_desk(sqlite_database, wording, now, browser, width):
    site = Site(sqlite_database, wording, Clock(now))
    office = make_office(site)
    with site.database.write() as connection:
        clarisse = make_member(connection, office.home, "supervisor", "Clarisse")
        for text in ("gnamakoudji 25000 zrankpele", "tonton wari"):
            talk = make_agreed_talk(connection, office.home, now)
            not_understood(connection, talk, text, now)
    complaints: list[str] = []
    with site.served() as url:
        context = browser.new_context(base_url=url, viewport={"width": width, "height": 740})
        cookie = {"name": SESSION_COOKIE, "value": site.session(clarisse)}
        context.add_cookies([{**cookie, "url": f"{url}/console"}])
        page = context.new_page()
        collect_complaints(page, complaints)
        page.goto("/console/unclear")
        page.get_by_text("Un danger, ou une plainte").first.click()
        assert_fits(page)
        assert_accessible(page)
        first = page.get_by_role("article").first
        first.get_by_label("Exemple à retenir").fill("gnamakoudji ‹somme›")
        first.get_by_label("La personne voulait dire").select_option("ask_payment")
        first.get_by_role("button", name="Retenir l’exemple").click()
        expect(page.get_by_text("1 message attend.")).to_be_visible()
        page.get_by_role("button", name="Rien à apprendre").click()
        expect(page.get_by_role("heading", name="Rien à relire")).to_be_visible()
        assert_accessible(page)
        context.close()
    assert complaints == []
    assert [row.example for row in _rows(site, review)] == ["gnamakoudji ‹somme›", None]
