"""The person who writes, and the open transaction in which the answer is made.

Actions get one ``Caller`` for each turn. All that an action reads or records goes through its
``connection``, so that a turn takes effect once, whole, or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection, Row

from bot.followup.conversations import get_conversation, known_person
from bot.followup.people import structure_of


@dataclass(frozen=True)
class Caller:
    """Who writes. ``person`` is None for a stranger or before the name was confirmed.

    ``talk`` is None where there is no conversation of ours (``rasa shell``).
    """

    connection: Connection
    now: datetime
    talk: Row | None
    person: Row | None
    inbox_id: int | None = None

    @property
    def structure(self) -> Row:
        """The structure that answers: the person's own, else the first one."""
        return structure_of(self.connection, self.person)


def identify(
    connection: Connection, conversation_id: int, now: datetime, inbox_id: int | None = None
) -> Caller:
    """Return the caller of a conversation. Identity comes from the channel's address only."""
    talk = get_conversation(connection, conversation_id)
    return Caller(connection, now, talk, known_person(connection, talk), inbox_id)
