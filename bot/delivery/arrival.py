"""A message that has just been recorded, with all that answering it at once needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy.engine import Connection, Row

from bot.delivery.queue import Priority, enqueue, withdraw_offer
from bot.followup import conversations
from bot.followup.caller import Caller, identify
from bot.i18n.wording import Said, Wording


@dataclass(frozen=True)
class Arrival:
    """One recorded message inside the intake's transaction.

    ``country`` is the one to assume of a stranger.
    """

    connection: Connection
    wording: Wording
    talk: Row
    inbox_id: int
    now: datetime
    country: str

    @cached_property
    def caller(self) -> Caller:
        """Who writes, as the follow-up knows them."""
        return identify(self.connection, self.talk, self.now, self.inbox_id)

    @cached_property
    def structure(self) -> Row:
        """The structure that answers."""
        return self.caller.structure

    @property
    def form(self) -> str:
        """How to address the person: "tu" or "vous"."""
        return conversations.address_form(self.caller.person)

    def word(self, name: str, **values: Any) -> Said:
        """Word a response for this person."""
        return self.wording.say(name, self.talk.language, self.form, **values)

    def say(self, name: str, *, priority: Priority = Priority.REPLY, **values: Any) -> None:
        """Queue a response to this message."""
        self.reply(self.word(name, **values), priority)

    def reply(self, said: Said, priority: Priority, *, restricted: bool = False) -> None:
        """Queue what is already worded."""
        enqueue(
            self.connection,
            self.talk,
            said,
            self.now,
            priority=priority,
            in_reply_to=self.inbox_id,
            restricted=restricted,
        )

    def forget_form(self) -> None:
        """Drop what the dialogue was asking: it does not go on by itself."""
        withdraw_offer(self.connection, self.talk.id)
        conversations.forget_dialogue(self.connection, self.talk.id)
        conversations.change(
            self.connection, self.talk.id, expects_number=False, asked_about_nine=False
        )
