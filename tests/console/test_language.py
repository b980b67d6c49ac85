"""The console in French and in English."""

import re

from tests.console.cases import flag, make_talk


def _words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


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
