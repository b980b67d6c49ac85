"""One line of a file's timeline, or of what is under way, and where such lines come from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection, Row

from bot.console.person.words import FileWords
from bot.console.words import Words
from bot.i18n.translator import Translate


@dataclass(frozen=True)
class Entry:
    """Something that happened, or is to.

    Attributes:
        at: when; of a day without an hour, noon.
        quote: what a colleague wrote. What the person wrote is counted, never quoted.
        href: below the console's root; "" leads nowhere.
        warns: asks for care.
        answers: what can be noted of it at once, as (value, words) of buttons named "answer".
        answers_to: what takes them, below the person's address ("appointment-state").
    """

    at: datetime
    title: str
    detail: str = ""
    quote: str = ""
    href: str = ""
    warns: bool = False
    answers: tuple[tuple[str, str], ...] = ()
    answers_to: str = ""


@dataclass(frozen=True)
class FileLook:
    """A look into a file: whose, who looks, up to when, and the words to say it in.

    ``before``: only what is older; ``limit``: more entries are not needed of one source.
    """

    connection: Connection
    member: Row
    someone: Row
    now: datetime
    say: Words
    tell: FileWords
    translate: Translate
    before: datetime
    limit: int

    @property
    def zone(self) -> str:
        """The time zone of the member's structure."""
        return self.member.timezone

    def noon(self, on: date) -> datetime:
        """Return the moment at which a day without an hour stands."""
        return datetime.combine(on, time(12), ZoneInfo(self.zone))

    def is_past(self, on: date) -> bool:
        """Tell whether a day is over where the structure is."""
        return on < self.say.date(self.now, self.zone)


Load = Callable[[FileLook], list[Entry]]


@dataclass(frozen=True)
class TimelineSource:
    """Where entries come from. ``title`` is its filter's, in the reader's language."""

    name: str
    title: Callable[[Translate], str]
    load: Load
