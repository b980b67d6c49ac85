"""The list of files."""

import re
from datetime import timedelta

import pytest

from bot.console.person.people import PAGE_SIZE
from bot.followup import conversations
from tests.console.cases import flag
from tests.made_up import make_conversation, make_person


def _words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ")


def _names(page) -> list[str]:
    return re.findall(r'<strong class="title">([^<]+)</strong>', page.text)


@pytest.fixture
def people(site, office):
    """Give Aminata of Awa's, who wrote two days ago, Yao of nobody's and Salif of Sita's."""
    with site.database.write() as connection:
        aminata, yao, _salif = (
            make_person(connection, office.home, first_name=name, worker_id=worker)
            for name, worker in (
                ("Aminata", office.awa.id),
                ("Yao", None),
                ("Salif", office.sita.id),
            )
        )
        talk = make_conversation(connection, aminata)
        wrote_at = site.clock() - timedelta(days=2)
        conversations.change(connection, talk.id, last_inbound_at=wrote_at)
        return [aminata, yao]


def test_own_files_and_nobodys_with_the_last_sign_of_life(site, office, people):
    visitor = site.visitor(office.awa)
    page = visitor.get("/console/people")
    assert _names(page) == ["Aminata Inventé", "Yao Inventé"]
    words = _words(page.text)
    assert "dernier signe : lundi 23 novembre" in words
    assert "pas encore de signe" in words
    assert _names(visitor.get("/console/people?who=mine")) == ["Aminata Inventé"]
    assert _names(visitor.get("/console/people?order=silence"))[0] == "Yao Inventé"
    assert _names(visitor.get("/console/people?order=nonsense")) == _names(page)


def test_a_name_is_searched_without_standing_in_the_address(site, office, people):
    visitor = site.visitor(office.awa)
    page = visitor.submit("/people/search", words="ami")
    assert _names(page) == ["Aminata Inventé"]
    assert 'value="ami"' in page.text
    assert "ami" not in str(page.url)
    assert "Rien de ce nom" in visitor.submit("/people/search", words="salif").text


def test_open_alerts_stand_beside_a_name(site, office, people):
    with site.database.write() as connection:
        talk = make_conversation(connection, people[1])
    flag(site, talk)
    page = site.visitor(office.awa).get("/console/people")
    assert "1 alerte ouverte." in _words(page.text)


def test_a_long_list_has_pages(site, office):
    with site.database.write() as connection:
        for _ in range(PAGE_SIZE + 1):
            make_person(connection, office.home)
    visitor = site.visitor(office.awa)
    first = visitor.get("/console/people")
    (following,) = re.findall(r'rel="next" href="([^"]+)"', first.text)
    assert (len(_names(first)), len(_names(visitor.get(following.replace("&amp;", "&"))))) == (
        PAGE_SIZE,
        1,
    )
    found = visitor.submit("/people/search", words="kouadio")
    assert "Il y en a d’autres : écrivez plus de lettres." in _words(found.text)


def test_without_files_the_page_says_what_to_do(site, office):
    assert "Pas encore de dossier" in site.visitor(office.awa).get("/console/people").text
