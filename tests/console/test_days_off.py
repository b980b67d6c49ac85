"""Closed days and leave, planned on a page."""

import re

import pytest

from bot.followup.duty import duty_now
from bot.followup.structures import get_structure
from tests.made_up import make_member, make_structure


@pytest.fixture
def clarisse(site, office):
    with site.database.write() as connection:
        return make_member(connection, office.home, "supervisor", "Clarisse")


def _duty(site, office):
    with site.database.read() as connection:
        home = get_structure(connection, office.home.id)
        return duty_now(connection, home, site.clock()).duty


def _words(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def _page(office):
    return f"/structures/{office.home.id}/days-off"


def test_a_closed_day_is_noted_shown_and_taken_back(site, office, clarisse):
    visitor = site.visitor(clarisse)
    assert f"/console{_page(office)}" in visitor.get("/console/rota").text
    days = {"first": "2026-11-25", "last": "2026-11-26"}
    page = visitor.submit(f"{_page(office)}/close", name="Fête", **days)
    assert "Fête mercredi 25 novembre → jeudi 26 novembre" in _words(page.text)
    assert _duty(site, office) == "nobody"
    page = visitor.submit(f"{_page(office)}/open", **days)
    assert "Aucun jour noté" in page.text
    assert _duty(site, office) == "duty"


def test_one_day_needs_no_last_day(site, office, clarisse):
    page = site.visitor(clarisse).submit(f"{_page(office)}/close", name="Noël", first="2026-12-25")
    assert "Noël vendredi 25 décembre" in _words(page.text)


def test_leave_of_the_whole_team_is_pointed_out(site, office, clarisse):
    visitor = site.visitor(clarisse)
    for member in (office.awa, office.sita, office.fanta, clarisse):
        page = visitor.submit(f"{_page(office)}/leave", who=str(member.id), first="2026-11-25")
    assert "toute l’équipe est absente" in page.text
    assert _duty(site, office) == "nobody"
    (leave, *_rest) = re.findall(r'name="leave" value="(\d+)"', page.text)
    page = visitor.submit(f"{_page(office)}/leave-back", leave=leave)
    assert "toute l’équipe est absente" not in page.text
    assert _duty(site, office) == "duty"


@pytest.mark.parametrize(
    ("verb", "fields"),
    [
        ("close", {"name": "", "first": "2026-12-25"}),
        ("close", {"name": "Noël", "first": "bientôt"}),
        ("close", {"name": "Noël", "first": "2026-12-25", "last": "2026-12-24"}),
        ("close", {"name": "Noël", "first": "2026-12-25", "last": "2027-12-25"}),
        ("leave", {"who": "", "first": "2026-12-25"}),
        ("leave", {"who": "1", "first": "2026-12-25", "last": "2026-12-24"}),
    ],
)
def test_nonsense_is_refused_and_what_was_written_stays(site, office, clarisse, verb, fields):
    page = site.visitor(clarisse).submit(f"{_page(office)}/{verb}", **fields)
    assert (page.status_code, 'role="alert"' in page.text) == (422, True)
    if fields.get("name"):
        assert 'value="Noël"' in page.text


def test_only_those_who_plan_and_only_at_home(site, office, clarisse):
    with site.database.write() as connection:
        elsewhere = make_structure(connection, "Centre Autre")
        stranger = make_member(connection, elsewhere, "supervisor", "Loin")
        far_admin = make_member(connection, elsewhere, "administrator", "Ines")
    for member in (office.awa, stranger):
        visitor = site.visitor(member)
        assert visitor.get(f"/console{_page(office)}").status_code == 404
        closed = visitor.submit(f"{_page(office)}/close", name="Noël", first="2026-12-25")
        assert closed.status_code == 404
    assert site.visitor(far_admin).get(f"/console{_page(office)}").status_code == 200
    own = f"/structures/{elsewhere.id}/days-off"
    away = site.visitor(stranger).submit(f"{own}/leave", who=str(office.awa.id), first="2026-12-25")
    assert away.status_code == 404
