"""The pages where those who speak a language read, correct and sign its sentences."""

import html
import re

import pytest
from markupsafe import escape
from sqlalchemy import select

from bot.db.tables import audit, translation
from bot.delivery.corrections import Corrections
from bot.followup import translations
from bot.i18n.wording import load_wording
from bot.settings import PROJECT
from tests.console.cases import flag, make_talk, write
from tests.console.site import Site
from tests.made_up import make_member, make_structure

PAGE = "/console/translations/ak"
SENTENCE = ("utter_thank", "Avec plaisir. Je suis là.")


@pytest.fixture
def ama(site, office):
    """Give somebody who speaks Twi and has no other right."""
    with site.database.write() as connection:
        member = make_member(connection, office.home, "reviewer", "Ama")
        translations.name_reviewer(connection, member.id, "ak", site.clock())
    return member


@pytest.fixture
def boss(site, office):
    with site.database.write() as connection:
        return make_member(connection, office.home, "administrator", "Clarisse")


def _words(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))).replace("\u00a0", " ")


def _form(visitor, source, address=PAGE):
    """Return the hidden fields of the form under a French sentence, by searching for it."""
    page = visitor.get(address, params={"q": source}).text
    cards = page.split('<li class="card"')[1:]
    (card,) = [c for c in cards if f'<p class="from" lang="fr">{escape(source)}</p>' in c][:1]
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', card.split("<textarea")[0]))


def _save(visitor, source, text, do="keep", **fields):
    form = {**_form(visitor, source), **fields}
    return visitor.post(PAGE, data={**form, "text": text, "do": do})


def _rows(site):
    with site.database.read() as connection:
        return connection.execute(select(translation).order_by(translation.c.id)).all()


def _said(site, name, language="ak"):
    wording = load_wording(PROJECT)
    with site.database.read() as connection:
        wording.catalogs.correct(translations.corrections(connection))
    return wording.say(name, language, "tu")


def test_a_reviewer_without_a_language_is_told_whom_to_ask(site, office):
    with site.database.write() as connection:
        member = make_member(connection, office.home, "reviewer", "Mariam")
    visitor = site.visitor(member)
    page = visitor.get("/console")
    assert page.status_code == 403
    assert "Pas encore de langue à relire" in page.text
    assert "Demandez à la supervision ou à l’administration de votre structure" in page.text
    with site.database.write() as connection:
        translations.name_reviewer(connection, member.id, "ak", site.clock())
    assert visitor.get("/console").url.path == "/console/translations"


def test_a_reviewer_comes_to_the_own_language_and_sees_no_message(site, office, ama):
    talk = make_talk(site, office)
    with site.database.write() as connection:
        write(connection, talk, "un secret du jeune", site.clock())
    visitor = site.visitor(ama)
    page = visitor.get("/console")
    assert page.url.path == "/console/translations"
    assert "Twi" in page.text
    assert "Julakan" not in page.text
    assert "Clarisse" not in page.text
    assert visitor.get("/console/translations/dyu").status_code == 404
    assert visitor.get("/console/translations/fr").status_code == 404
    assert visitor.get("/console/alerts").status_code == 403
    assert visitor.get("/console/conversations/1").status_code == 404


def test_a_sentence_is_drafted_then_signed_and_it_stays_known_by_whom(site, ama):
    visitor = site.visitor(ama)
    page = _save(visitor, SENTENCE[1], "Yoo. Mewɔ ha.")
    assert "Gardé comme brouillon." in page.text
    assert _said(site, "utter_thank").text.startswith("Yoo. Mewɔ ha.\n(")
    found = _words(visitor.get(PAGE, params={"q": SENTENCE[1]}).text)
    assert "Brouillon" in found
    assert "changé par Ama" in found
    page = _save(visitor, SENTENCE[1], "Yoo. Mewɔ ha.", "sign")
    assert "Signé. Merci." in page.text
    assert _said(site, "utter_thank").text == "Yoo. Mewɔ ha."
    assert "signé par Ama" in _words(visitor.get(PAGE, params={"q": SENTENCE[1]}).text)
    assert [(row.text, row.signed, row.staff_id) for row in _rows(site)] == [
        ("Yoo. Mewɔ ha.", False, ama.id),
        ("Yoo. Mewɔ ha.", True, ama.id),
    ]
    with site.database.read() as connection:
        done = connection.execute(select(audit.c.action).order_by(audit.c.id)).scalars().all()
    assert done[-2:] == ["translation.edit", "translation.sign"]


def test_words_of_pages_are_seen_as_soon_as_the_process_has_heard_of_them(site, office):
    page = "/console/translations/en"
    wording = load_wording(PROJECT)
    live = Site(site.database, wording, site.clock)
    with site.database.write() as connection:
        boss = make_member(connection, office.home, "supervisor", "Salimata")
    visitor = live.visitor(boss)
    visitor.cookies.set("akoma_language", "en", path="/console")
    corrections = Corrections(site.database, wording.catalogs)
    edits = {"Aujourd’hui": "This very day", "Critique": "Very grave"}

    def today():
        corrections.refresh()
        return _words(visitor.get("/console").text)

    flag(site, make_talk(site, office), "critical")
    assert not any(word in today() for word in edits.values())
    for source, text in edits.items():
        form = _form(visitor, source, page)
        visitor.post(page, data={**form, "text": text, "do": "sign"})
    seen = today()

    assert all(word in seen for word in edits.values())


def test_saving_what_is_there_writes_nothing(site, ama):
    visitor = site.visitor(ama)
    for _ in range(2):
        _save(visitor, SENTENCE[1], "Yoo.", "sign")
        _save(visitor, SENTENCE[1], "Yoo.")
    assert len(_rows(site)) == 1


def test_a_translation_is_taken_away_and_its_stand_in_is_shown(site, ama):
    visitor = site.visitor(ama)
    _save(visitor, SENTENCE[1], "Yoo.", "sign")
    _save(visitor, SENTENCE[1], "")
    assert _said(site, "utter_thank").text == _said(site, "utter_thank", "en").text
    assert _save(visitor, SENTENCE[1], "", "sign").status_code == 422


@pytest.mark.parametrize(
    ("source", "text", "reason"),
    [
        ("Merci. C'est {worker} qui va vérifier avec toi.", "Medaase.", "{worker}"),
        (SENTENCE[1], "Yoo.\nMewɔ ha.", "autant de lignes"),
        (SENTENCE[1], "police", "écran verrouillé"),
        (SENTENCE[1], "x" * 401, "Trop long"),
        ("9 = danger. C'est ça ?", "Saa?", "Gardez ces chiffres"),
        ("Pas maintenant", "mmmmmmmmmmmmmmmmmmm", "Trop long pour un bouton"),
    ],
)
def test_what_breaks_a_rule_is_refused_with_the_reason_and_stays_written(
    site, ama, source, text, reason
):
    visitor = site.visitor(ama)
    page = _save(visitor, source, text, "sign")
    assert page.status_code == 422
    assert reason in _words(page.text)
    assert f">{text}</textarea>" in page.text
    assert _rows(site) == []


def test_a_sentence_that_somebody_changed_meanwhile_is_shown_again(site, ama, boss):
    visitor, other = site.visitor(ama), site.visitor(boss)
    before = _form(visitor, SENTENCE[1])
    _save(other, SENTENCE[1], "Yoo.")
    csrf = {"csrf": visitor.token(PAGE)}
    page = visitor.post(PAGE, data={**before, **csrf, "text": "Medaase.", "do": "sign"})
    assert page.status_code == 409
    assert "vient de changer" in page.text
    assert len(_rows(site)) == 1


def test_a_sentence_that_is_no_more_cannot_be_signed(site, ama):
    assert _save(site.visitor(ama), SENTENCE[1], "Yoo.", sentence="0" * 16).status_code == 404


def test_sentences_are_found_by_part_state_and_words(site, ama):
    visitor = site.visitor(ama)
    first = visitor.get(PAGE).text
    assert "Ce n&#39;est pas ta faute" in first
    _save(visitor, SENTENCE[1], "Yoo.", "sign")
    signed = visitor.get(PAGE, params={"part": "chat", "state": "signed"}).text
    assert signed.count('<li class="card"') == 1
    assert "1 phrases" in _words(signed)
    assert "Plus rien" not in visitor.get(PAGE, params={"page": "9999"}).text
    assert visitor.get(PAGE, params={"part": "x", "state": "y", "page": "z"}).status_code == 200
    second = visitor.get(PAGE, params={"part": "chat", "page": "2"}).text
    assert second.count('<li class="card"') == 20
    assert "Yoo." in visitor.get(PAGE, params={"q": "yoo"}).text


def test_who_may_review_is_said_by_overseers_among_their_own(site, office, boss):
    visitor = site.visitor(boss)
    page = visitor.submit(
        "/translations/reviewers", language="ak", who=str(office.awa.id), do="name"
    )
    assert "Awa (travail social)" in _words(page.text)
    awa = site.visitor(office.awa)
    assert awa.get(PAGE).status_code == 200
    assert "/console/translations" in awa.get("/console").text
    assert awa.submit("/translations/reviewers", language="ak", who="1").status_code == 404
    visitor.submit("/translations/reviewers", language="ak", who=str(office.awa.id), do="dismiss")
    assert awa.get(PAGE).status_code == 404
    with site.database.write() as connection:
        stranger = make_member(connection, make_structure(connection, "Autre"), shown_name="Loin")
    for who, language, status in ((stranger.id, "ak", 404), (office.awa.id, "fr", 404)):
        fields = {"language": language, "who": str(who), "do": "name"}
        assert visitor.submit("/translations/reviewers", **fields).status_code == status
    assert visitor.submit("/translations/reviewers", language="ak", who="").status_code == 200


def test_the_page_is_small_enough_for_a_slow_line(site, boss):
    visitor = site.visitor(boss)
    for path in ("/console/translations", PAGE, f"{PAGE}?part=pages"):
        assert len(visitor.get(path).content) < 60_000
