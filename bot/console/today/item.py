"""One row of the page of today, and where such rows come from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection, Row

from bot.console.clusters import Sign
from bot.console.words import Words
from bot.followup.alerts import SEVERITIES, Severity
from bot.i18n.translator import Translate


@dataclass(frozen=True)
class Mark:
    """Something to know before opening a row. ``icon`` is one of the templates' drawings."""

    icon: str
    words: str


@dataclass(frozen=True)
class Item:
    """One thing that needs somebody now.

    Attributes:
        key: stays the same as long as it is the same thing.
        since: from when somebody waits; what nobody waits for comes last among its like.
        until: by when it is due, where nobody waits: what is due first comes first.
        wait: how long, or when, in words.
        mine: of the reader's own cases, or of nobody's.
        unread: something happened that the reader has not seen.
        first: before its like, however long those have waited.
        rings: whoever is on the page should be called to it.
        closes: the outcomes that end it in one tap, of the alert ``alert_id``.
        sign: by which it may stand together with others of its place and day.
    """

    key: str
    severity: Severity
    title: str
    who: str
    where: str
    wait: str
    holder: str = ""
    since: datetime | None = None
    until: datetime | None = None
    href: str = ""
    marks: tuple[Mark, ...] = ()
    mine: bool = True
    unread: bool = False
    first: bool = False
    rings: bool = False
    alert_id: int | None = None
    closes: tuple[str, ...] = ()
    sign: Sign | None = None

    @property
    def order(self) -> tuple[int, bool, bool, float]:
        """Severity, then waiting time; then what is due, soonest first."""
        waits = self.since or self.until
        return (
            SEVERITIES.index(self.severity),
            not self.first,
            self.since is None,
            waits.timestamp() if waits else 0.0,
        )


@dataclass(frozen=True)
class Look:
    """A look at today: who looks, when, and the words to say it in."""

    connection: Connection
    member: Row
    now: datetime
    say: Words
    translate: Translate

    @property
    def zone(self) -> str:
        """The time zone of the member's structure."""
        return self.member.timezone

    def is_mine(self, *staff_ids: int | None) -> bool:
        """Tell whether the first of these who is somebody is the reader, or there is nobody."""
        known = [staff_id for staff_id in staff_ids if staff_id is not None]
        return not known or known[0] == self.member.id


@dataclass(frozen=True)
class Source:
    """Where rows come from. ``title`` is its filter's, in the reader's language."""

    name: str
    title: Callable[[Translate], str]
    load: Callable[[Look], list[Item]]
