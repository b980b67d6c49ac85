"""The console in French and in English."""

import re
from html import unescape

import pytest

from tests.console.cases import flag, make_talk


def _words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def _switch(visitor, page):
    """Press the button of the other language on a page."""
    form = page.text.split('action="/console/language"')[1].split("</form>")[0]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    fields = {name: unescape(value) for name, value in fields.items()}
    return visitor.post("/console/language", data=fields)


def test_a_browser_chooses_its_language_and_keeps_it(site, office):
    made = flag(site, make_talk(site, office, case_number="0317"))
    visitor = site.visitor(office.awa)
    assert '<html lang="fr">' in visitor.get("/console").text
    page = visitor.submit("/language", to="en")
    assert '<html lang="en">' in page.text
    assert "1 thing to do." in _words(page.text)
    words = _words(visitor.get(f"/console/alerts/{made}").text)
    assert "Case 0317" in words
    assert "Are the authorities told?" in words
    assert '<html lang="fr">' in site.visitor(office.awa).get("/console").text
    assert '<html lang="fr">' in visitor.submit("/language", to="fr").text


@pytest.mark.parametrize(
    "path",
    [
        "/console/alerts?show=closed",
        "/console/alerts/{alert}",
        "/console/conversations/{talk}",
        "/console/people?who=mine",
        "/console/rota",
    ],
)
def test_one_stays_on_the_page_that_one_is_on(site, office, path):
    talk = make_talk(site, office)
    path = path.format(alert=flag(site, talk), talk=talk.id)
    visitor = site.visitor(office.awa)
    page = _switch(visitor, visitor.get(path))
    assert '<html lang="en">' in page.text
    assert page.url.raw_path.decode() == path
    assert _switch(visitor, page).url.raw_path.decode() == path


def test_after_a_refused_form_one_stays_with_what_it_was_about(site, office):
    talk = make_talk(site, office)
    visitor = site.visitor(office.awa)
    refused = visitor.submit(f"/conversations/{talk.id}/reply", text="")
    assert refused.status_code == 422
    assert _switch(visitor, refused).url.path == f"/console/conversations/{talk.id}"
    refused = visitor.submit("/people/new", first_name="")
    assert refused.status_code == 422
    assert _switch(visitor, refused).url.path == "/console/people/new"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://exemple.test/",
        "//exemple.test/console",
        "/console/../chat",
        "/console//exemple.test",
        "/console\\exemple.test",
        "/chat",
        "/console/conversations/1/reply/none",
        "",
    ],
)
def test_switching_the_language_leads_to_no_other_site(site, office, elsewhere):
    page = site.visitor(office.awa).submit("/language", to="en", next=elsewhere)
    assert page.status_code in (200, 404)
    assert page.url.host == "testserver"
    assert page.url.path.startswith("/console")


def test_the_door_and_what_goes_wrong_speak_it_too(site, office):
    visitor = site.visitor(office.awa)
    visitor.submit("/language", to="en")
    assert "Nothing at this address" in visitor.get("/console/alerts/999").text
    visitor.submit("/sign-out")
    door = visitor.get("/console/sign-in")
    assert '<html lang="en">' in door.text
    wrong = {"csrf": visitor.token("/console/sign-in"), "email": "a@b.example", "password": "no"}
    assert '<html lang="en">' in visitor.post("/console/sign-in", data=wrong).text
    assert "Rien à cette adresse" in site.visitor(office.awa).get("/console/alerts/999").text


def test_an_unknown_language_changes_nothing(site, office):
    visitor = site.visitor(office.awa)
    assert '<html lang="fr">' in visitor.submit("/language", to="xx").text
