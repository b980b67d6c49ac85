"""Edits and signatures are rows; who may write them is decided here."""

from sqlalchemy import select

from bot.db.tables import audit, translation
from bot.followup import translations
from tests.made_up import make_member, make_structure

LANGUAGES = ("en", "dyu", "ak")
WORDS = {"language": "dyu", "context": "utter_ok", "source": "D'accord.", "replaces": ""}


def test_overseers_review_every_language_and_others_those_they_were_named_for(database, now):
    with database.write() as connection:
        home = make_structure(connection)
        boss = make_member(connection, home, "administrator", "Clarisse")
        ama = make_member(connection, home, "reviewer", "Ama")
        awa = make_member(connection, home)
        assert translations.name_reviewer(connection, ama.id, "ak", now, boss)
        assert not translations.name_reviewer(connection, ama.id, "ak", now)
        translations.name_reviewer(connection, ama.id, "xx", now)
        assert translations.languages_of(connection, boss, LANGUAGES) == list(LANGUAGES)
        assert translations.languages_of(connection, ama, LANGUAGES) == ["ak"]
        assert translations.languages_of(connection, awa, LANGUAGES) == []
        assert [r.shown_name for r in translations.reviewers(connection)] == ["Ama", "Ama"]
        assert translations.dismiss_reviewer(connection, ama.id, "ak")
        assert not translations.dismiss_reviewer(connection, ama.id, "ak")
        assert translations.languages_of(connection, ama, LANGUAGES) == []


def test_who_wrote_and_who_signed_stays_known(database, now):
    with database.write() as connection:
        home = make_structure(connection)
        awa, ama = make_member(connection, home), make_member(connection, home, shown_name="Ama")
        assert translations.newest(connection) == 0
        translations.record(connection, awa, now, text="ayiwa", signed=False, **WORDS)
        translations.record(connection, ama, now, text="ayiwa", signed=True, **WORDS)
    with database.read() as connection:
        rows = translations.corrections(connection)
        assert [(row.text, row.signed) for row in rows] == [("ayiwa", False), ("ayiwa", True)]
        assert translations.newest(connection) == rows[-1].id
        last = translations.last_hands(connection, "dyu")["utter_ok", "D'accord."]
        assert (last.shown_name, last.signed) == ("Ama", True)
        assert translations.last_hands(connection, "ak") == {}
        done = connection.execute(select(audit.c.action, audit.c.staff_id).order_by(audit.c.id))
        assert [tuple(row) for row in done] == [
            ("translation.edit", awa.id),
            ("translation.sign", ama.id),
        ]
        assert connection.execute(select(translation.c.at)).scalars().first() == now
