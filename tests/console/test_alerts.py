"""The list of alerts, and one alert."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.console.alerts import LONGEST_NOTE, PAGE_SIZE
from bot.db.tables import alert, audit, structure
from bot.delivery.staff_alerts import announce_alerts
from bot.followup import cases, closing, conversations
from bot.followup.alerts import SEVERITIES
from bot.followup.cases import REPORTABLE
from tests.console.cases import flag, make_talk, write
from tests.made_up import make_conversation


def _words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def _listed(page) -> list[int]:
    return [int(number) for number in re.findall(r'id="alert-(\d+)"', page.text)]


def _close(visitor, alert_id, outcome="called", **fields):
    """Close an alert with a decision on reporting."""
    decision = {"decision": "not_reported", "reason": "déjà fait"}
    return visitor.submit(f"/alerts/{alert_id}/close", outcome=outcome, **{**decision, **fields})


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
    page = site.visitor(office.awa).get("/console/alerts")
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
    page = awa.get("/console/alerts")
    words = _words(page.text)
    assert "Violence Dossier 0317" in words
    assert "Telegram, 2 messages" in words
    assert "c’est pour vous" in words
    assert "pour Awa" in _words(site.visitor(office.sita).get("/console/alerts").text)
    assert "oncle" not in page.text


def test_too_many_wrong_codes_say_so_and_how_they_are_tried_again(site, office):
    with site.database.write() as connection:
        stranger = make_conversation(connection)
        conversations.change(connection, stranger.id, code_failures=5)
    made = flag(site, stranger, "normal", kind="code_failures", category=None)
    awa = site.visitor(office.awa)
    assert "Trop de codes faux" in _words(awa.get("/console/alerts").text)
    assert "Fermez ensuite cette tâche" in _words(awa.get(f"/console/alerts/{made}").text)
    _close(awa, made)
    assert "Fermez ensuite" not in _words(awa.get(f"/console/alerts/{made}").text)
    awa.submit(f"/alerts/{made}/undo")
    opened_again = _words(awa.get(f"/console/alerts/{made}").text)
    assert "Trop de codes faux" in opened_again
    assert "ne peut plus essayer" not in opened_again


def test_somebody_unknown_and_somebody_unsure_are_not_called_a_case(site, office, talk):
    with site.database.write() as connection:
        stranger = make_conversation(connection)
    unsure = make_talk(site, office, case_number="0555")
    with site.database.write() as connection:
        conversations.change(connection, unsure.id, enrolment="to_confirm")
    flag(site, stranger, author_unsure=True)
    flag(site, unsure)
    words = _words(site.visitor(office.awa).get("/console/alerts").text)
    assert "Personne inconnue" in words
    assert "on ne sait pas qui écrit" in words
    assert "Dossier 0555, à confirmer" in words


def test_what_was_taken_back_says_it_may_be_under_pressure(site, office, talk):
    made = flag(site, talk, "critical")
    with site.database.write() as connection:
        cases.take_back(connection, talk.id, site.clock())
    visitor = site.visitor(office.awa)
    assert "peut-être sous pression" in _words(visitor.get("/console/alerts").text)
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
        page = visitor.get("/console/alerts")
        assert _listed(page) == []
        assert "Tout est calme" in page.text
        assert visitor.get(f"/console/alerts/{sealed}").status_code == 404
    focal = site.visitor(office.fanta)
    assert _listed(focal.get("/console/alerts")) == [sealed]
    assert "Réservé à la protection" in focal.get(f"/console/alerts/{sealed}").text


def test_nobody_waiting_is_said_kindly(site, office):
    words = _words(site.visitor(office.awa).get("/console/alerts").text)
    assert "Personne n’attend. Tout est calme" in words
    closed = _words(site.visitor(office.awa).get("/console/alerts?show=closed").text)
    assert "Rien de fermé encore" in closed


def test_a_long_list_has_pages(site, office):
    made = [flag(site, make_talk(site, office)) for _ in range(PAGE_SIZE + 1)]
    visitor = site.visitor(office.awa)
    first = visitor.get("/console/alerts")
    assert _listed(first) == made[:PAGE_SIZE]
    following = re.findall(r'rel="next" href="([^"]+)"', first.text)
    assert _listed(visitor.get(following[0])) == made[PAGE_SIZE:]
    for nonsense in ("0", "-1", "x", "9" * 30):
        assert _listed(visitor.get(f"/console/alerts?page={nonsense}")) == made[:PAGE_SIZE]


def test_the_page_asks_only_for_what_has_changed(site, office, talk):
    flag(site, talk)
    visitor = site.visitor(office.awa)
    part = visitor.get("/console/alerts/list")
    assert "<html" not in part.text
    tag = {"If-None-Match": part.headers["etag"]}
    assert visitor.get("/console/alerts/list", headers=tag).status_code == 304
    flag(site, make_talk(site, office))
    assert visitor.get("/console/alerts/list", headers=tag).status_code == 200


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
    page = _close(visitor, made, "visit_planned", note="Demain, 10 h")
    assert page.url.path == "/console"
    assert "L’alerte est fermée." in page.text
    assert _listed(visitor.get("/console/alerts")) == []
    assert _listed(visitor.get("/console/alerts?show=closed")) == [made]
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
    assert tuple(offered) == closing.OUTCOMES


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
    _close(visitor, made)
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
    words = _words(site.visitor(office.awa).get("/console/alerts").text)
    assert "Demande une aide" in words
    assert "À regarder" in words
    assert "something_new" not in words


@pytest.mark.parametrize("severity", SEVERITIES)
@pytest.mark.parametrize("category", REPORTABLE)
def test_what_may_be_reported_does_not_close_without_a_decision_and_its_reason(
    site, office, talk, severity, category
):
    made = flag(site, talk, severity, category=category)
    visitor = site.visitor(office.awa)
    asked = _words(visitor.get(f"/console/alerts/{made}").text)
    assert "Est-ce signalé aux autorités ?" in asked
    for fields in (
        {"decision": ""},
        {"reason": " "},
        {"decision": "perhaps"},
        {"decision": "", "reason": "", "outcome": "nothing"},
    ):
        page = _close(visitor, made, note="à garder", **fields)
        assert page.status_code == 422
        assert "Dites aussi si c’est signalé" in page.text
        assert "à garder</textarea>" in page.text
    assert _stored(site, made).state == "open"
    _close(visitor, made)
    words = _words(visitor.get(f"/console/alerts/{made}").text)
    assert "Signalement Pas de signalement (Awa, 10:30) déjà fait" in words
    assert "Awa a décidé : Pas de signalement" in words


@pytest.mark.parametrize("severity", SEVERITIES)
def test_a_false_alarm_closes_without_a_decision(site, office, talk, severity):
    made = flag(site, talk, severity)
    site.visitor(office.awa).submit(f"/alerts/{made}/close", outcome="false_alarm")
    assert _stored(site, made).state == "resolved"


def test_an_alert_is_given_to_a_colleague_who_may_see_it(site, office, talk):
    made = flag(site, talk)
    visitor = site.visitor(office.awa)
    page = visitor.get(f"/console/alerts/{made}").text
    offered = re.findall(r'<option value="(\d+)">(\w+)', page)
    assert [name for _, name in offered] == ["Awa", "Fanta", "Sita"]
    page = visitor.submit(f"/alerts/{made}/assign", to=str(office.sita.id))
    assert "Awa a donné l’alerte à Sita" in _words(page.text)
    assert _stored(site, made).assigned_to == office.sita.id
    assert visitor.submit(f"/alerts/{made}/assign", to="").status_code == 422
    assert visitor.submit(f"/alerts/{made}/assign", to="999").status_code == 404


def test_a_sealed_alert_is_offered_to_focal_points_alone(site, office, talk):
    sealed = flag(site, talk, kind="staff_complaint", restricted=True)
    page = site.visitor(office.fanta).get(f"/console/alerts/{sealed}").text
    assert re.findall(r'<option value="\d+">(\w+)', page) == ["Fanta"]


def test_notes_are_added_and_an_empty_or_endless_one_is_refused(site, office, talk):
    made = flag(site, talk)
    visitor = site.visitor(office.awa)
    page = visitor.submit(f"/alerts/{made}/note", text="Appel sans réponse.")
    assert "Awa a noté Appel sans réponse." in _words(page.text)
    for text in ("  ", "x" * (LONGEST_NOTE + 1)):
        assert visitor.submit(f"/alerts/{made}/note", text=text).status_code == 422


def test_help_is_asked_for(site, office, talk):
    made = flag(site, talk, "normal", category="fear")
    visitor = site.visitor(office.awa)
    page = visitor.submit(f"/alerts/{made}/escalate")
    assert "Awa a demandé du renfort" in _words(page.text)
    assert _stored(site, made).severity == "high"


def test_what_the_ladder_did_is_told(site, office, talk, wording):
    with site.database.write() as connection:
        write(connection, talk, "…", site.clock())
    made = flag(site, talk, "critical")
    for minutes in (0, 5, 10):
        site.clock.forward(timedelta(minutes=minutes))
        with site.database.write() as connection:
            announce_alerts(connection, wording, "", site.clock())
        if not minutes:
            site.visitor(office.awa).submit(f"/alerts/{made}/acknowledge")
    words = _words(site.visitor(office.awa).get(f"/console/alerts/{made}").text)
    assert "Awa n’a pas répondu en 10 minutes : l’alerte est repartie" in words
    assert "la suite à" in words


def test_a_closing_is_taken_back_by_who_did_it_and_not_by_others(site, office, talk):
    made = flag(site, talk, category="fear")
    awa, sita = site.visitor(office.awa), site.visitor(office.sita)
    awa.submit(f"/alerts/{made}/close", outcome="called")
    assert "Annuler la fermeture" in awa.get(f"/console/alerts/{made}").text
    assert "Annuler la fermeture" not in sita.get(f"/console/alerts/{made}").text
    sita.submit(f"/alerts/{made}/undo")
    assert _stored(site, made).state == "resolved"
    assert awa.submit(f"/alerts/{made}/undo").url.path == "/console"
    assert _stored(site, made).state == "open"
    assert "Awa a annulé la fermeture" in _words(awa.get(f"/console/alerts/{made}").text)
