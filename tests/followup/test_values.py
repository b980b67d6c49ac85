"""A deadline is told as one says it, in the time zone of the structure."""

from datetime import timedelta

import pytest

from bot.followup.values import by, numbered, say, worker
from tests.made_up import make_structure


@pytest.mark.parametrize(
    ("hours", "response"),
    [(5, "utter_by_today"), (22, "utter_by_tomorrow"), (24 * 3, "utter_by_day")],
)
def test_a_deadline_is_today_tomorrow_or_a_day(connection, now, hours, response):
    home = make_structure(connection)
    assert by(now + timedelta(hours=hours), home, now)["say"] == response


def test_today_is_today_where_the_structure_is(connection, now):
    home = make_structure(connection, timezone="Pacific/Auckland")
    late = now.replace(hour=12)  # already the 26th there, where the 25th began at 11:00 UTC
    assert by(late, home, now)["say"] == "utter_by_tomorrow"


def test_lines_are_numbered_by_how_many_there_are():
    lines = [say("utter_a"), say("utter_b")]
    assert numbered(lines) == {
        "say": "utter_numbered_two",
        "first": {"say": "utter_a"},
        "second": {"say": "utter_b"},
    }


def test_where_there_is_no_worker_it_is_the_team():
    assert worker("Awa") == "Awa"
    assert worker(None) == {"say": "utter_the_team"}
