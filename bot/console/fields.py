"""What stands in posted forms and in addresses, read with care. Nonsense in a form is None."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

from starlette.exceptions import HTTPException

from bot.console.visit import Visit
from bot.followup.amounts import read_amounts

_LARGEST_ID_LENGTH = 9
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MICROSECOND = timedelta(microseconds=1)


def id_in(text: str) -> int | None:
    """Read the id of a row."""
    return int(text) if text.isdecimal() and len(text) <= _LARGEST_ID_LENGTH else None


def number_in(text: str, least: int, most: int) -> int | None:
    """Read a whole number within bounds."""
    number = id_in(text.strip())
    return number if number is not None and least <= number <= most else None


def day_in(text: str) -> date | None:
    """Read a day as browsers send it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def month_in(text: str) -> date | None:
    """Read a month as browsers send it ("2026-11", or a day of it), as its first day."""
    day = day_in(text if len(text) != len("2026-11") else f"{text}-01")
    return None if day is None else day.replace(day=1)


def money_in(text: str, currency: str) -> Decimal | None:
    """Read one amount: 25000, 25 000, 25.000 F."""
    amounts = read_amounts(f"{text.strip()} {currency}")
    is_one = len(amounts) == 1 and amounts[0] > 0 and "-" not in text
    return amounts[0] if is_one else None


def moment_in(visit: Visit, name: str, timezone: str = "") -> datetime | None:
    """Read a moment as browsers send it, in a time zone: without one, the member's structure's."""
    try:
        local = datetime.strptime(visit.form.get(name, ""), "%Y-%m-%dT%H:%M")
    except ValueError:
        return None
    zone = ZoneInfo(timezone or visit.member.timezone)
    return local.replace(tzinfo=zone).astimezone(visit.now.tzinfo)


def moment_at(number: str) -> datetime | None:
    """Read the moment in an address (microseconds since 1970); None without one.

    Raises:
        HTTPException: 404, no such moment.
    """
    if not number:
        return None
    if not number.isdecimal() or len(number) > len("9999999999999999"):
        raise HTTPException(404)
    return _EPOCH + int(number) * _MICROSECOND


def number_of(at: datetime) -> int:
    """Return what stands in an address for a moment."""
    return (at - _EPOCH) // _MICROSECOND
