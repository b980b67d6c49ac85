"""The figures of a structure, on made-up alerts with a clock."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select, update

from bot.db.tables import alert, conversation, unclear
from bot.followup import cases, closing, conversations
from bot.followup.access import NotAllowed
from bot.followup.overview import Bucket, Subject, overview_of, percentile
from bot.followup.sessions import find_session, start_session
from tests.console.cases import answer, write
from tests.made_up import make_conversation, make_member, make_person, make_structure

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


class Work:
    """A structure with its staff, and what happens in it."""

    def __init__(self, connection, home, awa, now):
        self.connection, self.home, self.awa, self.now = connection, home, awa, now
        self.clarisse = make_member(connection, home, "supervisor", "Clarisse")
        self.ines = make_member(connection, home, "observer", "Ines")
        self.talk = self.follow(home)

    def follow(self, home, **values):
        someone = make_person(self.connection, home, worker_id=self.awa.id)
        return make_conversation(self.connection, someone, **values)

    def flag(self, at, severity="high", category="violence", talk=None, **values):
        talk = self.follow(self.home) if talk is None else talk
        row = conversations.get_conversation(self.connection, talk.id)
        values = {"kind": "red_flag", "category": category, **values}
        return cases.open_alert(self.connection, severity=severity, talk=row, now=at, **values)

    def seen(self, alert_id, at):
        cases.acknowledge(self.connection, self.awa, alert_id, at)

    def look(self, member=None, days=30):
        token = start_session(self.connection, (member or self.clarisse).id, self.now)
        session = find_session(self.connection, token, self.now)
        assert session is not None
        return overview_of(self.connection, session.member, days, self.now)


@pytest.fixture
def work(connection, home, awa, now):
    return Work(connection, home, awa, now)


def _minutes(waits, severity):
    found = next(each for each in waits if each.severity == severity)
    lengths = (found.median, found.ninetieth)
    return found.seen_to, *(each and each / MINUTE for each in lengths), found.still


def test_waits_are_told_by_their_median_and_ninetieth_percent(work):
    for minutes in (2, 4, 6, 8, 10, 12, 14, 16, 18, 100):
        opened = work.now - DAY
        work.seen(work.flag(opened, "critical"), opened + minutes * MINUTE)
    work.flag(work.now - MINUTE, "critical")
    waits = work.look().waits
    assert _minutes(waits, "critical") == (10, 10, 18, 1)
    assert _minutes(waits, "high") == (0, None, None, 0)


def test_a_reply_is_as_good_as_taking_the_alert(work):
    opened = work.now - DAY
    work.seen(work.flag(opened, talk=work.talk), opened + 50 * MINUTE)
    row = conversations.get_conversation(work.connection, work.talk.id)
    answer(work.connection, row, "Je suis là.", opened + 5 * MINUTE, by=work.awa)
    assert _minutes(work.look().waits, "high") == (1, 5, 5, 0)


def test_what_the_programme_did_is_not_somebody(work):
    opened = work.now - DAY
    work.flag(opened, talk=work.talk)
    row = conversations.get_conversation(work.connection, work.talk.id)
    answer(work.connection, row, "Merci.", opened + MINUTE)
    assert _minutes(work.look().waits, "high") == (0, None, None, 1)


@pytest.mark.parametrize(
    ("numbers", "percent", "found"),
    [([5], 50, 5), ([1, 9], 50, 1), ([3, 1, 2], 50, 2), (range(1, 101), 90, 90), ([1, 2], 90, 2)],
)
def test_percentiles_are_of_the_nearest_rank(numbers, percent, found):
    assert percentile([n * MINUTE for n in numbers], percent) == found * MINUTE
    assert percentile([], percent) is None


def test_alerts_are_counted_by_subject_and_by_day(work):
    for days_ago, category in ((0, "violence"), (1, "violence"), (1, "fear"), (6, "fear")):
        work.flag(work.now - days_ago * DAY, category=category)
    work.flag(work.now - 2 * DAY, "normal", None, kind="not_understood")
    work.flag(work.now - 8 * DAY)
    figures = work.look(days=7)
    assert figures.subjects == [
        Subject("red_flag", "fear", 2),
        Subject("red_flag", "violence", 2),
        Subject("not_understood", None, 1),
    ]
    assert figures.alerts == 5
    assert [bucket.first for bucket in figures.buckets][:2] == [
        date(2026, 11, 19 + n) for n in (0, 1)
    ]
    assert figures.buckets[-2:] == [
        Bucket(date(2026, 11, 24), {"high": 2}),
        Bucket(date(2026, 11, 25), {"high": 1}),
    ]


def test_a_long_time_is_told_in_weeks(work):
    work.flag(work.now - 89 * DAY)
    work.flag(work.now)
    buckets = work.look(days=90).buckets
    assert len(buckets) == 13
    assert (sum(buckets[0].counts.values()), sum(buckets[-1].counts.values())) == (1, 1)
    assert buckets[-1].first == date(2026, 11, 19)


def test_load_is_told_by_name_for_supervisors_only(work):
    first = work.flag(work.now - 90 * MINUTE, talk=work.talk)
    work.flag(work.now - 5 * MINUTE)
    work.connection.execute(
        update(conversation).where(conversation.c.id == work.talk.id).values(owner_id=work.awa.id)
    )
    given = work.connection.execute(select(alert.c.assigned_to)).scalars().all()
    assert set(given) == {work.awa.id}
    (awa, clarisse) = work.look().load
    assert (awa.name, awa.cases, awa.alerts, awa.conversations) == ("Awa Inventé", 2, 2, 1)
    assert awa.longest_wait == 90 * MINUTE
    assert (clarisse.name, clarisse.alerts, clarisse.longest_wait) == ("Clarisse Inventé", 0, None)
    work.seen(first, work.now)
    assert work.look().load[0].longest_wait == 5 * MINUTE
    assert [each.name for each in work.look(work.ines).load] == ["", ""]


def test_few_alerts_are_not_counted_exactly_without_names(work):
    for _ in range(5):
        work.flag(work.now, category="fear")
    work.flag(work.now, category="sexual_abuse")
    assert [(each.category, each.count) for each in work.look(work.ines).subjects] == [
        ("fear", 5),
        ("sexual_abuse", None),
    ]


def test_promised_dates_that_passed_are_listed_with_names_and_counted_without(work):
    late = work.flag(work.now - DAY, answer_by=work.now - MINUTE)
    work.flag(work.now - DAY, answer_by=work.now + MINUTE)
    done = work.flag(work.now - DAY, answer_by=work.now - MINUTE, category="fear")
    closing.resolve(work.connection, work.awa, done, "called", work.now)
    figures = work.look()
    assert ([row.id for row in figures.overdue], figures.overdue_count) == ([late], 1)
    figures = work.look(work.ines)
    assert (list(figures.overdue), figures.overdue_count) == ([], 1)


def test_messages_that_were_not_understood_are_counted_by_language(work):
    written = [write(work.connection, work.talk, "?", work.now - DAY) for _ in range(3)]
    old = write(work.connection, work.talk, "?", work.now - 40 * DAY)
    sealed = write(work.connection, work.talk, "?", work.now - DAY, restricted=True)
    for inbox_id, reason in (
        (written[0], "not_understood"),
        (written[1], "taken_back"),
        (old, "not_understood"),
        (sealed, "not_understood"),
    ):
        row = {"inbox_id": inbox_id, "reason": reason, "language": "dyu", "at": work.now}
        work.connection.execute(insert(unclear).values(**row))
    figures = work.look()
    assert (figures.messages, figures.misunderstood) == (3, [("dyu", 1)])


def test_nothing_of_another_structure_nor_of_complaints_about_staff(work):
    elsewhere = make_structure(work.connection, "Centre Autre")
    work.flag(work.now, talk=work.follow(elsewhere), answer_by=work.now - DAY)
    work.flag(work.now, kind="staff_complaint", category=None, restricted=True)
    figures = work.look()
    assert (figures.alerts, figures.subjects, figures.overdue_count) == (0, [], 0)
    assert figures.load[0].alerts == 0


def test_figures_are_for_supervisors_and_observers(work):
    for role in ("social_worker", "administrator", "partner", "focal_point"):
        member = make_member(work.connection, work.home, role, role)
        with pytest.raises(NotAllowed):
            work.look(member)
