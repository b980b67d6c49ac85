"""Lengths of time and moments, as one would say them."""

from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from typing import get_args

import pytest
from babel import Locale

from bot.console.words import Words
from bot.followup.alerts import Kind

NOW = datetime(2026, 11, 25, 10, 30, tzinfo=timezone.utc)
ABIDJAN = "Africa/Abidjan"


@pytest.fixture(scope="module")
def say():
    return Words(lambda source: source, Locale.parse("fr_CI"))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "attend depuis un instant"),
        (59, "attend depuis un instant"),
        (60, "attend depuis 1 min"),
        (299, "attend depuis 4 min"),
        (3600, "attend depuis 1 h"),
        (3600 + 5 * 60, "attend depuis 1 h 05"),
        (86_399, "attend depuis 23 h 59"),
        (86_400, "attend depuis 1 jour"),
        (3 * 86_400, "attend depuis 3 jours"),
    ],
)
def test_waiting(say, seconds, words):
    assert say.waiting(NOW - timedelta(seconds=seconds), NOW) == words


def test_every_kind_of_alert_has_words_of_its_own(say):
    kinds = get_args(Kind)
    subjects = {say.subject(SimpleNamespace(kind=kind, category=None)) for kind in kinds}
    assert len(subjects) == len(kinds)


def test_a_clock_that_is_ahead_counts_nothing_backwards(say):
    assert say.waiting(NOW + timedelta(seconds=5), NOW) == "attend depuis un instant"


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (NOW - timedelta(hours=10), "00:30"),
        (NOW - timedelta(hours=11), "hier à 23:30"),
        (NOW - timedelta(days=2), "lundi 23 novembre à 10:30"),
        (NOW - timedelta(days=365), "mardi 25 novembre 2025 à 10:30"),
    ],
)
def test_moments(say, at, words):
    assert say.moment(at, NOW, ABIDJAN) == words


def test_a_day_begins_where_the_structure_is(say):
    late = datetime(2026, 11, 24, 22, 0, tzinfo=timezone.utc)
    assert say.moment(late, NOW, ABIDJAN) == "hier à 22:00"
    assert say.moment(late, NOW, "Africa/Nairobi") == "01:00"


@pytest.mark.parametrize(
    ("owner_id", "assigned_to", "words"),
    [
        (7, 8, "vous répondez"),
        (8, 7, "Sita répond"),
        (None, 7, "c’est pour vous"),
        (None, 8, "pour Sita"),
        (None, None, "à prendre"),
    ],
)
def test_who_has_it(say, owner_id, assigned_to, words):
    alert = SimpleNamespace(
        owner_id=owner_id, owner_name="Sita", assigned_to=assigned_to, assigned_name="Sita"
    )
    assert say.holder(alert, 7) == words


def test_all_words_are_translated_when_they_are_said():
    say = Words(lambda source: f"<{source}>", Locale.parse("en_GH"))
    assert say.severity("critical") == "<Critique>"
    assert say.waiting(None, NOW) == "<personne n’attend>"
