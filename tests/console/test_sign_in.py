"""The door of the console."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.console.visit import SESSION_COOKIE
from bot.db.tables import audit, staff_session
from bot.followup.sessions import IDLE_LIMIT
from bot.followup.staff import LOCKED_FOR, MAXIMUM_FAILURES
from tests.console.cases import flag, make_office, make_talk
from tests.console.site import Clock, Site
from tests.made_up import PASSWORD

DOOR = "/console/sign-in"
ADDRESS = "awa@exemple.test"


def _knock(visitor, email=ADDRESS, password=PASSWORD, next_page="/console"):
    token = visitor.token(DOOR)
    fields = {"csrf": token, "email": email, "password": password, "next": next_page}
    return visitor.post(DOOR, data=fields, follow_redirects=False)


def test_the_right_password_leads_in(site, office):
    visitor = site.visitor()
    answer = _knock(visitor)
    assert (answer.status_code, answer.headers["location"]) == (303, "/console")
    assert "Awa" in visitor.get("/console").text
    assert visitor.get(DOOR).url.path == "/console"
    with site.database.read() as connection:
        assert connection.execute(select(audit.c.action)).scalar_one() == "staff.sign_in"


def test_who_was_sent_to_the_door_is_led_back_to_the_page(site, office):
    made = flag(site, make_talk(site, office))
    visitor = site.visitor()
    page = visitor.get(f"/console/alerts/{made}")
    assert page.url.path == DOOR
    wanted = page.url.params["next"]
    assert _knock(visitor, next_page=wanted).headers["location"] == f"/console/alerts/{made}"


@pytest.mark.parametrize(
    "elsewhere", ["https://exemple.test", "//exemple.test", "/console/../chat", "/chat", ""]
)
def test_nobody_is_led_anywhere_but_to_the_console(site, office, elsewhere):
    answer = _knock(site.visitor(), next_page=elsewhere)
    assert answer.headers["location"] == "/console"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(site, office):
    answers = []
    for email, password in ((ADDRESS, "wrong"), ("nobody@exemple.test", PASSWORD)):
        visitor = site.visitor()
        answer = _knock(visitor, email, password)
        assert answer.status_code == 401
        assert SESSION_COOKIE not in visitor.cookies
        answers.append(answer.text.replace(email, "").replace(visitor.token(DOOR), ""))
    assert answers[0] == answers[1]


def test_five_failures_lock_for_fifteen_minutes(site, office):
    visitor = site.visitor()
    for _ in range(MAXIMUM_FAILURES):
        assert _knock(visitor, password="wrong").status_code == 401
    assert _knock(visitor).status_code == 401
    site.clock.forward(LOCKED_FOR)
    assert _knock(visitor).status_code == 303


def test_a_form_that_is_not_from_the_door_is_refused(site, office):
    visitor = site.visitor()
    fields = {"email": ADDRESS, "password": PASSWORD, "csrf": "made up"}
    assert visitor.post(DOOR, data=fields).status_code == 403
    visitor.get(DOOR)
    assert visitor.post(DOOR, data=fields).status_code == 403
    assert visitor.post(DOOR, data={**fields, "csrf": ""}).status_code == 403
    assert SESSION_COOKIE not in visitor.cookies


@pytest.mark.parametrize(
    ("public_url", "secure"), [("https://exemple.test", True), ("http://127.0.0.1:8080", False)]
)
def test_scripts_and_other_sites_get_no_cookie(sqlite_database, wording, now, public_url, secure):
    site = Site(sqlite_database, wording, Clock(now), public_url)
    make_office(site)
    visitor = site.visitor()
    visitor.base_url = public_url if secure else visitor.base_url
    cookie = _knock(visitor).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert ("Secure" in cookie) is secure


def test_signing_out_ends_the_session_everywhere(site, office):
    visitor = site.visitor(office.awa)
    left = visitor.submit("/sign-out")
    assert left.url.path == DOOR
    with site.database.read() as connection:
        assert connection.execute(select(staff_session)).all() == []
    assert visitor.get("/console").url.path == DOOR


def test_an_idle_hour_ends_the_session_work_keeps_it(site, office):
    visitor = site.visitor(office.awa)
    for _ in range(3):
        site.clock.forward(IDLE_LIMIT - timedelta(minutes=5))
        assert visitor.get("/console").url.path == "/console"
    site.clock.forward(IDLE_LIMIT)
    assert visitor.get("/console").url.path == DOOR


@pytest.mark.parametrize("path", ["/console/today", "/console?refreshed=1"])
def test_a_page_that_refreshes_itself_keeps_no_session_alive(site, office, path):
    visitor = site.visitor(office.awa)
    site.clock.forward(IDLE_LIMIT / 2)
    assert visitor.get(path).status_code == 200
    site.clock.forward(IDLE_LIMIT / 2)
    assert visitor.get("/console").url.path == DOOR


def test_a_part_of_a_page_without_a_session_leads_to_no_door(site, office):
    visitor = site.visitor()
    assert visitor.get("/console/today").status_code == 401
    assert visitor.get("/console/live").status_code == 401
