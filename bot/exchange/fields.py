"""What may stand in a cell. A refusal says what to write, and never repeats what stands there."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any


class Refused(ValueError):
    """A cell or a row cannot be taken. The message says what to do, without personal data."""


@dataclass(frozen=True)
class Column:
    """A column of a sheet, and how a cell of it is read."""

    name: str
    read: Callable[[str], Any]
    required: bool = False

    def value(self, text: str) -> Any:
        """Return what a cell says; None where an optional one is empty.

        Raises:
            Refused: it says nothing that fits.
        """
        if not text:
            if self.required:
                raise Refused(f"{self.name}: must not be empty")
            return None
        try:
            return self.read(text)
        except Refused as error:
            raise Refused(f"{self.name}: {error}") from None


def text(longest: int) -> Callable[[str], str]:
    """Read a text of at most ``longest`` characters."""

    def read(cell: str) -> str:
        if len(cell) > longest:
            raise Refused(f"at most {longest} characters")
        return cell

    return read


def one_of(options: Collection[str]) -> Callable[[str], str]:
    """Read one of a few words, in any case."""

    def read(cell: str) -> str:
        for option in options:
            if cell.casefold() == option.casefold():
                return option
        raise Refused(f"write one of {', '.join(sorted(options))}")

    return read


def number(least: int, most: int) -> Callable[[str], int]:
    """Read a whole number."""

    def read(cell: str) -> int:
        if not cell.isdecimal() or not least <= int(cell) <= most:
            raise Refused(f"write a number from {least} to {most}")
        return int(cell)

    return read


def digits(count: int) -> Callable[[str], str]:
    """Read exactly ``count`` digits; leading zeros that a spreadsheet dropped are put back."""

    def read(cell: str) -> str:
        if not cell.isdecimal() or len(cell) > count:
            raise Refused(f"write the last {count} digits, no more")
        return cell.zfill(count)

    return read


def yes_no(cell: str) -> bool:
    """Read yes or no, in English or French."""
    answers = {"yes": True, "oui": True, "1": True, "no": False, "non": False, "0": False}
    if cell.casefold() not in answers:
        raise Refused("write yes or no")
    return answers[cell.casefold()]


def money(cell: str) -> Decimal:
    """Read an amount with at most two decimals."""
    try:
        amount = Decimal(cell.replace("\u00a0", "").replace(" ", "").replace(",", "."))
    except InvalidOperation:
        raise Refused("write the amount in digits, without the currency") from None
    if not (amount.is_finite() and 0 < amount < 10**9 and amount == round(amount, 2)):
        raise Refused("write an amount above 0, with at most two decimals")
    return amount


def day(cell: str) -> date:
    """Read a date: 2026-01-31 or 31/01/2026."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(cell, form).date()
        except ValueError:
            continue
    raise Refused("write the date as 2026-01-31 or 31/01/2026")


def month(cell: str) -> date:
    """Read a month, 2026-01 or any day of it, as its first day."""
    whole = f"{cell}-01" if len(cell) == len("2026-01") and cell[4] == "-" else cell
    try:
        return day(whole).replace(day=1)
    except Refused:
        raise Refused("write the month as 2026-01") from None


def local_time(cell: str) -> datetime:
    """Read day and hour, 2026-01-31 08:30, as a moment still without its zone."""
    date_part, _, clock = cell.replace("T", " ").partition(" ")
    try:
        at = datetime.strptime(clock.strip()[:5], "%H:%M").time()
        return datetime.combine(day(date_part), at)
    except (Refused, ValueError):
        raise Refused("write day and hour as 2026-01-31 08:30") from None
