"""The rota: who is on call, planned by those who may."""

import re

import pytest

from bot.followup import duty
from tests.made_up import make_member, make_structure


@pytest.fixture
def clarisse(site, office):
    with site.database.write() as connection:
        return make_member(connection, office.home, "supervisor", "Clarisse")


def _words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def _shift(office, **fields):
    return {
        "who": str(office.sita.id),
        "duty": "on_call",
        "start": "2026-11-25T17:00",
        "end": "2026-11-26T08:00",
        **fields,
    }


def test_a_shift_is_added_shown_and_removed(site, office, clarisse):
    visitor = site.visitor(clarisse)
    page = visitor.submit("/rota/add", **_shift(office))
    assert "Sita garde aujourd’hui à 17:00 → jeudi 26 novembre à 08:00" in _words(page.text)
    with site.database.read() as connection:
        evening = site.clock().replace(hour=23)
        assert [m.shown_name for m in duty.members_on(connection, "on_call", evening)] == ["Sita"]
    (shift,) = re.findall(r"/rota/(\d+)/remove", page.text)
    assert "Rien de noté" in visitor.submit(f"/rota/{shift}/remove").text


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"who": ""}, 422),
        ({"start": "demain"}, 422),
        ({"end": "2026-11-25T17:00"}, 422),
        ({"duty": "cleaning"}, 422),
        ({"who": "999"}, 404),
    ],
)
def test_nonsense_is_refused_and_what_was_written_stays(site, office, clarisse, fields, status):
    page = site.visitor(clarisse).submit("/rota/add", **_shift(office, **fields))
    assert page.status_code == status
    with site.database.read() as connection:
        assert duty.coming_shifts(connection, office.home.id, site.clock()) == []


def test_hours_are_those_of_the_structure(site, office):
    with site.database.write() as connection:
        far = make_structure(connection, "Centre Lointain", timezone="Africa/Nairobi")
        boss = make_member(connection, far, "supervisor", "Amina")
        worker = make_member(connection, far, shown_name="Juma")
    page = site.visitor(boss).submit("/rota/add", **_shift(office, who=str(worker.id)))
    assert "aujourd’hui à 17:00" in _words(page.text)
    with site.database.read() as connection:
        (shift,) = duty.coming_shifts(connection, far.id, site.clock())
    assert shift.starts_at.hour == 14


def test_case_staff_read_it_and_others_plan_it(site, office, clarisse):
    site.visitor(clarisse).submit("/rota/add", **_shift(office))
    awa = site.visitor(office.awa)
    page = awa.get("/console/rota")
    assert "Sita" in page.text
    assert "/remove" not in page.text
    assert awa.submit("/rota/add", **_shift(office)).status_code == 404
    assert awa.submit("/rota/1/remove").status_code == 404
    with site.database.write() as connection:
        observer = make_member(connection, office.home, "observer", "Ines")
        elsewhere = make_structure(connection, "Centre Autre")
        stranger = make_member(connection, elsewhere, "supervisor", "Loin")
    assert site.visitor(observer).get("/console/rota").status_code == 403
    other = site.visitor(stranger)
    assert "Sita" not in other.get("/console/rota").text
    other.submit("/rota/1/remove")
    assert "Sita" in awa.get("/console/rota").text


def test_an_administrator_plans_the_rota_of_every_structure_in_its_own_time(site, office, clarisse):
    with site.database.write() as connection:
        far = make_structure(connection, "Centre Lointain", timezone="Africa/Nairobi")
        ines = make_member(connection, office.home, "administrator", "Ines")
        juma = make_member(connection, far, "on_call", "Juma")
    visitor = site.visitor(ines, coded=True)
    assert f"/rota?structure={far.id}" in visitor.get(f"/console/admin/structures/{far.id}").text
    there = {"structure": str(far.id)}
    page = visitor.submit("/rota/add", **_shift(office, who=str(juma.id), **there))
    assert page.url.params["structure"] == str(far.id)
    assert "Juma garde aujourd’hui à 17:00 → jeudi 26 novembre à 08:00" in _words(page.text)
    with site.database.read() as connection:
        # Three hours ahead of UTC.
        begins = site.clock().replace(hour=14, minute=1)
        assert [m.shown_name for m in duty.members_on(connection, "on_call", begins)] == ["Juma"]
    assert "Juma" not in visitor.get("/console/rota").text
    (shift,) = re.findall(r"/rota/(\d+)/remove", page.text)
    visitor.submit(f"/rota/{shift}/remove")
    assert "Juma garde" in _words(visitor.get(f"/console/rota?structure={far.id}").text)
    assert "Rien de noté" in visitor.submit(f"/rota/{shift}/remove", **there).text
    # A supervisor plans the own structure's.
    other = site.visitor(clarisse)
    assert other.get(f"/console/rota?structure={far.id}").status_code == 404
    refused = other.submit("/rota/add", **_shift(office, who=str(juma.id), **there))
    assert refused.status_code == 404
