"""Where actions find out who writes: one provider, set by whoever runs them.

Identity never travels in a tracker. The worker sets a provider that knows the turn being answered;
``rasa run actions`` alone has none, and then everybody is a stranger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timezone
from functools import cache

from rasa_sdk import Tracker

from bot.db.engine import Database
from bot.followup.caller import Caller
from bot.settings import read_settings

Provider = Callable[[Tracker], AbstractContextManager[Caller]]

_provider: Provider | None = None


def set_provider(provider: Provider | None) -> None:
    """Let ``provider`` say who writes; None brings back the one for ``rasa run actions``."""
    global _provider
    _provider = provider


def caller_of(tracker: Tracker) -> AbstractContextManager[Caller]:
    """Return the caller of this turn, as a context in which the action does its work."""
    return (_provider or _stranger)(tracker)


@contextmanager
def _stranger(_tracker: Tracker) -> Iterator[Caller]:
    with _database().turn() as connection:
        yield Caller(connection, datetime.now(timezone.utc), talk=None, person=None)


@cache
def _database() -> Database:
    settings = read_settings(demo=None)
    return Database(settings.database_url, settings.secret_keys)
