"""What may stand in a cell. A refusal says what to write, and never repeats what stands there."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.reasons import Reason, mark


class Refused(Reason, ValueError):
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
                raise Refused(mark("{column} : à remplir"), column=self.name)
            return None
        try:
            return self.read(text)
        except Refused as error:
            raise Refused(mark("{column} : {reason}"), column=self.name, reason=error) from None


def text(longest: int) -> Callable[[str], str]:
    """Read a text of at most ``longest`` characters."""

    def read(cell: str) -> str:
        if len(cell) > longest:
            raise Refused(mark("{count} signes au plus"), count=longest)
        return cell

    return read


def one_of(options: Collection[str]) -> Callable[[str], str]:
    """Read one of a few words, in any case."""

    def read(cell: str) -> str:
        for option in options:
            if cell.casefold() == option.casefold():
                return option
        raise Refused(mark("écrivez {options}"), options=", ".join(sorted(options)))

    return read


def number(least: int, most: int) -> Callable[[str], int]:
    """Read a whole number."""

    def read(cell: str) -> int:
        if not cell.isdecimal() or not least <= int(cell) <= most:
            raise Refused(mark("écrivez un nombre de {least} à {most}"), least=least, most=most)
        return int(cell)

    return read


def digits(count: int) -> Callable[[str], str]:
    """Read exactly ``count`` digits; leading zeros that a spreadsheet dropped are put back."""

    def read(cell: str) -> str:
        if not cell.isdecimal() or len(cell) > count:
            raise Refused(mark("écrivez les {count} derniers chiffres, pas plus"), count=count)
        return cell.zfill(count)

    return read


def yes_no(cell: str) -> bool:
    """Read yes or no, in English or French."""
    answers = {"yes": True, "oui": True, "1": True, "no": False, "non": False, "0": False}
    if cell.casefold() not in answers:
        raise Refused(mark("écrivez oui ou non"))
    return answers[cell.casefold()]


def money(cell: str) -> Decimal:
    """Read an amount with at most two decimals."""
    try:
        amount = Decimal(cell.replace("\u00a0", "").replace(" ", "").replace(",", "."))
    except InvalidOperation:
        raise Refused(mark("écrivez la somme en chiffres, sans la monnaie")) from None
    if not (amount.is_finite() and 0 < amount < 10**9 and amount == round(amount, 2)):
        raise Refused(mark("écrivez une somme au-dessus de 0, avec deux décimales au plus"))
    return amount


def day(cell: str) -> date:
    """Read a date: 2026-01-31 or 31/01/2026."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(cell, form).date()
        except ValueError:
            continue
    raise Refused(mark("écrivez la date comme 2026-01-31 ou 31/01/2026"))


def month(cell: str) -> date:
    """Read a month, 2026-01 or any day of it, as its first day."""
    whole = f"{cell}-01" if len(cell) == len("2026-01") and cell[4] == "-" else cell
    try:
        return day(whole).replace(day=1)
    except Refused:
        raise Refused(mark("écrivez le mois comme 2026-01")) from None


def local_time(cell: str) -> datetime:
    """Read day and hour, 2026-01-31 08:30, as a moment still without its zone."""
    date_part, _, clock = cell.replace("T", " ").partition(" ")
    try:
        at = datetime.strptime(clock.strip()[:5], "%H:%M").time()
        return datetime.combine(day(date_part), at)
    except (Refused, ValueError):
        raise Refused(mark("écrivez le jour et l'heure comme 2026-01-31 08:30")) from None
