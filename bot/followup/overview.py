"""How the work of a structure goes, in figures: load, waiting, alerts, dates that passed, words.

Complaints about staff are in none of them (safeguarding 15): that there is one is the focal point's
to know. Strangers, whom no structure follows yet, are in none either. Who may see names is asked
of ``bot.followup.access``; without them no count says of whom it is, and in a list of dangers one
that is small is not told exactly: in a village it would be a name.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.engine import Connection, Row

from bot.db.tables import (
    alert,
    alert_event,
    conversation,
    inbox,
    outbox,
    person,
    staff,
    unclear,
)
from bot.followup.access import NotAllowed, rights_of, takes_cases
from bot.followup.alerts import SEVERITIES
from bot.followup.duty import active_members

PERIODS = (7, 30, 90)  # days
# Without names, fewer than this are not told exactly.
FEW = 5
# Of alerts whose date has passed the oldest are listed, the others are counted.
LISTED = 20
# The first of these that somebody of the staff did is when an alert was seen to.
_SEEN_TO = ("acknowledged", "assigned", "note", "decided", "resolved")
_WEEKLY_FROM = 31  # days: longer periods are drawn in weeks


@dataclass(frozen=True)
class Load:
    """What one member of staff has to do. ``name`` is "" where names are not shown."""

    name: str
    role: str
    cases: int
    alerts: int
    conversations: int
    longest_wait: timedelta | None


@dataclass(frozen=True)
class Waits:
    """How long alerts of one severity waited for a human; ``still``: those that do."""

    severity: str
    seen_to: int
    median: timedelta | None
    ninetieth: timedelta | None
    still: int


@dataclass(frozen=True)
class Subject:
    """How many alerts there were about something; None: few, and not told exactly."""

    kind: str
    category: str | None
    count: int | None


@dataclass(frozen=True)
class Bucket:
    """The alerts of a day or a week, by severity."""

    first: date
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Overview:
    """The figures of a structure. ``overdue`` are the oldest of these alerts, if names are seen."""

    days: int
    load: Sequence[Load]
    waits: Sequence[Waits]
    subjects: Sequence[Subject]
    buckets: Sequence[Bucket]
    overdue: Sequence[Row]
    overdue_count: int
    messages: int
    misunderstood: Sequence[tuple[str, int]]  # by language

    @property
    def alerts(self) -> int:
        """How many alerts were opened."""
        return sum(sum(bucket.counts.values()) for bucket in self.buckets)


def overview_of(connection: Connection, member: Row, days: int, now: datetime) -> Overview:
    """Return the figures of the last ``days`` of a member's structure, as the member may see them.

    Raises:
        NotAllowed: no figures for this member.
    """
    figures = rights_of(member).figures
    if figures == "none":
        raise NotAllowed("figures")
    names = figures == "names"
    home, since = member.structure_id, now - timedelta(days=days)
    opened = _alerts(connection, home, alert.c.opened_at > since)
    unresolved = _alerts(connection, home, alert.c.state != "resolved")
    late = [row for row in unresolved if row.answer_by is not None and row.answer_by < now]
    messages, misunderstood = _words(connection, home, since)
    return Overview(
        days=days,
        load=_load(connection, home, unresolved, now, names=names),
        waits=_waits(connection, opened, since, now),
        subjects=_subjects(opened, exact=names),
        buckets=_buckets(opened, days, now, member.timezone),
        overdue=_overdue(connection, late) if names else (),
        overdue_count=len(late),
        messages=messages,
        misunderstood=misunderstood,
    )


def percentile(lengths: Sequence[timedelta], percent: int) -> timedelta | None:
    """Return the length that so many percent do not exceed (nearest rank); None without any."""
    if not lengths:
        return None
    ordered = sorted(lengths)
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(rank, 1) - 1]


def _alerts(connection: Connection, structure_id: int, *where: object) -> list[Row]:
    # Three months of them may be thousands: no more of each than is counted.
    counted = ("id", "kind", "category", "severity", "state", "assigned_to")
    moments = ("opened_at", "waiting_since", "answer_by")
    query = select(*(alert.c[name] for name in (*counted, *moments))).where(
        alert.c.structure_id == structure_id, alert.c.restricted.is_(False), *where
    )
    return connection.execute(query.order_by(alert.c.id)).all()


def _overdue(connection: Connection, late: list[Row]) -> list[Row]:
    """Return the alerts to list, with whose they are and who has them."""
    longest = sorted(late, key=lambda row: row.answer_by)[:LISTED]
    query = (
        select(alert, person.c.case_number, conversation.c.enrolment, staff.c.shown_name)
        .join(conversation, conversation.c.id == alert.c.conversation_id)
        .outerjoin(person, person.c.id == alert.c.person_id)
        .outerjoin(staff, staff.c.id == alert.c.assigned_to)
        .where(alert.c.id.in_([row.id for row in longest]))
    )
    return connection.execute(query.order_by(alert.c.answer_by, alert.c.id)).all()


def _load(
    connection: Connection, structure_id: int, unresolved: list[Row], now: datetime, *, names: bool
) -> list[Load]:
    members = [
        row
        for row in active_members(connection, staff.c.structure_id == structure_id)
        if takes_cases(row)
    ]
    follows = _count(connection, person.c.worker_id)
    owns = _count(connection, conversation.c.owner_id)
    waiting: defaultdict[int, list[timedelta]] = defaultdict(list)
    has: Counter[int] = Counter()
    for row in unresolved:
        if row.assigned_to is not None:
            has[row.assigned_to] += 1
            if row.state == "open":
                waiting[row.assigned_to].append(now - row.waiting_since)
    load = [
        Load(
            name=member.name if names else "",
            role=member.role,
            cases=follows[member.id],
            alerts=has[member.id],
            conversations=owns[member.id],
            longest_wait=max(waiting[member.id], default=None),
        )
        for member in members
    ]
    return sorted(load, key=lambda each: (-each.alerts, -each.cases, each.name))


def _count(connection: Connection, column: object) -> Counter[int]:
    query = select(column, func.count()).where(column.is_not(None)).group_by(column)  # type: ignore[attr-defined]
    return Counter({row[0]: row[1] for row in connection.execute(query)})


def _waits(
    connection: Connection, opened: list[Row], since: datetime, now: datetime
) -> list[Waits]:
    first = _first_seen_to(connection, since)
    lengths: defaultdict[str, list[timedelta]] = defaultdict(list)
    still: Counter[str] = Counter()
    for row in opened:
        seen = first.get(row.id)
        if seen is not None:
            # Where it was opened again it waits anew; the first wait is the one that is told.
            start = row.waiting_since if row.waiting_since <= seen else row.opened_at
            lengths[row.severity].append(seen - start)
        elif row.state != "resolved":
            still[row.severity] += 1
    return [
        Waits(
            severity,
            len(lengths[severity]),
            percentile(lengths[severity], 50),
            percentile(lengths[severity], 90),
            still[severity],
        )
        for severity in SEVERITIES
    ]


def _first_seen_to(connection: Connection, since: datetime) -> dict[int, datetime]:
    """Return when somebody of the staff first did something about each alert, or answered."""
    deeds = (
        select(alert_event.c.alert_id, func.min(alert_event.c.at).label("at"))
        .join(alert, alert.c.id == alert_event.c.alert_id)
        .where(
            alert.c.opened_at > since,
            alert_event.c.staff_id.is_not(None),
            alert_event.c.verb.in_(_SEEN_TO),
        )
        .group_by(alert_event.c.alert_id)
    )
    replies = (
        select(alert.c.id.label("alert_id"), func.min(outbox.c.created_at).label("at"))
        .join(outbox, outbox.c.conversation_id == alert.c.conversation_id)
        .where(
            alert.c.opened_at > since,
            outbox.c.author == "staff",
            outbox.c.created_at >= alert.c.opened_at,
        )
        .group_by(alert.c.id)
    )
    first: dict[int, datetime] = {}
    for row in (*connection.execute(deeds), *connection.execute(replies)):
        first[row.alert_id] = min(row.at, first.get(row.alert_id, row.at))
    return first


def _subjects(opened: Iterable[Row], *, exact: bool) -> list[Subject]:
    counted = Counter((row.kind, row.category) for row in opened)
    return [
        Subject(kind, category, count if exact or count >= FEW else None)
        for (kind, category), count in sorted(
            counted.items(), key=lambda item: (-item[1], item[0][0], item[0][1] or "")
        )
    ]


def _buckets(opened: Iterable[Row], days: int, now: datetime, timezone: str) -> list[Bucket]:
    zone = ZoneInfo(timezone)
    step = 7 if days >= _WEEKLY_FROM else 1
    last = now.astimezone(zone).date()
    firsts = [last - timedelta(days=n) for n in range(step - 1, days + step - 1, step)]
    firsts.reverse()
    counts: dict[date, Counter[str]] = {first: Counter() for first in firsts}
    for row in opened:
        day = row.opened_at.astimezone(zone).date()
        # The first moments of the period may lie before the first whole day.
        first = max((each for each in firsts if each <= day), default=firsts[0])
        counts[first][row.severity] += 1
    return [Bucket(first, counts[first]) for first in firsts]


def _words(
    connection: Connection, structure_id: int, since: datetime
) -> tuple[int, list[tuple[str, int]]]:
    theirs = (
        select(conversation.c.id)
        .join(person, person.c.id == conversation.c.person_id)
        .where(person.c.structure_id == structure_id)
    )
    written = (
        inbox.c.conversation_id.in_(theirs),
        inbox.c.received_at > since,
        inbox.c.kind == "text",
        inbox.c.restricted.is_(False),
    )
    messages = connection.execute(select(func.count()).where(*written)).scalar_one()
    query = (
        select(unclear.c.language, func.count())
        .join(inbox, inbox.c.id == unclear.c.inbox_id)
        .where(*written, unclear.c.reason == "not_understood")
        .group_by(unclear.c.language)
    )
    found = [(row[0], row[1]) for row in connection.execute(query)]
    return messages, sorted(found, key=lambda each: (-each[1], each[0]))
