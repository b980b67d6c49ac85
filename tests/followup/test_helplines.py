"""The helplines are data with sources, and the table always says what the file says."""

from __future__ import annotations

from datetime import date

import pytest

from bot.followup.helplines import country_of_number, for_country, seed

CATEGORIES = {
    "self_harm", "violence", "sexual_abuse", "exploitation", "medical_emergency", "basic_needs",
    "missing_child", "fear",
}  # fmt: skip


@pytest.fixture
def seeded(database):
    with database.write() as connection:
        seed(connection)
    return database


def test_children_and_adults_in_cote_divoire_have_their_own_lines(seeded):
    with seeded.read() as connection:
        lines = {line.number: line for line in for_country(connection, "CI")}
    assert set(lines) == {"116", "1308", "180"}
    assert (lines["116"].audience, lines["116"].free, lines["116"].hours) == ("child", True, "24/7")
    assert lines["1308"].audience == "adult"
    assert "violence" in lines["1308"].categories
    assert lines["180"].categories == ["medical_emergency"]


@pytest.mark.parametrize(
    ("country", "numbers"),
    [
        ("GH", ["112", "0800 800 800", "0800 900 900", "0800 678 678"]),
        ("BF", ["116", "80 00 12 87"]),
        ("LR", ["116"]),
        ("ML", []),
        ("XX", []),
    ],
)
def test_each_country_has_its_lines(seeded, country, numbers):
    with seeded.read() as connection:
        assert [line.number for line in for_country(connection, country)] == numbers


def test_no_number_is_given_without_a_source_and_a_date(seeded):
    with seeded.read() as connection:
        lines = [
            line
            for country in ("CI", "GH", "BF", "LR")
            for line in for_country(connection, country)
        ]
    for line in lines:
        assert line.source
        assert date(2013, 1, 1) <= line.last_verified <= date.today()
        assert line.audience in ("child", "adult", "anyone")
        assert set(line.categories) <= CATEGORIES


def test_a_number_taken_out_of_the_file_is_given_to_nobody(seeded, tmp_path):
    changed = tmp_path / "helplines.yml"
    changed.write_text(
        "CI: [{number: '116', audience: child, categories: [], free: true, hours: 24/7,"
        " language: fr, source: dialled, last_verified: 2026-11-01}]"
    )
    with seeded.write() as connection:
        seed(connection, changed)
        (line,) = for_country(connection, "CI")
        assert line.last_verified == date(2026, 11, 1)
        assert for_country(connection, "GH") == []


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("+22500000017", "CI"),
        ("22500000017", "CI"),
        ("233000000017", "GH"),
        ("223000000", "ML"),
        ("33000000017", None),
        ("demo-youth", None),
        ("", None),
    ],
)
def test_the_country_of_a_number(number, country):
    assert country_of_number(number) == country
