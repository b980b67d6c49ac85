"""The turn being answered, for those whom Rasa calls without telling them who writes.

Wording finds it here, and what runs the actions: Rasa hands them its tracker only, and identity
never travels in a tracker.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from bot.followup.caller import Caller
from bot.followup.conversations import address_form


class Turn:
    """One message being answered. ``failed`` is set by whoever sees something go wrong."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller
        self.failed = False
        self.form = address_form(caller.person)

    @property
    def language(self) -> str:
        """The language to answer in."""
        return self.caller.language


_current: ContextVar[Turn | None] = ContextVar("turn", default=None)


@contextmanager
def taking(turn: Turn) -> Iterator[None]:
    """Make ``turn`` the current one, for this task alone."""
    token = _current.set(turn)
    try:
        yield
    finally:
        _current.reset(token)


def turn_if_any() -> Turn | None:
    """Return the turn being answered; None outside of one (``rasa shell``)."""
    return _current.get()


def current_turn() -> Turn:
    """Return the turn being answered.

    Raises:
        LookupError: no message is being answered.
    """
    turn = _current.get()
    if turn is None:
        raise LookupError("no message is being answered: nobody is calling")
    return turn
