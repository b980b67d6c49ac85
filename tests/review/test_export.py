"""Decisions become lines of training data, each once."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, select

from bot.db.tables import review
from bot.review.export import export
from bot.safety.examples import read_examples, read_intents
from bot.safety.flags import RedFlag
from tests.made_up import make_member, make_structure


@pytest.fixture
def decided(database, now):
    """Give a function that records a decision."""
    with database.write() as connection:
        member = make_member(connection, make_structure(connection), "supervisor")

    def record(example, verdict="intent", language="fr", **values):
        if verdict == "intent":
            values = {"intent": "ask_payment", **values}
        row = {"staff_id": member.id, "verdict": verdict, "language": language, "at": now}
        with database.write() as connection:
            connection.execute(insert(review).values(**row, example=example, **values))

    return record


@pytest.fixture
def run(database, nlu, held_out, now):
    """Give a function that exports; returns what stays out, and how many lines came in."""

    def export_all():
        with database.write() as connection:
            done = export(connection, nlu, held_out, now)
        return dict(done.left_out), sum(done.files.values())

    return export_all


def _lines(nlu):
    return (nlu / "fr" / "nlu_money.yml").read_text(encoding="utf-8").splitlines()


def test_an_example_goes_to_its_intent_with_made_up_details(decided, run, nlu):
    decided("c'est ‹somme› le ‹date› à ‹lieu› pour ‹nom› ‹numéro› ?")
    assert run() == ({}, 1)
    assert (
        "    - c'est [15000](amount) le [12 mars](date) à [San Pedro](place) pour Aya "
        "[0000000017](phone) ?"
    ) in _lines(nlu)


def test_what_was_exported_is_not_exported_again(decided, run, nlu, database):
    decided("ça tombe quand")
    assert run() == ({}, 1)
    before = _lines(nlu)
    assert run() == ({}, 0)
    assert _lines(nlu) == before
    with database.read() as connection:
        assert connection.execute(select(review.c.exported_at)).scalar_one() is not None


@pytest.mark.parametrize(
    ("example", "intent", "reason"),
    [
        # The same once spelling does not count.
        ("L'argent est tombé", "ask_payment", "known"),
        ("largen è tombé ?", "ask_payment", None),
        ("on paie quand !", "update_contact", "conflict"),
        ("Quand est ce que ca tombe chez nous ?", "ask_payment", "held_out"),
        ("L'argent de la tontine, est pour qui ?", "ask_payment", "held_out"),
        # So short that it can only be written so.
        ("argent", "ask_payment", None),
    ],
)
def test_what_is_there_or_measured_stays_out(decided, run, nlu, example, intent, reason):
    before = _lines(nlu)
    decided(example, intent=intent)
    if reason is None:
        assert run() == ({}, 1)
    else:
        assert run() == ({reason: 1}, 0)
        assert _lines(nlu) == before


def test_two_decisions_on_the_same_words_are_one_line(decided, run):
    decided("ça tombe quand")
    decided("ca tombe quand ?")
    decided("ca tombe quand", intent="update_contact")
    assert run() == ({"known": 1, "conflict": 1}, 1)


def test_dangers_go_to_the_screens_examples(decided, run, nlu):
    danger = {"category": "fear", "severity": "critical"}
    decided("il est devant chez ‹nom›", "danger", about="self", **danger)
    decided("il attend ma soeur", "danger", about="someone_else", **danger)
    decided("tu m'as tué", "no_danger")
    decided("j'ai peur", "no_danger")
    assert run() == ({"conflict": 1}, 3)
    read = read_examples(nlu / "fr" / "red_flags.yml")
    found = {example.text: example.flag for example in read}
    assert found["il est devant chez Aya"] == RedFlag("fear", "critical")
    assert found["il attend ma soeur"] == RedFlag("fear", "critical", "someone_else")
    assert found["tu m'as tué"] is None
    assert found["j'ai peur"] == RedFlag("fear", "high")


def test_a_language_that_has_nothing_of_it_yet_gets_it(decided, run, nlu):
    decided("anyin", language="bci", intent="greet")
    assert run() == ({}, 1)
    assert list(read_intents(nlu / "bci" / "nlu.yml")) == [("greet", "anyin")]
