"""The helplines are data with sources: the file's, until staff correct them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.followup import helplines
from bot.followup.helplines import country_of_number, for_country, seed
from tests.made_up import make_member, make_structure

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


def _line(connection, number="116", country="CI"):
    return next(row for row in for_country(connection, country) if row.number == number)


def _as_it_is(line, **changes):
    names = (
        "country", "number", "audience", "categories", "free", "hours", "language", "source",
        "last_verified", "active",
    )  # fmt: skip
    return {**{name: getattr(line, name) for name in names}, **changes}


@pytest.fixture
def ines(seeded, now):
    """Give an administrator."""
    with seeded.write() as connection:
        return make_member(connection, make_structure(connection), "administrator", "Ines")


def test_a_number_that_staff_corrected_survives_the_next_migration(seeded, ines, now):
    with seeded.write() as connection:
        line = _line(connection)
        helplines.save_helpline(connection, line, _as_it_is(line, number="117"), ines.id, now)
        seed(connection)
        numbers = [row.number for row in for_country(connection, "CI")]
        assert numbers == ["117", "1308", "180"]
        (change,) = helplines.number_changes(connection, line.id)
    assert (change.number_before, change.number_after, change.shown_name) == ("116", "117", "Ines")


def test_a_number_that_staff_took_away_or_added_stays_so(seeded, ines, now):
    with seeded.write() as connection:
        line = _line(connection, "180")
        helplines.save_helpline(connection, line, _as_it_is(line, active=False), ines.id, now)
        new = _as_it_is(line, number="00 00 00 17", country="ML")
        helplines.save_helpline(connection, None, new, ines.id, now)
        seed(connection)
        assert [row.number for row in for_country(connection, "CI")] == ["116", "1308"]
        assert [row.number for row in for_country(connection, "ML")] == ["00 00 00 17"]
        assert helplines.number_changes(connection, line.id) == []


def test_verifying_one_line_does_not_change_which_is_named_first(seeded, now):
    with seeded.write() as connection:
        before = [row.number for row in for_country(connection, "CI")]
        helplines.note_verified(connection, _line(connection, "180").id, now)
        seed(connection)
        assert [row.number for row in for_country(connection, "CI")] == before
        assert _line(connection, "180").last_verified == now.date()
        assert helplines.free_number(connection, "CI") == "116"


def test_lines_that_nobody_dialled_for_ninety_days_are_named(seeded, now):
    with seeded.write() as connection:
        assert len(helplines.to_verify(connection, now)) == 10
        line = _line(connection)
        helplines.note_verified(connection, line.id, now)
        assert line.id not in [row.id for row in helplines.to_verify(connection, now)]
        later = now + helplines.GOOD_FOR
        assert line.id not in [row.id for row in helplines.to_verify(connection, later)]
        too_late = later + timedelta(days=1)
        assert line.id in [row.id for row in helplines.to_verify(connection, too_late)]


def test_one_number_stands_once_in_a_country(seeded, ines, now):
    with seeded.write() as connection:
        line = _line(connection)
        with pytest.raises(helplines.HelplineTaken):
            helplines.save_helpline(connection, None, _as_it_is(line), ines.id, now)
        assert helplines.save_helpline(connection, line, _as_it_is(line), ines.id, now) == line.id
