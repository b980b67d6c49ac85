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


def test_an_unknown_language_changes_nothing(site, office):
    visitor = site.visitor(office.awa)
    assert '<html lang="fr">' in visitor.submit("/language", to="xx").text
