"""Before every page: a session, the form's token, the rights of the role, the headers."""

import pytest
from starlette.routing import Mount, Route

from bot.console.security import SECURITY_HEADERS
from bot.followup.access import ROLES
from tests.console.cases import flag, make_office, make_talk, write
from tests.console.site import Clock, Site
from tests.made_up import make_member, make_structure

OPEN_TO_ALL = {"/console/sign-in"}
READERS = {"social_worker", "on_call", "supervisor", "focal_point"}


def _routes(site: Site, method: str) -> list[str]:
    """Return the paths of the console's own routes, each with the id 1."""
    return [
        route.path.replace("{id:int}", "1")
        for route in site.app.routes
        if isinstance(route, Route) and method in (route.methods or ())
    ]


def test_every_route_but_the_door_wants_a_session(site, office):
    flag(site, make_talk(site, office))
    for method in ("GET", "POST"):
        paths = set(_routes(site, method)) - OPEN_TO_ALL
        assert paths
        for path in paths:
            answer = site.visitor().request(method, path, follow_redirects=False)
            to_the_door = answer.headers.get("location", "").startswith("/console/sign-in")
            assert answer.status_code == 401 or to_the_door, path


def test_every_form_wants_its_token(site, office):
    flag(site, make_talk(site, office))
    visitor = site.visitor(office.awa)
    other = site.visitor(office.sita).token()
    for path in set(_routes(site, "POST")) - OPEN_TO_ALL:
        for token in ("", other):
            answer = visitor.post(path, data={"csrf": token, "outcome": "called", "text": "oui"})
            assert answer.status_code == 403, path
            assert "Rechargez" in answer.text
    assert "1 chose à faire." in visitor.get("/console").text


@pytest.mark.parametrize("role", ROLES)
def test_only_case_staff_of_the_structure_find_a_case(site, office, role):
    talk = make_talk(site, office)
    with site.database.write() as connection:
        write(connection, talk, "un secret", site.clock())
    made = flag(site, talk)
    with site.database.write() as connection:
        here = make_member(connection, office.home, role, "Ines")
        elsewhere = make_structure(connection, "Centre Autre")
        there = make_member(connection, elsewhere, role, "Bakary")
    forms = [
        f"/alerts/{made}/acknowledge",
        f"/alerts/{made}/assign",
        f"/alerts/{made}/note",
        f"/alerts/{made}/escalate",
        f"/alerts/{made}/close",
        f"/alerts/{made}/undo",
        f"/alerts/{made}/reopen",
        f"/conversations/{talk.id}/take-over",
        f"/conversations/{talk.id}/reply",
        f"/conversations/{talk.id}/hand-back",
        f"/conversations/{talk.id}/hand-over",
        f"/conversations/{talk.id}/share",
        f"/conversations/{talk.id}/unshare",
    ]
    pages = [
        f"/alerts/{made}",
        f"/conversations/{talk.id}",
        f"/conversations/{talk.id}/thread",
    ]
    reads = role in READERS
    for path in pages:
        assert site.visitor(here).get(f"/console{path}").status_code == (200 if reads else 404)
        answer = site.visitor(there).get(f"/console{path}")
        assert answer.status_code == 404, path
        assert "un secret" not in answer.text
    home = 200 if reads or role in ("administrator", "observer", "partner") else 403
    assert site.visitor(here).get("/console").status_code == home
    for member in (there,) if reads else (here, there):
        visitor = site.visitor(member)
        token = visitor.token()
        for path in forms:
            answer = visitor.submit(path, token=token, outcome="called", text="oui")
            assert answer.status_code == 404, path


def test_every_answer_carries_the_security_headers(site, office):
    visitor = site.visitor(office.awa)
    for path in ("/console", "/console/sign-in", "/nowhere", "/console/alerts/999"):
        headers = visitor.get(path, follow_redirects=False).headers
        for name, value in SECURITY_HEADERS.items():
            assert headers[name] == value, path
    policy = SECURITY_HEADERS["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_pages_hold_no_inline_script_or_style(site, office):
    made = flag(site, make_talk(site, office))
    visitor = site.visitor(office.awa)
    for path in ("/console", f"/console/alerts/{made}", "/console/conversations/1"):
        page = visitor.get(path).text
        assert "<style" not in page
        assert " style=" not in page
        assert " onclick=" not in page
        assert page.count("<script") == page.count("<script src=") == 1


def test_what_never_changes_is_kept_by_the_browser(site, office):
    page = site.visitor(office.awa).get("/console").text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "immutable" in site.visitor().get(address).headers["cache-control"]


def test_the_first_page_is_small(site, office):
    """Under 60 KB in total, with a full list, without compression."""
    for number in range(40):
        flag(site, make_talk(site, office), "critical" if number % 2 else "high", category="fear")
    visitor = site.visitor(office.awa)
    page = visitor.get("/console")
    loaded = [part.split('"')[0] for part in page.text.split('"/console/static/')[1:]]
    assert len(loaded) == 4  # the last one only for whoever wants to be called
    files = [visitor.get(f"/console/static/{name}").content for name in loaded]
    assert len(page.content) + sum(map(len, files)) < 60_000


def test_what_goes_wrong_is_said_kindly(site, office):
    visitor = site.visitor(office.awa)
    missing = visitor.get("/console/alerts/999")
    assert (missing.status_code, "Rien à cette adresse" in missing.text) == (404, True)
    assert 'href="/console"' in missing.text
    assert 'href="/console"' not in visitor.get("/nowhere").text
    huge = visitor.post("/console/sign-out", content=b"x" * 70_000)
    assert (huge.status_code, "trop long" in huge.text) == (413, True)
    assert visitor.delete("/console").status_code == 405


def test_a_fault_shows_a_page_with_headers_and_no_details(sqlite_database, wording, now):
    site = Site(sqlite_database, wording, Clock(now))
    visitor = site.visitor(make_office(site).awa)
    with site.database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE alert RENAME TO lost")
    broken = visitor.get("/console")
    assert broken.status_code == 500
    assert "Une panne chez nous" in broken.text
    for detail in ("no such table", "OperationalError", "Traceback"):
        assert detail not in broken.text
    assert broken.headers["x-content-type-options"] == "nosniff"


def test_static_files_are_the_consoles_own(site):
    (mount,) = [route for route in site.app.routes if isinstance(route, Mount)]
    assert mount.path == "/console/static"
    assert site.visitor().get("/console/static/../__init__.py").status_code == 404
