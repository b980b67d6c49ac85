"""From meeting somebody to a card in the hand, and from the card to a confirmed chat."""

import re

import pytest
from sqlalchemy import select

from bot.db.tables import access_code, audit, consent, conversation, person
from bot.followup.consent import redeem_code
from bot.settings import TelegramSettings, WhatsAppSettings
from tests.console.cases import make_office
from tests.console.site import Clock, Site
from tests.made_up import make_person

BOT, NUMBER = "InfosEcoleBot", "99900000001"


@pytest.fixture
def site(database, wording, now):
    return Site(
        database,
        wording,
        Clock(now),
        telegram=TelegramSettings(name=BOT),
        whatsapp=WhatsAppSettings(number=NUMBER),
    )


@pytest.fixture
def office(site):
    return make_office(site)


@pytest.fixture
def awa(site, office):
    return site.visitor(office.awa)


def _words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ")


def _fields(office, **fields):
    return {
        "kind": "beneficiary",
        "first_name": "Adjoua",
        "family_name": "Inventée",
        "birth_year": "2011",
        "case_number": "0342",
        "worker": str(office.awa.id),
        "language": "fr",
        "form": "",
        "phone": "shared",
        "given_by": "guardian",
        **fields,
    }


def _code(page) -> str:
    (code,) = re.findall(r'class="entry-code">(\w{4} \w{4})<', page.text)
    return code


def _people(site):
    with site.database.read() as connection:
        return connection.execute(select(person)).all()


def test_a_file_is_opened_with_consent_and_leads_to_a_code(site, office, awa):
    page = awa.submit("/people/new", **_fields(office))
    assert "Dossier 0342" in page.text
    assert "Un parent, ou qui a la tutelle a dit oui" in _words(page.text)
    (someone,) = _people(site)
    assert (someone.worker_id, someone.address_form, someone.phone_shared) == (
        office.awa.id,
        "tu",
        True,
    )
    page = awa.submit(f"/people/{someone.id}/card")
    with site.database.write() as connection:
        redeemed = redeem_code(connection, _code(page), site.clock())
        assert redeemed is not None
        assert redeemed.person_id == someone.id
        actions = connection.execute(select(audit.c.action).order_by(audit.c.id)).scalars()
        assert [a for a in actions if a != "person.read"] == [
            "person.open",
            "person.consent",
            "person.invite",
        ]


def test_a_card_betrays_nothing(site, office, awa):
    awa.submit("/people/new", **_fields(office))
    page = awa.submit("/people/1/card")
    # What is printed: the card, and the title that browsers add.
    (title,) = re.findall(r"<title>([^<]*)</title>", page.text)
    assert title == office.home.visible_name
    card = page.text.partition('<div class="entry-card"')[2].partition('<div class="actions"')[0]
    for told in ("Adjoua", "Invent", "0342", "Dossier", "Akoma", "Centre", "Awa", "console"):
        assert told not in card
    words = _words(card)
    assert office.home.visible_name in words
    assert f"t.me/{BOT}" in words
    assert f"wa.me/{NUMBER}" in words
    assert "jusqu’au samedi 28 novembre à 10:30" in words


def test_links_and_pictures_carry_the_code_for_both_channels(site, office, awa):
    awa.submit("/people/new", **_fields(office))
    page = awa.submit("/people/1/card")
    code = _code(page).replace(" ", "")
    assert f'value="https://t.me/{BOT}?start={code}"' in page.text
    assert f'value="https://wa.me/{NUMBER}?text={code}"' in page.text
    # The worker's own tap on a link would use the code up.
    assert 'href="https://' not in page.text
    assert page.text.count('class="qr"') == 2


def test_without_public_names_the_code_is_typed(database, wording, now):
    site = Site(database, wording, Clock(now))
    office = make_office(site)
    awa = site.visitor(office.awa)
    awa.submit("/people/new", **_fields(office, form="vous"))
    page = awa.submit("/people/1/card")
    assert 'class="qr"' not in page.text
    assert "Écrivez ce code" in page.text
    assert "n’a pas encore réglé les liens" in _words(page.text)
    assert _code(page)


def test_the_card_speaks_to_the_person_and_the_page_to_the_worker(site, office, awa):
    awa.submit("/people/new", **_fields(office, form="tu"))
    assert "ou écris ce code" in _words(awa.submit("/people/1/card").text)
    awa.submit("/people/new", **_fields(office, case_number="0343", form="vous"))
    assert "ou écrivez ce code" in _words(awa.submit("/people/2/card").text)
    awa.submit("/people/new", **_fields(office, case_number="0344", language="ak"))
    page = awa.submit("/people/3/card")
    assert 'class="entry-card" lang="en"' in page.text
    assert "Carte d’entrée" in page.text


def test_no_consent_no_code(site, office, awa):
    awa.submit("/people/new", **_fields(office, given_by=""))
    page = awa.submit("/people/1/card")
    assert page.status_code == 422
    assert "Sans lui, ou après un non, pas de code." in _words(page.text)
    with site.database.read() as connection:
        assert connection.execute(select(access_code)).all() == []
    awa.submit("/people/1/consent", given_by="self", answer="yes")
    assert awa.submit("/people/1/card").status_code == 422
    awa.submit("/people/1/consent", given_by="guardian", answer="yes")
    assert _code(awa.submit("/people/1/card"))


def test_a_new_card_ends_the_one_before(site, office, awa):
    awa.submit("/people/new", **_fields(office))
    lost, kept = _code(awa.submit("/people/1/card")), _code(awa.submit("/people/1/card"))
    with site.database.write() as connection:
        assert redeem_code(connection, lost, site.clock()) is None
        assert redeem_code(connection, kept, site.clock()) is not None


@pytest.mark.parametrize(
    "wrong",
    [
        {"first_name": " "},
        {"family_name": "x" * 81},
        {"birth_year": "11"},
        {"birth_year": "2030"},
        {"safe_from": "8"},
        {"kind": "dog"},
        {"form": "thou"},
        {"language": "xx"},
        {"case_number": "9" * 21},
        {"case_number": "0001"},
        {"given_by": "worker"},
        {"given_by": "uncle"},
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_lost(site, office, awa, wrong):
    with site.database.write() as connection:
        make_person(connection, office.home, case_number="0001")
    written = _fields(office, **wrong)
    page = awa.submit("/people/new", **written)
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert f'value="{written["family_name"]}"' in page.text
    assert len(_people(site)) == 1
    with site.database.read() as connection:
        assert connection.execute(select(consent)).all() == []
        assert connection.execute(select(conversation)).all() == []


def test_a_file_without_a_number_gets_the_next_one(site, office, awa):
    with site.database.write() as connection:
        make_person(connection, office.home, case_number="0341")
    assert "Dossier 0342" in awa.submit("/people/new", **_fields(office, case_number="")).text


def test_nobody_opens_a_file_for_a_stranger(site, office, awa):
    assert awa.submit("/people/new", **_fields(office, worker="999")).status_code == 404
    assert _people(site) == []
