"""The turn being answered, for those whom Rasa calls without telling them who writes.

Wording and actions find it here: Rasa hands them its tracker only, and identity never travels in
a tracker.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass

from bot.followup.caller import Caller
from bot.followup.conversations import DEFAULT_LANGUAGE, address_form


@dataclass
class Turn:
    """One message being answered. ``failed`` is set by whoever sees something go wrong."""

    caller: Caller
    failed: bool = False

    @property
    def language(self) -> str:
        """The language of the conversation."""
        talk = self.caller.talk
        return DEFAULT_LANGUAGE if talk is None else talk.language

    @property
    def form(self) -> str:
        """How the person is addressed: "tu" or "vous"."""
        return address_form(self.caller.person)


_current: ContextVar[Turn | None] = ContextVar("turn", default=None)


@contextmanager
def taking(turn: Turn) -> Iterator[None]:
    """Make ``turn`` the current one, for this task alone."""
    token = _current.set(turn)
    try:
        yield
    finally:
        _current.reset(token)


def current_turn() -> Turn | None:
    """Return the turn being answered; None outside of one (``rasa shell``)."""
    return _current.get()


def current_caller() -> Caller:
    """Return who writes.

    Raises:
        LookupError: no message is being answered.
    """
    turn = _current.get()
    if turn is None:
        raise LookupError("no message is being answered: nobody is calling")
    return turn.caller


def calling(_tracker: object) -> AbstractContextManager[Caller]:
    """Return who writes, in the form in which actions ask for it (``actions.provider``).

    Raises:
        LookupError: no message is being answered.
    """
    return nullcontext(current_caller())
