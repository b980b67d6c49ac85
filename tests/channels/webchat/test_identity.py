"""Who writes is decided by a cookie of our making, and by nothing that anybody sends."""

from __future__ import annotations

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.webchat.channel import WebchatChannel
from bot.channels.webchat.identity import COOKIE, PATH, Identity
from bot.settings import Settings
from tests.channels.webchat.visitor import EVENTS, MESSAGES
from tests.conftest import KEYS

OTHER_KEYS = ("another-made-up-key-for-tests-0123456789",)


def _cookie(keys, address, *, secure=False) -> str:
    response = Response()
    Identity(keys, secure=secure).become(response, address)
    return response.headers["set-cookie"]


def _request(cookie: str) -> Request:
    return Request({"type": "http", "headers": [(b"cookie", f"{COOKIE}={cookie}".encode())]})


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites():
    cookie = _cookie(KEYS, "demo-a", secure=True)
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert f"Path={PATH}" in cookie
    assert "Secure" in cookie


def test_a_cookie_of_ours_names_its_address_also_after_the_key_was_changed(identity):
    value = _cookie(KEYS, "demo-a").partition(";")[0].partition("=")[2]
    newer = Identity((*OTHER_KEYS, *KEYS), secure=False)
    assert identity.address_of(_request(value)) == "demo-a"
    assert newer.address_of(_request(value)) == "demo-a"
    assert newer.is_page_of(identity.page_token("demo-a"), "demo-a")


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "demo-b",
        "demo-b.",
        ".",
        "demo-b.0000",
        "é.é",
        _cookie(KEYS, "demo-a").partition(";")[0].partition("=")[2].replace("demo-a", "demo-b"),
        _cookie(OTHER_KEYS, "demo-b").partition(";")[0].partition("=")[2],
        f"demo-b.{Identity(KEYS, secure=False).page_token('demo-b')}",
    ],
)
def test_a_forged_cookie_names_nobody(identity, forged):
    assert identity.address_of(_request(forged)) is None


def test_with_a_forged_cookie_nothing_of_somebody_else_is_read_or_written(desk, visit, identity):
    desk.answer("demo-victim", "25 000 F sont partis")
    visitor = visit()
    visitor.client.cookies.set(COOKIE, "demo-victim.0123456789abcdef", path=PATH)
    form = {"page": identity.page_token("demo-victim"), "nonce": "n", "text": "je suis la victime"}

    assert visitor.client.post(MESSAGES, data=form).status_code == 403
    assert visitor.client.get(EVENTS).status_code == 403
    assert "25 000" not in visitor.page()
    assert desk.events == []


def test_whoever_comes_without_a_cookie_is_somebody_new(visit):
    first, second = visit(), visit()
    first.page(), second.page()
    assert first.address != second.address
    assert len(first.address) > 20


def test_the_address_is_in_no_page_and_in_no_url(desk, visit):
    visitor = visit("demo-somebody")
    desk.answer("demo-somebody", "Bonjour", "Oui", "Non")
    page = visitor.page()
    assert "demo-somebody" not in page
    with visitor.following() as events:
        assert "demo-somebody" not in next(events).data + next(events).data


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_another_site_cannot_write_in_somebodys_name(desk, visit, headers):
    assert visit().post(headers=headers, text="bonjour").status_code == 403
    assert desk.events == []


def test_our_own_page_can(desk, url, visit):
    visitor = visit()
    assert visitor.post(headers={"Sec-Fetch-Site": "same-origin"}, text="a").status_code == 303
    assert visitor.post(headers={"Origin": url}, text="b").status_code == 303
    assert [message.text for message in desk.messages] == ["a", "b"]


def test_a_page_left_open_does_not_write_as_who_the_browser_is_now(desk, visit, identity):
    visitor = visit("demo-koffi")
    form = {**visitor.fields(), "text": "mon secret"}
    visitor.take_cookie(identity, "demo-mariam")

    assert visitor.client.post(MESSAGES, data=form).status_code == 409
    assert desk.events == []


def test_a_page_may_not_be_kept_by_the_browser(url):
    response = httpx.get(url + PATH, trust_env=False)
    assert response.headers["cache-control"] == "no-store"


def test_without_the_demo_there_is_no_chat(sqlite_database):
    from bot.channels.webchat import build_webchat

    assert build_webchat(Settings("", KEYS, demo=False), sqlite_database) is None
    assert isinstance(build_webchat(Settings("", KEYS, demo=True), sqlite_database), WebchatChannel)
