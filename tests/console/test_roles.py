"""Every route, walked as every role: who gets in stands here once, for a human to check."""

import pytest
from sqlalchemy import insert
from starlette.routing import Route

from bot.console.translating import key_of
from bot.db.tables import programme
from bot.followup import helplines, vocabularies
from bot.followup.access import ROLES
from bot.followup.caller import identify
from bot.followup.notes import add_note
from bot.followup.unclear import note_not_understood
from tests.console.cases import flag, keep_attachment, make_recording, make_talk, write
from tests.followup.unclear import agree
from tests.made_up import make_conversation, make_member, make_person, make_structure
from tests.made_up_caseload import make_appointment

EVERYBODY = set(ROLES)
OVERSEERS = {"on_call", "supervisor", "focal_point"}
CASE_STAFF = {*OVERSEERS, "social_worker"}
ADMINISTRATOR = {"administrator"}
PARTNER = {"partner"}
PLANNERS = {"supervisor", "administrator"}
COUNTERS = {"supervisor", "observer"}
WORDSMITHS = PLANNERS  # and whoever is named for a language: test_translating.py

# Who may use a route on a case of a colleague's. Everybody else is told that there is no such page,
# or that messages are not for them.
ALLOWED = {
    "GET /console": CASE_STAFF | ADMINISTRATOR | COUNTERS | PARTNER,  # led to their pages
    "GET /console/today": EVERYBODY,  # without a row for those who read no cases
    "POST /console/today/close": OVERSEERS,
    "GET /console/alerts": CASE_STAFF,
    "GET /console/alerts/list": EVERYBODY,  # without a row for those who read no cases
    "GET /console/alerts/{id:int}": OVERSEERS,
    "POST /console/alerts/{id:int}/acknowledge": OVERSEERS,
    "POST /console/alerts/{id:int}/assign": OVERSEERS,
    "POST /console/alerts/{id:int}/note": OVERSEERS,
    "POST /console/alerts/{id:int}/escalate": OVERSEERS,
    "POST /console/alerts/{id:int}/close": OVERSEERS,
    "POST /console/alerts/{id:int}/undo": OVERSEERS,
    "POST /console/alerts/{id:int}/reopen": OVERSEERS,
    "GET /console/conversations/{id:int}": OVERSEERS,
    "GET /console/conversations/{id:int}/thread": OVERSEERS,
    "POST /console/conversations/{id:int}/take-over": OVERSEERS,
    "POST /console/conversations/{id:int}/reply": OVERSEERS,
    "POST /console/conversations/{id:int}/hand-back": OVERSEERS,
    "POST /console/conversations/{id:int}/note": OVERSEERS,
    "POST /console/conversations/{id:int}/typing": OVERSEERS,
    "POST /console/conversations/{id:int}/hand-over": OVERSEERS,
    "POST /console/conversations/{id:int}/share": OVERSEERS,
    "POST /console/conversations/{id:int}/unshare": OVERSEERS,
    "GET /console/people": CASE_STAFF,
    "POST /console/people/search": CASE_STAFF,
    "GET /console/people/new": CASE_STAFF,
    "POST /console/people/new": CASE_STAFF,
    "GET /console/people/{id:int}": OVERSEERS,
    "POST /console/people/{id:int}/note": OVERSEERS,
    "POST /console/people/{id:int}/appointment": OVERSEERS,
    "POST /console/people/{id:int}/appointment-state": OVERSEERS,
    "POST /console/people/{id:int}/payment": OVERSEERS,
    "POST /console/people/{id:int}/request": OVERSEERS,
    "POST /console/people/{id:int}/contact": OVERSEERS,
    "POST /console/people/{id:int}/safe-word": OVERSEERS,
    "POST /console/people/{id:int}/consent": OVERSEERS,
    "POST /console/people/{id:int}/link": OVERSEERS,
    "POST /console/people/{id:int}/card": OVERSEERS,
    "POST /console/people/{id:int}/identity": OVERSEERS,
    "POST /console/people/{id:int}/release": OVERSEERS,
    "GET /console/referred": PARTNER,
    "GET /console/rota": CASE_STAFF | PLANNERS,
    "POST /console/rota/add": PLANNERS,
    "POST /console/rota/{id:int}/remove": PLANNERS,
    "GET /console/structures/{id:int}/days-off": PLANNERS,
    "POST /console/structures/{id:int}/days-off/close": PLANNERS,
    "POST /console/structures/{id:int}/days-off/open": PLANNERS,
    "POST /console/structures/{id:int}/days-off/leave": PLANNERS,
    "POST /console/structures/{id:int}/days-off/leave-back": PLANNERS,
    "GET /console/figures": COUNTERS,
    "POST /console/figures/export": COUNTERS,
    "GET /console/admin": ADMINISTRATOR,
    **{
        route.format(table=table): ADMINISTRATOR
        for table in ("staff", "structures", "programmes", "aid-kinds", "helplines")
        for route in (
            "GET /console/admin/{table}",
            "GET /console/admin/{table}/new",
            "POST /console/admin/{table}/new",
            "GET /console/admin/{table}/{{id:int}}",
            "POST /console/admin/{table}/{{id:int}}",
        )
    },
    "POST /console/admin/staff/{id:int}/password": ADMINISTRATOR,
    "POST /console/admin/staff/{id:int}/link": ADMINISTRATOR,
    "POST /console/admin/staff/{id:int}/second-step-off": ADMINISTRATOR,
    "POST /console/admin/staff/{id:int}/end-sessions": ADMINISTRATOR,
    "POST /console/admin/helplines/{id:int}/verified": ADMINISTRATOR,
    "GET /console/translations": WORDSMITHS,
    "GET /console/translations/{language}": WORDSMITHS,
    "POST /console/translations/{language}": WORDSMITHS,
    "POST /console/translations/reviewers": WORDSMITHS,
    "GET /console/voices": WORDSMITHS,
    "GET /console/voices/{language}": WORDSMITHS,
    "GET /console/voices/{language}/{name}": WORDSMITHS,
    "POST /console/voices/{language}/{name}": WORDSMITHS,
    "GET /console/voice-notes/{id:int}": OVERSEERS,
    "GET /console/pictures/{id:int}": OVERSEERS,
    "GET /console/unclear": {"supervisor"},
    "POST /console/unclear/{id:int}": {"supervisor"},
    "GET /console/sign-in": EVERYBODY,
    "POST /console/sign-in": EVERYBODY,
    "GET /console/unlock": EVERYBODY,
    "POST /console/unlock": EVERYBODY,
    "GET /console/confirm": EVERYBODY,
    "POST /console/confirm": EVERYBODY,
    "GET /console/account": EVERYBODY,
    "GET /console/account/second-step": EVERYBODY,
    "POST /console/account/second-step": EVERYBODY,
    "POST /console/account/second-step/off": EVERYBODY,
    "POST /console/account/recovery-codes": EVERYBODY,
    "POST /console/account/phone": EVERYBODY,
    "POST /console/account/phone/forget": EVERYBODY,
    "POST /console/account/password": EVERYBODY,
    "POST /console/account/sessions/{id:int}/end": EVERYBODY,
    "POST /console/account/sessions/end-others": EVERYBODY,
    "POST /console/language": EVERYBODY,
    "POST /console/sign-out": EVERYBODY,
    "GET /console/live": EVERYBODY,  # carries nothing: a stream of "look again"
}
# The stream never ends, and the door is for who is outside: tests of their own walk these.
ELSEWHERE = {"GET /console/live", "GET /console/sign-in", "POST /console/sign-in"}
# What is of one's own structure or account, whichever number is asked for.
OWN = ("rota", "account", "structures", "admin")
SECRET = "un secret du jeune"


@pytest.fixture
def case(site, office):
    """Give a conversation and an alert of Awa's case, whose ids are both 1."""
    with site.database.write() as connection:
        someone = make_person(connection, office.home, worker_id=office.awa.id)
        talk = make_conversation(connection, someone)
        written = write(connection, talk, SECRET, site.clock())
        for given_by in ("guardian", "self"):
            agree(connection, talk, site.clock(), given_by=given_by)
        note_not_understood(identify(connection, talk, site.clock(), written), ())
        make_appointment(connection, someone, site.clock())
        make_conversation(connection, someone, enrolment="to_confirm")
        add_note(connection, office.awa, someone.id, SECRET, site.clock())
        keep_attachment(connection, written, SECRET.encode(), site.clock())
        make_recording(connection, office.awa, "ak/utter_thank", site.clock())
        _fill_tables(connection, office)
    assert (talk.id, flag(site, talk, category="fear")) == (1, 1)
    return talk


def _fill_tables(connection, office):
    """Add a row to each table of administration that has none."""
    fields = {"name": "Kit", "for_whom": "tous", "open": True}
    vocabularies.save_aid_kind(connection, None, fields)
    connection.execute(
        insert(programme).values(
            structure_id=office.home.id,
            trade="couture",
            title="Couture",
            place="Centre A",
            town="San Pedro",
            places_left=1,
            minimum_age=14,
            open=True,
        )
    )
    helplines.seed(connection)


def _routes(site):
    return {
        f"{method} {route.path}"
        for route in site.app.routes
        if isinstance(route, Route)
        for method in set(route.methods or ()) - {"HEAD"}
    }


def _fields(office, visitor):
    return {
        "csrf": visitor.token(),
        "pin": "402817",
        "again": "402817",
        "first": "2026-12-25",
        "last": "2026-12-26",
        "leave": "1",
        "close": "1:nothing",
        "verdict": "nothing",
        "outcome": "nothing",
        "to": str(office.fanta.id),
        "text": "bonjour",
        "note": "bonjour",
        "who": str(office.sita.id),
        "duty": "on_call",
        "start": "2026-11-25T17:00",
        "end": "2026-11-26T08:00",
        "answer": "1-done",
        "writer": "2-yes",
        "language": "ak",
        "sentence": key_of("utter_thank", "Avec plaisir. Je suis là."),
    }


def _walk(site, office, member, route):
    """Use a route as ``member``; return whether it let them in, and what they read."""
    method, path = route.replace("{id:int}", "1").replace("{language}", "ak").split()
    path = path.replace("{name}", "utter_thank")
    visitor = site.visitor(member, coded=True)
    visitor.headers["user-agent"] = "Mozilla/5.0 (Linux; Android 13) Chrome/130"
    data = _fields(office, visitor) if method == "POST" else None
    answer = visitor.request(method, path, data=data, follow_redirects=False)
    assert answer.status_code < 500, route
    # 409 and 422: inside, and refused for what it says.
    return answer.status_code in (200, 204, 303, 409, 422), answer.text


def test_every_route_says_who_may_use_it(site):
    assert _routes(site) == set(ALLOWED)


@pytest.mark.parametrize("role", ROLES)
def test_every_route_as_every_role_on_a_colleagues_case(site, office, case, role):
    with site.database.write() as connection:
        member = make_member(connection, office.home, role, "Ines")
    # What ends a session or an alert comes last; what needs consent before what may change it.
    for route in sorted(
        set(ALLOWED) - ELSEWHERE,
        key=lambda name: ("sign-out" in name, "unclear" not in name, name),
    ):
        entered, read = _walk(site, office, member, route)
        assert entered is (role in ALLOWED[route]), route
        assert SECRET not in read or role in OVERSEERS, route
        assert "alert-1" not in read or role in OVERSEERS, route


@pytest.mark.parametrize("role", ROLES)
def test_every_route_as_every_role_of_another_structure(site, office, case, role):
    with site.database.write() as connection:
        elsewhere = make_structure(connection, "Centre Autre")
        member = make_member(connection, elsewhere, role, "Loin")
    for route in set(ALLOWED) - ELSEWHERE - {"POST /console/sign-out"}:
        entered, read = _walk(site, office, member, route)
        if ("{id" in route or "close" in route) and not any(own in route for own in OWN):
            assert not entered, route
        assert SECRET not in read, route
        assert "alert-1" not in read, route


def test_a_workers_own_case_is_open_to_the_worker(site, office, case):
    for page in ("alerts", "conversations", "people"):
        route = f"GET /console/{page}/{{id:int}}"
        assert _walk(site, office, office.awa, route)[0], route


def test_a_case_of_nobodys_is_open_to_all_case_staff_of_the_structure(site, office):
    talk = make_talk(site, office)
    assert (talk.id, flag(site, talk)) == (1, 1)
    assert _walk(site, office, office.sita, "GET /console/alerts/{id:int}")[0]
