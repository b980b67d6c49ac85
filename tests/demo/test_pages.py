"""The front page: one click to write as somebody, one click to work as a colleague."""

from __future__ import annotations

import re

import httpx
import pytest
from sqlalchemy import select

from bot.channels.webchat.identity import COOKIE
from bot.console.visit import SESSION_COOKIE
from bot.db.tables import staff
from bot.demo.pages import build_demo
from bot.demo.threads import MOTHER_ADDRESS, YOUTH_ADDRESS
from bot.followup.consent import redeem_code
from bot.followup.people import find_by_case
from bot.i18n.catalogs import Catalogs
from bot.settings import PROJECT, Settings
from tests.channels.webchat.visitor import texts_in
from tests.conftest import KEYS


def _address(visitor: httpx.Client) -> str:
    return visitor.cookies[COOKIE].rpartition(".")[0]


def test_the_front_page_offers_everybody_and_says_that_nobody_is_real(visitor):
    page = visitor.get("/").text
    assert "inventées" in page
    offered = re.findall(r'name="who" value="(\w+)"', page)
    assert offered[:4] == ["koffi", "mariam", "stranger", "newcomer"]
    assert offered[4:] == ["awa", "clarisse", "noel", "ines", "bakary"]


@pytest.mark.parametrize(
    ("who", "address", "said"),
    [
        ("koffi", YOUTH_ADDRESS, "ca va bien, jai demonte un moteur"),
        ("mariam", MOTHER_ADDRESS, "merci beaucoup"),
    ],
)
def test_one_click_writes_as_somebody_whose_thread_is_shown(visitor, who, address, said):
    page = visitor.post("/demo/write-as", data={"who": who})
    assert page.url.path == "/chat"
    assert _address(visitor) == address
    assert said in texts_in(page.text)


def test_the_stranger_is_somebody_new_each_time(visitor):
    addresses = set()
    for _ in range(2):
        page = visitor.post("/demo/write-as", data={"who": "stranger"})
        assert page.url.path == "/chat"
        assert texts_in(page.text) == []
        addresses.add(_address(visitor))
    assert len(addresses) == 2


def test_the_newcomer_gets_a_code_that_works_and_a_phone_nobody_knows(
    visitor, sqlite_database, desk
):
    page = visitor.post("/demo/write-as", data={"who": "newcomer"})
    code = re.findall(r'class="digits">([^<]+)<', page.text)[0]
    assert code.replace(" ", "") not in str(page.url)
    with sqlite_database.write() as connection:
        redeemed = redeem_code(connection, code, desk.clock())
        assert redeemed is not None
        assert redeemed.person_id == find_by_case(connection, "0342").id
    assert texts_in(visitor.get("/chat").text) == []


@pytest.mark.parametrize("who", ["awa", "clarisse", "noel", "ines", "bakary"])
def test_one_click_works_as_a_colleague(visitor, sqlite_database, who):
    page = visitor.post("/demo/work-as", data={"who": who})
    assert page.url.path == "/console"
    assert SESSION_COOKIE in visitor.cookies
    with sqlite_database.read() as connection:
        shown = {row.email: row.shown_name for row in connection.execute(select(staff))}
    assert page.text == shown[f"{who}@example.org"]


@pytest.mark.parametrize("path", ["/demo/write-as", "/demo/work-as"])
@pytest.mark.parametrize("who", ["", "somebody", "KOFFI"])
def test_nobody_else_can_be_chosen(visitor, path, who):
    assert visitor.post(path, data={"who": who}).status_code == 400
    assert not visitor.cookies


@pytest.mark.parametrize("path", ["/demo/write-as", "/demo/work-as"])
@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}]
)
def test_another_site_cannot_sign_anybody_in(visitor, path, headers):
    for who in ("koffi", "awa"):
        assert visitor.post(path, data={"who": who}, headers=headers).status_code == 403
    assert not visitor.cookies


def test_the_front_page_is_french_and_english_on_request(visitor):
    assert '<html lang="fr">' in visitor.get("/").text
    page = visitor.get("/", params={"language": "en"}).text
    assert '<html lang="en">' in page
    assert "Everybody here is made up" in page
    assert "inventées" not in page
    assert "Français" in page


def test_a_language_that_is_not_offered_is_french(visitor):
    assert '<html lang="fr">' in visitor.get("/", params={"language": "<b>"}).text


def test_the_newcomers_code_comes_in_the_language_of_the_page(visitor):
    page = visitor.post("/demo/write-as", params={"language": "en"}, data={"who": "newcomer"}).text
    assert "A code for Adjoua" in page


def test_nobody_is_signed_in_by_following_a_link(visitor):
    assert visitor.get("/demo/work-as", params={"who": "awa"}).status_code == 405


def test_without_the_demo_there_is_no_front_page(sqlite_database):
    settings = Settings("", KEYS, demo=False)
    assert build_demo(settings, sqlite_database, Catalogs(PROJECT / "locales")) == []
