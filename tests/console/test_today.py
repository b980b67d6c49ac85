"""The page of today: what needs me now, from every source, in order."""

import re
from datetime import timedelta

import pytest

from bot.console.clusters import Sign
from bot.console.today import page as today_page
from bot.console.today.item import Item, Source
from bot.console.today.page import PAGE_SIZE
from bot.console.today.sources import SOURCES
from bot.followup import cases, conversations
from bot.followup.alerts import SEVERITIES, get_alert
from bot.followup.promises import make_promise
from tests.console.cases import flag, make_talk, write
from tests.made_up import make_conversation, make_person
from tests.made_up_caseload import make_appointment, make_due_payment

MINUTE = timedelta(minutes=1)


def _words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ")


def _rows(page) -> list[str]:
    return re.findall(r'class="row" id="([\w-]+)"', page.text)


def _filters(page) -> dict[str, int]:
    found = re.findall(r'id="show-(\w*)"[^>]*>[^<]+<span class="count">(\d+)', page.text)
    return {name: int(number) for name, number in found}


def _wait(site, office, minutes, severity="high", **values):
    talk = make_talk(site, office)
    with site.database.write() as connection:
        write(connection, talk, "…", site.clock() - minutes * MINUTE)
    return f"alert-{flag(site, talk, severity, **values)}"


@pytest.fixture
def everything(site, office):
    """Give something of every source; return the keys in the order they should stand."""
    critical = _wait(site, office, 1, "critical")
    voice = _wait(site, office, 40, kind="voice", category=None)
    money = _wait(site, office, 9, "normal", kind="payment", category=None)
    with site.database.write() as connection:
        boy = make_person(connection, office.home, worker_id=office.awa.id)
        visit = make_appointment(connection, boy, site.clock() + 60 * MINUTE)
        make_appointment(connection, boy, site.clock() + timedelta(days=1))
        due = make_due_payment(connection, boy, site.clock().date() - timedelta(days=2))
        owned = _owned_talk(connection, site, boy, office.sita)
        promised = make_promise(
            connection,
            conversation_id=owned.id,
            person_id=boy.id,
            subject="training",
            due_at=site.clock() + 90 * MINUTE,
            now=site.clock(),
        )
    return [
        critical,
        voice,
        f"conversation-{owned.id}",
        f"payment-{due.id}",
        money,
        f"appointment-{visit.id}",
        f"promise-{promised}",
    ]


def _owned_talk(connection, site, someone, owner):
    """Open a conversation that a colleague has, and in which somebody waits for four minutes."""
    talk = make_conversation(connection, someone)
    conversations.change(connection, talk.id, owner_id=owner.id)
    write(connection, talk, "tu es là ?", site.clock() - 4 * MINUTE)
    return talk


def test_all_sources_stand_by_severity_then_by_wait_then_by_what_is_due(site, office, everything):
    page = site.visitor(office.awa).get("/console")
    assert _rows(page) == everything
    words = _words(page.text)
    assert "7 choses à faire. 1 critique." in words
    for told in (
        "Vocal ou photo à ouvrir",
        "Message sans réponse",
        "Sita répond",
        "Paiement pas envoyé",
        "25 000 F",
        "Visite",
        "à 11:30",
        "Formation demandée",
        "promis avant 12:00",
    ):
        assert told in words


def test_each_source_has_a_filter_that_counts(site, office, everything):
    visitor = site.visitor(office.awa)
    counted = _filters(visitor.get("/console"))
    assert counted.pop("") == 7
    assert set(counted) == {source.name for source in SOURCES}
    for name, number in counted.items():
        assert len(_rows(visitor.get(f"/console?show={name}"))) == number
    assert len(_rows(visitor.get("/console?show=nonsense"))) == 0


def test_mine_are_my_cases_and_nobodys(site, office, everything):
    mine = _rows(site.visitor(office.awa).get("/console?who=mine"))
    assert [key for key in everything if key not in mine] == [
        key for key in everything if key.startswith("conversation-")
    ]
    theirs = _rows(site.visitor(office.sita).get("/console?who=mine"))
    assert [key.split("-")[0] for key in theirs] == ["alert", "alert", "conversation", "alert"]


def test_what_was_looked_at_is_no_longer_new_until_something_happens(site, office, talk):
    made = flag(site, talk)
    visitor = site.visitor(office.awa)
    assert "1 nouvelle." in _words(visitor.get("/console").text)
    visitor.get(f"/console/alerts/{made}")
    assert "nouvelle" not in _words(visitor.get("/console").text)
    assert "1 nouvelle." in _words(site.visitor(office.sita).get("/console").text)
    site.clock.forward(MINUTE)
    flag(site, talk)
    assert "1 nouvelle." in _words(visitor.get("/console").text)


def test_an_alert_closes_in_one_tap_and_opens_again_in_another(site, office, talk):
    made = flag(site, talk, category="fear")
    visitor = site.visitor(office.awa)
    offered = re.findall(rf'value="{made}:(\w+)"', visitor.get("/console").text)
    assert offered == ["nothing", "false_alarm", "called"]
    page = visitor.submit("/today/close", close=f"{made}:called")
    assert "L’alerte est fermée." in page.text
    assert _rows(page) == []
    page = visitor.submit(f"/alerts/{made}/undo")
    assert _rows(page) == [f"alert-{made}"]


def test_closing_and_taking_it_back_leave_the_list_as_it_was_looked_at(site, office, talk):
    made = flag(site, talk, category="fear")
    visitor = site.visitor(office.awa)
    looked_at = {"show": "alerts", "who": "mine"}
    page = visitor.submit("/today/close", close=f"{made}:called", **looked_at)
    assert dict(page.url.params) == {**looked_at, "closed": str(made)}
    page = visitor.submit(f"/alerts/{made}/undo", **looked_at)
    assert dict(page.url.params) == looked_at
    page = visitor.submit("/today/close", close=f"{made}:called", show="../x?y", who="z")
    assert dict(page.url.params) == {"closed": str(made)}


@pytest.mark.parametrize("severity", SEVERITIES)
@pytest.mark.parametrize("outcome", ["nothing", "called"])
def test_what_takes_a_decision_is_opened_instead(site, office, talk, severity, outcome):
    made = flag(site, talk, severity, category="violence")
    visitor = site.visitor(office.awa)
    offered = re.findall(rf'value="{made}:(\w+)"', visitor.get("/console").text)
    assert offered == ["false_alarm"]
    page = visitor.submit("/today/close", close=f"{made}:{outcome}")
    assert page.url.path == f"/console/alerts/{made}"
    with site.database.read() as connection:
        assert get_alert(connection, office.awa, made).state == "open"


@pytest.mark.parametrize("close", ["", "x:called", "999:called", "9" * 30 + ":called"])
def test_nonsense_closes_nothing(site, office, talk, close):
    flag(site, talk)
    assert site.visitor(office.awa).submit("/today/close", close=close).status_code == 404


def test_a_sealed_alert_closes_for_nobody_but_the_focal_point(site, office, talk):
    sealed = flag(site, talk, category=None, kind="staff_complaint", restricted=True)
    refused = site.visitor(office.awa).submit("/today/close", close=f"{sealed}:called")
    assert refused.status_code == 404
    assert _rows(site.visitor(office.fanta).get("/console")) == [f"alert-{sealed}"]


def test_a_new_critical_alert_rings_and_one_that_was_taken_does_not(site, office, talk):
    made = flag(site, talk, "critical")
    flag(site, make_talk(site, office), "high")
    visitor = site.visitor(office.awa)
    assert f'data-rings="alert-{made}"' in visitor.get("/console/today").text
    with site.database.write() as connection:
        cases.acknowledge(connection, office.sita, made, site.clock())
    assert 'data-rings=""' in visitor.get("/console/today").text


def test_a_promise_that_has_passed_stands_out(site, office, talk):
    flag(site, talk, "normal", answer_by=site.clock() + 30 * MINUTE)
    visitor = site.visitor(office.awa)
    assert "dépassé" not in visitor.get("/console").text
    site.clock.forward(31 * MINUTE)
    assert "réponse promise avant 11:00 : dépassé" in _words(visitor.get("/console").text)


def test_the_page_asks_only_for_what_has_changed(site, office, talk):
    visitor = site.visitor(office.awa)
    part = visitor.get("/console/today")
    assert "<html" not in part.text
    tag = {"If-None-Match": part.headers["etag"]}
    assert visitor.get("/console/today", headers=tag).status_code == 304
    flag(site, talk)
    assert visitor.get("/console/today", headers=tag).status_code == 200


def test_a_long_day_has_pages(site, office):
    made = [f"alert-{flag(site, make_talk(site, office))}" for _ in range(PAGE_SIZE + 1)]
    visitor = site.visitor(office.awa)
    first = visitor.get("/console")
    assert _rows(first) == made[:PAGE_SIZE]
    (following,) = re.findall(r'rel="next" href="([^"]+)"', first.text)
    assert _rows(visitor.get(following.replace("&amp;", "&"))) == made[PAGE_SIZE:]


def test_a_source_more_is_one_line_more_with_a_filter_and_a_group(site, office, monkeypatch):
    def load(look):
        signs = [
            Sign(number, look.now.date(), look.now, "Atelier Exemple", "Centre Exemple")
            for number in range(5)
        ]
        return [
            Item(
                key=f"silence-{sign.person_id}",
                severity="high",
                title="Pas de nouvelles",
                who=f"Dossier 030{sign.person_id}",
                where="",
                wait="",
                since=look.now,
                sign=sign,
            )
            for sign in signs
        ]

    more = Source("no_news", lambda _: "Silences", load)
    monkeypatch.setattr(today_page, "SOURCES", (*SOURCES, more))
    page = site.visitor(office.awa).get("/console?show=no_news")
    assert _filters(page) == {"": 5, "no_news": 5}
    assert "Atelier Exemple : 5 personnes, aujourd’hui" in _words(page.text)
    assert _rows(page) == [f"silence-{number}" for number in range(5)]


def test_nothing_to_do_is_said_kindly(site, office):
    words = _words(site.visitor(office.awa).get("/console").text)
    assert "Rien n’attend. Tout est calme" in words


def test_a_safe_word_says_what_not_to_do_and_is_not_closed_in_one_tap(site, office):
    alert_id = flag(site, make_talk(site, office), "critical", kind="safe_word", category=None)
    awa = site.visitor(office.awa)
    page = awa.get("/console")
    assert "n’appelez pas, n’écrivez rien là-dessus" in page.text
    assert f'value="{alert_id}:' not in page.text
    for path in (f"/console/alerts/{alert_id}", "/console/alerts"):
        assert "Mot de secours" in awa.get(path).text
    awa.submit("/today/close", close=f"{alert_id}:nothing")
    with site.database.read() as connection:
        assert get_alert(connection, office.awa, alert_id).state == "open"
