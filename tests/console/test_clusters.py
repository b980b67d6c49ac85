"""Five people in danger in one place on one day stand together, and none is hidden."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import insert

from bot.db.tables import training_enrolment
from tests.console.cases import flag, make_talk
from tests.made_up_caseload import make_programme


def _words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def _alert(site, office, severity="high", programme=None, **values):
    talk = make_talk(site, office)
    if programme is not None:
        with site.database.write() as connection:
            connection.execute(
                insert(training_enrolment).values(
                    person_id=talk.person_id,
                    programme_id=programme.id,
                    state="following",
                    requested_at=site.clock(),
                )
            )
    return flag(site, talk, severity, **values)


@pytest.fixture
def workshop(site, office):
    with site.database.write() as connection:
        return make_programme(connection, office.home, place="Atelier Exemple")


PAGES = ["/console", "/console/alerts"]


def _clusters(page) -> list[str]:
    found = re.findall(r"<details id=\"cluster-.*?<strong>(.*?)</strong>", page.text, re.S)
    return [_words(each).strip() for each in found]


def _headings(html: str) -> dict[str, str]:
    return dict(re.findall(r'<h2 id="(\w+)".*?<span class="count">(\d+)</span>', html))


def _shown(page) -> set[str]:
    return set(re.findall(r'id="(alert-\d+)"', page.text))


@pytest.mark.parametrize("path", PAGES)
def test_five_of_one_workshop_stand_together_where_the_gravest_would(site, office, workshop, path):
    alone = _alert(site, office)
    made = [_alert(site, office, programme=workshop) for _ in range(3)]
    visitor = site.visitor(office.awa)
    assert _clusters(visitor.get(path)) == []
    made.append(_alert(site, office, programme=workshop))
    made.append(_alert(site, office, "critical", workshop))
    page = visitor.get(path)
    assert _clusters(page) == ["Atelier Exemple : 5 personnes, aujourd’hui"]
    assert _shown(page) == {f"alert-{each}" for each in (alone, *made)}
    assert page.text.index("cluster-") < page.text.index(f'id="alert-{alone}"')
    assert "6 alertes ouvertes" in page.text or "6 choses à faire" in page.text


@pytest.mark.parametrize("path", PAGES)
def test_a_heading_counts_what_stands_under_it_and_the_summary_what_is_grave(
    site, office, workshop, path
):
    for severity in ("critical", "high", "high", "high", "normal"):
        _alert(site, office, severity, workshop)
    _alert(site, office, "normal", kind="task", category="aid")
    page = site.visitor(office.awa).get(path).text
    assert _headings(page) == {"critical": "5", "normal": "1"}
    assert "1 critique." in _words(page)
    summary = page.split("<summary>")[1].split("</summary>")[0]
    assert _words(summary).strip() == "Atelier Exemple : 5 personnes, aujourd’hui 1 critique."


@pytest.mark.parametrize("path", PAGES)
def test_five_of_the_structure_stand_together_too(site, office, workshop, path):
    for programme in (workshop, None, None, None, None):
        _alert(site, office, programme=programme)
    assert _clusters(site.visitor(office.awa).get(path)) == [
        "Centre Exemple : 5 personnes, aujourd’hui"
    ]


def test_several_alerts_of_few_people_and_tasks_are_no_cluster(site, office):
    talk = make_talk(site, office)
    for category in ("violence", "fear", "self_harm", "exploitation", "basic_needs"):
        flag(site, talk, category=category)
    for _ in range(5):
        _alert(site, office, "normal", kind="task", category="aid")
    assert _clusters(site.visitor(office.awa).get("/console")) == []


def test_other_days_are_other_clusters(site, office):
    for _ in range(3):
        _alert(site, office)
    site.clock.forward(timedelta(days=1))
    for _ in range(2):
        _alert(site, office)
    visitor = site.visitor(office.awa)
    assert _clusters(visitor.get("/console")) == []
    for _ in range(3):
        _alert(site, office)
    assert _clusters(visitor.get("/console")) == ["Centre Exemple : 5 personnes, aujourd’hui"]


def test_a_cluster_keeps_to_what_the_reader_may_see(site, office):
    for _ in range(5):
        _alert(site, office, restricted=True)
    assert _clusters(site.visitor(office.awa).get("/console")) == []
    assert len(_clusters(site.visitor(office.fanta).get("/console"))) == 1


@pytest.mark.parametrize("path", PAGES)
def test_a_cluster_goes_on_on_the_next_page(site, office, path):
    made = {f"alert-{_alert(site, office, 'high' if n else 'critical')}" for n in range(34)}
    visitor = site.visitor(office.awa)
    pages = [visitor.get(f"{path}?page={number}") for number in (1, 2)]
    for page in pages:
        assert _clusters(page) == ["Centre Exemple : 34 personnes, aujourd’hui"]
        assert re.findall(r'<h2 id="(\w+)"', page.text) == ["critical"]
    assert _shown(pages[0]) | _shown(pages[1]) == made
    assert not _shown(pages[0]) & _shown(pages[1])
