"""What a partner sees: the cases that were referred to them, and no message."""

import re
from datetime import timedelta

import pytest

from bot.console.referred import page
from bot.console.referred.case import ReferredCase
from tests.console.cases import flag, write
from tests.made_up import make_member


@pytest.fixture
def paul(site, office):
    with site.database.write() as connection:
        return make_member(connection, office.home, "partner", "Paul")


def _words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_a_partner_is_led_to_their_own_page_which_says_that_nothing_is_there(site, talk, paul):
    with site.database.write() as connection:
        write(connection, talk, "un secret", site.clock())
    flag(site, talk, "critical")
    answer = site.visitor(paul).get("/console")
    assert answer.url.path == "/console/referred"
    assert "Aucun dossier confié pour le moment" in answer.text
    assert "0317" not in answer.text
    assert "secret" not in answer.text


def test_cases_come_from_the_list_of_sources_what_waits_first(site, paul, monkeypatch):
    def load(look):
        assert look.member.id == paul.id
        return [
            ReferredCase("r-1", "Dossier 0317", "Soins", "accepté", look.now - timedelta(days=3)),
            ReferredCase(
                "r-2",
                "Dossier 0320",
                "Apprentissage",
                "à accepter",
                look.now - timedelta(days=1),
                contact="Awa",
                waits=True,
            ),
        ]

    monkeypatch.setattr(page, "SOURCES", (*page.SOURCES, load))
    words = _words(site.visitor(paul).get("/console/referred").text)
    assert "Apprentissage Dossier 0320 à accepter Hier Awa Soins Dossier 0317 accepté" in words
