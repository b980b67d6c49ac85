"""The person who writes, and the open transaction in which the answer is made.

Actions get one ``Caller`` for each turn. All that an action reads or records goes through its
``connection``, so that a turn takes effect once, whole, or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.engine import Connection, Row

from bot.followup.conversations import DEFAULT_LANGUAGE, known_person
from bot.followup.people import structure_of


@dataclass
class Caller:
    """Who writes. ``person`` is None for a stranger or before the name was confirmed.

    ``talk`` is None where there is no conversation of ours (``rasa shell``). ``language`` is the
    one to answer in: an action may change it.
    """

    connection: Connection
    now: datetime
    talk: Row | None
    person: Row | None
    inbox_id: int | None = None
    language: str = field(init=False)

    def __post_init__(self) -> None:
        self.language = DEFAULT_LANGUAGE if self.talk is None else self.talk.language

    @property
    def structure(self) -> Row:
        """The structure that answers: the person's own, else the first one."""
        return structure_of(self.connection, self.person)


def identify(
    connection: Connection, talk: Row, now: datetime, inbox_id: int | None = None
) -> Caller:
    """Return the caller of a conversation. Identity comes from the channel's address only."""
    return Caller(connection, now, talk, known_person(connection, talk), inbox_id)
