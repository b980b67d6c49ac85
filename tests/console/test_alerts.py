"""The list of alerts, and one alert."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.console.alerts import LONGEST_NOTE, PAGE_SIZE
from bot.db.tables import alert, audit, structure
from bot.followup import cases, conversations
from tests.console.cases import flag, make_office, make_talk, write
from tests.made_up import make_conversation


@pytest.fixture
def office(site):
    return make_office(site)


@pytest.fixture
def talk(site, office):
    return make_talk(site, office, case_number="0317")


def _words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def _listed(page) -> list[int]:
    return [int(number) for number in re.findall(r'id="alert-(\d+)"', page.text)]


def _stored(site, alert_id):
    with site.database.read() as connection:
        return connection.execute(select(alert).where(alert.c.id == alert_id)).one()


def test_the_most_severe_then_the_longest_waiting_stand_first(site, office):
    made = {}
    for name, severity, minutes in (
        ("task", "normal", 90),
        ("young", "critical", 1),
        ("high", "high", 50),
        ("old", "critical", 4),
    ):
        talk = make_talk(site, office)
        with site.database.write() as connection:
            write(connection, talk, "…", site.clock() - timedelta(minutes=minutes))
        made[name] = flag(site, talk, severity)
    page = site.visitor(office.awa).get("/console")
    assert _listed(page) == [made[name] for name in ("old", "young", "high", "task")]
    words = _words(page.text)
    assert "4 alertes ouvertes. 2 critiques." in words
    assert "attend depuis 4 min" in words
    assert "attend depuis 1 h 30" in words


def test_a_row_says_what_whose_where_and_who_has_it(site, office, talk):
    with site.database.write() as connection:
        write(connection, talk, "mon oncle me frappe", site.clock())
    made = flag(site, talk)
    flag(site, talk)
    awa = site.visitor(office.awa)
    awa.submit(f"/alerts/{made}/acknowledge")
    page = awa.get("/console")
    words = _words(page.text)
    assert "Violence Dossier 0317" in words
    assert "Telegram, 2 messages" in words
    assert "c’est pour vous" in words
    assert "pour Awa" in _words(site.visitor(office.sita).get("/console").text)
    assert "oncle" not in page.text


def test_somebody_unknown_and_somebody_unsure_are_not_called_a_case(site, office, talk):
    with site.database.write() as connection:
        stranger = make_conversation(connection)
    unsure = make_talk(site, office, case_number="0555")
    with site.database.write() as connection:
        conversations.change(connection, unsure.id, enrolment="to_confirm")
    flag(site, stranger, author_unsure=True)
    flag(site, unsure)
    words = _words(site.visitor(office.awa).get("/console").text)
    assert "Personne inconnue" in words
    assert "on ne sait pas qui écrit" in words
    assert "Dossier 0555, à confirmer" in words


def test_what_was_taken_back_says_it_may_be_under_pressure(site, office, talk):
    made = flag(site, talk, "critical")
    with site.database.write() as connection:
        cases.take_back(connection, talk.id, site.clock())
    visitor = site.visitor(office.awa)
    assert "peut-être sous pression" in _words(visitor.get("/console").text)
    history = _words(visitor.get(f"/console/alerts/{made}").text)
    assert "l’a repris à 10:30 : peut-être sous pression" in history


def test_times_are_those_of_the_structures_clock(site, office, talk):
    with site.database.write() as connection:
        connection.execute(update(structure).values(timezone="Africa/Nairobi"))
    made = flag(site, talk)
    assert "13:30" in site.visitor(office.awa).get(f"/console/alerts/{made}").text


def test_a_sealed_alert_shows_to_the_focal_point_alone(site, office, talk):
    sealed = flag(site, talk, kind="staff_complaint", restricted=True)
    for member in (office.awa, office.sita):
        visitor = site.visitor(member)
        page = visitor.get("/console")
        assert _listed(page) == []
        assert "Tout est calme" in page.text
        assert visitor.get(f"/console/alerts/{sealed}").status_code == 404
    focal = site.visitor(office.fanta)
    assert _listed(focal.get("/console")) == [sealed]
    assert "Réservé à la protection" in focal.get(f"/console/alerts/{sealed}").text


def test_nobody_waiting_is_said_kindly(site, office):
    words = _words(site.visitor(office.awa).get("/console").text)
    assert "Personne n’attend. Tout est calme" in words
    closed = _words(site.visitor(office.awa).get("/console?show=closed").text)
    assert "Rien de fermé encore" in closed


def test_a_long_list_has_pages(site, office):
    made = [flag(site, make_talk(site, office)) for _ in range(PAGE_SIZE + 1)]
    visitor = site.visitor(office.awa)
    first = visitor.get("/console")
    assert _listed(first) == made[:PAGE_SIZE]
    following = re.findall(r'rel="next" href="([^"]+)"', first.text)
    assert _listed(visitor.get(following[0])) == made[PAGE_SIZE:]
    for nonsense in ("0", "-1", "x", "9" * 30):
        assert _listed(visitor.get(f"/console?page={nonsense}")) == made[:PAGE_SIZE]


def test_the_page_asks_only_for_what_has_changed(site, office, talk):
    flag(site, talk)
    visitor = site.visitor(office.awa)
    part = visitor.get("/console/list")
    assert "<html" not in part.text
    tag = {"If-None-Match": part.headers["etag"]}
    assert visitor.get("/console/list", headers=tag).status_code == 304
    flag(site, make_talk(site, office))
    assert visitor.get("/console/list", headers=tag).status_code == 200


def test_whoever_acknowledges_has_it(site, office, talk):
    made = flag(site, talk)
    visitor = site.visitor(office.sita)
    page = visitor.submit(f"/alerts/{made}/acknowledge")
    assert "Sita s’en occupe" in _words(page.text)
    assert _stored(site, made).assigned_to == office.sita.id
    assert "/acknowledge" not in page.text


def test_an_alert_closes_with_an_outcome_and_a_note_and_opens_again(site, office, talk):
    made = flag(site, talk)
    visitor = site.visitor(office.awa)
    page = visitor.submit(f"/alerts/{made}/close", outcome="visit_planned", note="Demain, 10 h")
    assert page.url.path == "/console"
    assert "L’alerte est fermée." in page.text
    assert _listed(page) == []
    assert _listed(visitor.get("/console?show=closed")) == [made]
    closed = visitor.get(f"/console/alerts/{made}")
    assert "Awa a fermé l’alerte : Visite prévue" in _words(closed.text)
    assert "Demain, 10 h" in closed.text
    reopened = visitor.submit(f"/alerts/{made}/reopen")
    assert "Awa a rouvert l’alerte" in _words(reopened.text)
    assert "Awa a fermé l’alerte : Visite prévue" in _words(reopened.text)
    assert _stored(site, made).state == "open"


def test_every_outcome_can_be_chosen(site, office, talk):
    visitor = site.visitor(office.awa)
    made = flag(site, talk)
    offered = re.findall(
        r'name="outcome" value="(\w+)"', visitor.get(f"/console/alerts/{made}").text
    )
    assert tuple(offered) == cases.OUTCOMES


def test_an_alert_does_not_close_without_an_outcome_and_the_note_is_not_lost(site, office, talk):
    made = flag(site, talk)
    visitor = site.visitor(office.awa)
    for outcome in ("", "solved"):
        page = visitor.submit(f"/alerts/{made}/close", outcome=outcome, note="une note à garder")
        assert page.status_code == 422
        assert "Choisissez d’abord" in page.text
        assert "une note à garder</textarea>" in page.text
    endless = "x" * (LONGEST_NOTE + 1)
    page = visitor.submit(f"/alerts/{made}/close", outcome="called", note=endless)
    assert page.status_code == 422
    assert _stored(site, made).state == "open"


def test_reopening_leads_to_the_alert_that_took_its_place(site, office, talk):
    made = flag(site, talk)
    visitor = site.visitor(office.awa)
    visitor.submit(f"/alerts/{made}/close", outcome="called")
    newer = flag(site, talk)
    assert visitor.submit(f"/alerts/{made}/reopen").url.path == f"/console/alerts/{newer}"
    assert _stored(site, made).state == "resolved"


def test_a_promise_that_has_passed_shows(site, office, talk):
    made = flag(site, talk, answer_by=site.clock() + timedelta(minutes=30))
    visitor = site.visitor(office.awa)
    assert "réponse avant 11:00" in _words(visitor.get(f"/console/alerts/{made}").text)
    assert "dépassé" not in visitor.get(f"/console/alerts/{made}").text
    site.clock.forward(timedelta(minutes=31))
    assert "dépassé" in visitor.get(f"/console/alerts/{made}").text


def test_notes_are_shown_as_they_were_written(site, office, talk):
    made = flag(site, talk, note="<script>alert(1)</script>")
    page = site.visitor(office.awa).get(f"/console/alerts/{made}").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_whoever_reads_an_alert_is_in_the_book(site, office, talk):
    made = flag(site, talk)
    visitor = site.visitor(office.awa)
    visitor.get(f"/console/alerts/{made}")
    visitor.get(f"/console/alerts/{made}")
    with site.database.read() as connection:
        line = connection.execute(select(audit)).one()
    assert (line.action, line.object_id, line.staff_id) == ("alert.read", str(made), office.awa.id)


def test_what_happened_is_told_in_words(site, office, talk):
    made = flag(site, talk)
    with site.database.write() as connection:
        for verb in ("raised", "message", "notified"):
            cases.add_event(connection, made, verb, site.clock(), staff_id=office.awa.id)
        cases.add_event(connection, made, "note", site.clock(), note="hide_from: structure")
    words = _words(site.visitor(office.awa).get(f"/console/alerts/{made}").text)
    for sentence in (
        "Alerte ouverte",
        "La gravité monte",
        "Nouveau message sur le même sujet",
        "Alerte envoyée à Awa",
        "Le programme a noté Ne doit pas le voir : le centre",
    ):
        assert sentence in words


def test_tasks_are_told_by_what_they_are_about_and_new_kinds_do_no_harm(site, office, talk):
    flag(site, talk, kind="task", category="aid")
    flag(site, talk, kind="something_new", category=None)
    words = _words(site.visitor(office.awa).get("/console").text)
    assert "Demande une aide" in words
    assert "À regarder" in words
    assert "something_new" not in words
