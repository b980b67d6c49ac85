"""The own account: the second step, a trusted phone, the sessions, the password."""

import re
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from bot.console.visit import SESSION_COOKIE
from bot.db.tables import audit, staff
from bot.followup.sessions import IDLE_LIMIT, MAXIMUM_PINS, PIN_AFTER, TRUSTED_FOR
from bot.followup.staff import MAXIMUM_FAILURES
from tests.made_up import PASSWORD

DOOR = "/console/sign-in"
PHONE = {"user-agent": "Mozilla/5.0 (Linux; Android 13) AppleWebKit Chrome/130 Mobile Safari/537"}
PIN = "402817"


def _code(site, secret, later=0):
    return pyotp.TOTP(secret).at(site.clock() + timedelta(seconds=30 * later))


def _knock(visitor, password=PASSWORD, wanted="/console"):
    token = visitor.token(DOOR)
    fields = {"csrf": token, "email": "awa@exemple.test", "password": password, "next": wanted}
    return visitor.post(DOOR, data=fields)


def _set_up(site, visitor):
    """Set the second step up; return the app's secret and the page with the recovery codes."""
    page = visitor.get("/console/account/second-step").text
    secret = _key_on(page).replace(" ", "")
    done = visitor.submit("/account/second-step", code=_code(site, secret))
    assert done.status_code == 200
    return secret, done


def _key_on(page):
    (key,) = re.findall(r"<code[^>]*>([A-Z2-7 ]+)</code>", page)
    return key


def _recovery_codes(page):
    return re.findall(r"<code[^>]*>(\w{4}-\w{4})</code>", page.text)


@pytest.fixture
def secret(site, office):
    """Give the secret of Awa's app, set up a minute ago."""
    secret, _page = _set_up(site, site.visitor(office.awa))
    site.clock.forward(timedelta(minutes=1))
    return secret


def test_who_sets_it_up_is_asked_for_a_code_at_the_door(site, office):
    visitor = site.visitor(office.awa)
    secret, page = _set_up(site, visitor)
    assert len(_recovery_codes(page)) == 8
    site.clock.forward(timedelta(minutes=1))
    other = site.visitor()
    asked = _knock(other)
    assert asked.url.path == "/console/unlock"
    assert other.get("/console").url.path == "/console/unlock"
    assert other.get("/console/today").status_code == 401
    assert other.get("/console/live").status_code == 401
    wrong = other.submit("/unlock", token=other.token("/console/unlock"), code="000000")
    assert (wrong.status_code, "déjà servi" in wrong.text) == (422, True)
    right = other.submit("/unlock", token=other.token("/console/unlock"), code=_code(site, secret))
    assert (right.status_code, right.url.path) == (200, "/console")


def test_after_the_code_one_is_where_one_wanted_to_be(site, office, secret):
    visitor = site.visitor()
    page = _knock(visitor, wanted="/console/alerts")
    assert page.url.params["next"] == "/console/alerts"
    token = visitor.token("/console/unlock")
    right = visitor.submit(
        "/unlock", token=token, code=_code(site, secret), next=page.url.params["next"]
    )
    assert right.url.path == "/console/alerts"


def test_a_wrong_code_changes_nothing_at_setting_up(site, office):
    visitor = site.visitor(office.awa)
    first = visitor.get("/console/account/second-step").text
    assert visitor.submit("/account/second-step", code="000000").status_code == 422
    again = visitor.get("/console/account/second-step").text
    assert _key_on(first) == _key_on(again)
    assert _knock(site.visitor()).url.path == "/console"


def test_too_many_wrong_codes_end_what_the_password_began(site, office, secret):
    visitor = site.visitor()
    _knock(visitor)
    token = visitor.token("/console/unlock")
    for _ in range(MAXIMUM_FAILURES):
        answer = visitor.submit("/unlock", token=token, code="000000")
    assert answer.url.path == DOOR
    assert _knock(site.visitor()).status_code == 401


def test_a_recovery_code_leads_in_without_the_phone(site, office):
    _secret, page = _set_up(site, site.visitor(office.awa))
    visitor = site.visitor()
    _knock(visitor)
    token = visitor.token("/console/unlock")
    code = _recovery_codes(page)[0]
    assert visitor.submit("/unlock", token=token, code=code).url.path == "/console"
    assert "7 codes de secours" in visitor.get("/console/account").text


def test_switching_it_off_asks_for_a_code(site, office, secret):
    visitor = site.visitor(office.awa)
    asked = visitor.submit("/account/second-step/off")
    assert asked.url.path == "/console/confirm"
    assert visitor.submit("/confirm", code="000000").status_code == 422
    confirmed = visitor.submit("/confirm", code=_code(site, secret), next="/console/account")
    assert confirmed.url.path == "/console/account"
    assert "est enlevée" in visitor.submit("/account/second-step/off").text
    assert _knock(site.visitor()).url.path == "/console"


def test_new_recovery_codes_are_shown_once(site, office, secret):
    visitor = site.visitor(office.awa)
    visitor.submit("/confirm", code=_code(site, secret))
    assert len(_recovery_codes(visitor.submit("/account/recovery-codes"))) == 8
    assert _recovery_codes(visitor.get("/console/account")) == []


def _trusted(site, member):
    visitor = site.visitor(member, coded=True)
    visitor.headers.update(PHONE)
    page = visitor.submit("/account/phone", pin=PIN, again=PIN)
    assert page.url.path == "/console/account"
    return visitor


def test_a_trusted_phone_asks_its_pin_and_stays_for_twelve_hours(site, office):
    visitor = _trusted(site, office.awa)
    assert visitor.get("/console").url.path == "/console"
    site.clock.forward(PIN_AFTER)
    asked = visitor.get("/console/alerts")
    assert asked.url.path == "/console/unlock"
    assert visitor.get("/console/today").status_code == 401
    token = visitor.token("/console/unlock")
    assert visitor.submit("/unlock", token=token, code="000000").status_code == 422
    wanted = asked.url.params["next"]
    assert visitor.submit("/unlock", token=token, code=PIN, next=wanted).url.path == wanted
    site.clock.forward(TRUSTED_FOR - PIN_AFTER)
    assert visitor.get("/console").url.path == DOOR


def test_five_wrong_pins_lead_to_the_door(site, office):
    visitor = _trusted(site, office.awa)
    site.clock.forward(PIN_AFTER)
    token = visitor.token("/console/unlock")
    answers = [
        visitor.submit("/unlock", token=token, code="000000").url.path for _ in range(MAXIMUM_PINS)
    ]
    assert answers == [*["/console/unlock"] * (MAXIMUM_PINS - 1), DOOR]


def test_a_pin_stands_for_no_code_where_a_code_is_asked(site, office, secret):
    visitor = _trusted(site, office.awa)
    site.clock.forward(PIN_AFTER)
    token = visitor.token("/console/unlock")
    visitor.submit("/unlock", token=token, code=PIN)
    assert visitor.submit("/account/second-step/off").url.path == "/console/confirm"


def test_whoever_finds_a_phone_open_cannot_keep_it_open(site, office, secret):
    visitor = site.visitor(office.awa)
    visitor.headers.update(PHONE)
    asked = visitor.submit("/account/phone", pin=PIN, again=PIN)
    assert asked.url.path == "/console/confirm"
    assert asked.url.params["next"] == "/console/account"


@pytest.mark.parametrize(("pin", "again"), [("123456", "123456"), ("12", "12"), (PIN, "402818")])
def test_a_pin_that_will_not_do_is_refused_with_the_reason(site, office, pin, again):
    visitor = site.visitor(office.awa)
    visitor.headers.update(PHONE)
    page = visitor.submit("/account/phone", pin=pin, again=again)
    assert (page.status_code, 'id="refused-phone"' in page.text) == (422, True)


def test_a_computer_is_not_trusted(site, office):
    visitor = site.visitor(office.awa)
    assert 'name="pin"' not in visitor.get("/console/account").text
    assert visitor.submit("/account/phone", pin=PIN, again=PIN).status_code == 404


def test_a_phone_can_be_trusted_no_more(site, office):
    visitor = _trusted(site, office.awa)
    visitor.submit("/account/phone/forget")
    site.clock.forward(PIN_AFTER)
    assert visitor.get("/console").url.path == "/console"
    site.clock.forward(IDLE_LIMIT)
    assert visitor.get("/console").url.path == DOOR


def test_sessions_are_listed_with_their_device_and_ended(site, office):
    phone = site.visitor()
    phone.headers.update(PHONE)
    _knock(phone)
    visitor, third = site.visitor(office.awa), site.visitor(office.awa)
    stranger = site.visitor(office.sita)
    page = visitor.get("/console/account").text
    assert "Chrome, Android" in page
    assert page.count("celle-ci") == 1
    numbers = re.findall(r"/account/sessions/(\d+)/end", page)
    assert len(numbers) == 2
    stranger.submit(f"/account/sessions/{numbers[0]}/end")
    assert len(re.findall(r"/sessions/\d+/end", visitor.get("/console/account").text)) == 2
    visitor.submit(f"/account/sessions/{numbers[-1]}/end")
    assert phone.get("/console").url.path == DOOR
    visitor.submit("/account/sessions/end-others")
    assert third.get("/console").url.path == DOOR
    assert visitor.get("/console").url.path == "/console"
    assert stranger.get("/console").url.path == "/console"


def test_who_knows_the_password_but_not_the_code_is_seen(site, office, secret):
    stranger = site.visitor()
    _knock(stranger)
    visitor = site.visitor(office.awa)
    page = visitor.get("/console/account").text
    assert page.count("sans le code") == 1
    visitor.submit("/account/sessions/end-others")
    assert stranger.get("/console/unlock").url.path == DOOR


def test_a_new_password_ends_the_other_sessions(site, office):
    visitor, other = site.visitor(office.awa), site.visitor(office.awa)
    new = "un autre mot de passe"
    for fields in (
        {"old": "wrong", "new": new, "again": new},
        {"old": PASSWORD, "new": "court", "again": "court"},
        {"old": PASSWORD, "new": new, "again": new + "!"},
    ):
        refused = visitor.submit("/account/password", **fields)
        assert (refused.status_code, 'id="refused-password"' in refused.text) == (422, True)
    assert other.get("/console").url.path == "/console"
    assert (
        "Il est changé"
        in visitor.submit("/account/password", old=PASSWORD, new=new, again=new).text
    )
    assert other.get("/console").url.path == DOOR
    assert _knock(site.visitor()).status_code == 401
    assert _knock(site.visitor(), password=new).url.path == "/console"


def test_what_changes_an_account_is_in_the_audit_without_a_secret(site, office, secret):
    visitor = _trusted(site, office.awa)
    visitor.submit("/account/sessions/end-others")
    with site.database.read() as connection:
        lines = connection.execute(select(audit)).all()
        email = connection.execute(select(staff.c.email)).scalars().first()
    assert [line.action for line in lines] == [
        "staff.code_on",
        "staff.phone_trusted",
        "staff.sessions_ended",
    ]
    written = " ".join(str(value) for line in lines for value in line)
    assert not any(word in written for word in (secret, PIN, email))


def test_nobody_without_a_session_sees_it(site, office):
    visitor = site.visitor()
    assert SESSION_COOKIE not in visitor.cookies
    for path in ("/console/account", "/console/confirm", "/console/unlock"):
        assert visitor.get(path).url.path == DOOR
