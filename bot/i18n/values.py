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

# A reader of 12 knows no ISO code, and the currency is the payment's, whatever the language: Babel
# would write "400,00 GHS" in French.
_SIGNS = {"XOF": "{}\u00a0F CFA", "GHS": "GH₵{}"}
_DAY, _WEEKDAY = "d MMMM", "EEEE d MMMM"


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
        return format_date(date.fromisoformat(value["date"]), _DAY, locale=locale)
    if "time" in value:
        return _clock(time.fromisoformat(value["time"]), locale)
    if "moment" in value:
        at = datetime.fromisoformat(value["moment"]).astimezone(ZoneInfo(value["timezone"]))
        if value.get("show") == "hour":
            return _clock(at.time(), locale)
        day = format_date(at.date(), _WEEKDAY, locale=locale)
        joiner = " à " if locale.language == "fr" else " at "
        return f"{day}{joiner}{_clock(at.time(), locale)}"
    raise ValueError(f"no such kind of value: {sorted(value)}")


def format_money(amount: Decimal, currency: str, locale: Locale) -> str:
    """Return an amount as it is said: "25 000 F CFA", "GH₵1,250.50"; else the locale's form."""
    sign = _SIGNS.get(currency)
    if sign is None:
        return format_currency(amount, currency, locale=locale)
    pattern = "#,##0" if amount == amount.to_integral_value() else "#,##0.00"
    # Some phones have no glyph for the narrow space that French groups digits with.
    return sign.format(format_decimal(amount, pattern, locale=locale).replace("\u202f", "\u00a0"))


def _clock(at: time, locale: Locale) -> str:
    if locale.language == "fr":
        return f"{at.hour} h {at.minute:02d}" if at.minute else f"{at.hour} h"
    return format_time(at, "h:mm a" if at.minute else "h a", locale=locale)
