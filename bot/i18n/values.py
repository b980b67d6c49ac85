"""Amounts, dates and hours as a person would say them, in the person's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal

# Francophone West Africa says "25 000 F", and a reader of 12 knows no ISO code.
_FRANC = {"XOF"}


def format_value(value: Any, locale: Locale) -> str:
    """Return the words for a typed value; text and numbers are returned as they are.

    Raises:
        ValueError: a mapping that is no known kind of value.
    """
    if not isinstance(value, Mapping):
        return str(value)
    if "money" in value:
        return format_money(Decimal(value["money"]), value["currency"], locale)
    if "month" in value:
        return format_date(date.fromisoformat(value["month"]), "MMMM", locale=locale)
    if "date" in value:
        return format_date(date.fromisoformat(value["date"]), _day(locale), locale=locale)
    if "time" in value:
        return _clock(time.fromisoformat(value["time"]), locale)
    if "moment" in value:
        at = datetime.fromisoformat(value["moment"]).astimezone(ZoneInfo(value["timezone"]))
        if value.get("show") == "hour":
            return _clock(at.time(), locale)
        day = format_date(at.date(), _weekday(locale), locale=locale)
        joiner = " à " if locale.language == "fr" else ", "
        return f"{day}{joiner}{_clock(at.time(), locale)}"
    raise ValueError(f"no such kind of value: {sorted(value)}")


def format_money(amount: Decimal, currency: str, locale: Locale) -> str:
    """Return an amount with its currency: "25 000 F" for XOF, else the locale's usual form."""
    if currency in _FRANC:
        number = format_decimal(amount, "#,##0", locale=locale).replace("\u202f", "\u00a0")
        return f"{number}\u00a0F CFA"
    return format_currency(amount, currency, locale=locale)


def _day(locale: Locale) -> str:
    return "d MMMM" if locale.language == "fr" else "MMMM d"


def _weekday(locale: Locale) -> str:
    return "EEEE d MMMM" if locale.language == "fr" else "EEEE, MMMM d"


def _clock(at: time, locale: Locale) -> str:
    if locale.language == "fr":
        return f"{at.hour} h {at.minute:02d}" if at.minute else f"{at.hour} h"
    return format_time(at, "short", locale=locale)
