"""What sentences are told with: typed values that ``bot.i18n.wording`` puts into words.

They are JSON, so that they survive the way through Rasa (``rasa run actions`` included).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Row

Value = dict[str, Any]

_COUNTS = {1: "one", 2: "two", 3: "three"}
_PLACES = ("first", "second", "third")


def say(response: str, **values: Any) -> Value:
    """Return a response inside another."""
    return {"say": response, **values}


def own(row: Row, column: str) -> Value:
    """Return what staff wrote into a row, with the translations that it carries itself."""
    return {"own": {"fr": getattr(row, column), **(getattr(row, f"{column}_in") or {})}}


def money(amount: Decimal, currency: str) -> Value:
    """Return an amount of money."""
    return {"money": str(amount), "currency": currency}


def day(on: date) -> Value:
    """Return a day ("4 novembre")."""
    return {"date": on.isoformat()}


def month(of: date) -> Value:
    """Return a month ("novembre")."""
    return {"month": of.isoformat()}


def moment(at: datetime, structure: Row) -> Value:
    """Return a day with its hour, in the structure's time zone."""
    return {"moment": at.isoformat(), "timezone": structure.timezone}


def hour(at: datetime, structure: Row) -> Value:
    """Return the hour alone of a moment, in the structure's time zone."""
    return {**moment(at, structure), "show": "hour"}


def by(at: datetime, structure: Row, now: datetime) -> Value:
    """Return a deadline as one says it: "aujourd'hui avant 17 h", "demain avant 9 h"."""
    zone = ZoneInfo(structure.timezone)
    today, last_day = now.astimezone(zone).date(), at.astimezone(zone).date()
    if last_day == today:
        return say("utter_by_today", hour=hour(at, structure))
    if last_day == today + timedelta(days=1):
        return say("utter_by_tomorrow", hour=hour(at, structure))
    return say("utter_by_day", moment=moment(at, structure))


def numbered(lines: Sequence[Value]) -> Value:
    """Return one to three lines with the digits by which they are chosen."""
    return say(f"utter_numbered_{_COUNTS[len(lines)]}", **_placed(lines))


def bulleted(lines: Sequence[Value]) -> Value:
    """Return one to three lines that are not to be chosen."""
    return say(f"utter_bulleted_{_COUNTS[len(lines)]}", **_placed(lines))


def worker(name: str | None) -> str | Value:
    """Return the first name a worker shows, or "l'équipe" where there is no worker."""
    return say("utter_the_team") if name is None else name


def _placed(lines: Sequence[Value]) -> Value:
    return dict(zip(_PLACES, lines, strict=False))
