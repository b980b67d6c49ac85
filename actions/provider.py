"""Where actions find out who writes.

Identity never travels in a tracker. The worker tells the caller for the time of one action;
behind ``rasa run actions`` alone nobody tells, and then everybody is a stranger.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from datetime import datetime, timezone
from functools import cache

from bot.db.engine import Database
from bot.followup.caller import Caller
from bot.settings import read_settings

_told: ContextVar[Caller | None] = ContextVar("caller", default=None)


@contextmanager
def telling(caller: Caller) -> Iterator[None]:
    """Tell the actions that run inside who writes, in this task alone."""
    token = _told.set(caller)
    try:
        yield
    finally:
        _told.reset(token)


def who_writes() -> AbstractContextManager[Caller]:
    """Return the caller, as a context in which the action does its work."""
    told = _told.get()
    return _stranger() if told is None else nullcontext(told)


@contextmanager
def _stranger() -> Iterator[Caller]:
    with _database().turn() as connection:
        yield Caller(connection, datetime.now(timezone.utc), talk=None, person=None)


@cache
def _database() -> Database:
    settings = read_settings(demo=None)
    return Database(settings.database_url, settings.secret_keys)
