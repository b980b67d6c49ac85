"""Sums of money as people write them: 20000, 20 000, 20.000 F, 20 mille, 20k, vingt mille."""

from __future__ import annotations

import re
from decimal import Decimal

from bot.followup.counted_money import counts_in_units
from bot.followup.words import fold

# A number without a currency is a sum from here up: below, it is a date, an age or a choice.
_SMALLEST_BARE_SUM = 100
# Longer runs of digits are telephone numbers.
_LONGEST_SUM = 8
# "novembre 2026" is no sum.
_YEARS = range(2020, 2040)

_THOUSAND = r"(?:milles?|mil|thousands?|k)"
_CURRENCY = r"(?:f|fr|frs|fcfa|cfa|francs?|xof|cedis?|ghs|gh₵|₵)"
_GROUPED = r"\d{1,3}(?:[ \u00a0\u202f.,]\d{3})+"
_PLAIN = r"\d+(?:[.,]\d{1,2})?"
_NUMBER = re.compile(
    rf"(?P<before>gh₵|₵|ghs)?\s*"
    rf"(?<![\d.,/:])(?P<digits>{_GROUPED}|{_PLAIN})(?!\d)"
    rf"(?:\s*(?P<thousand>{_THOUSAND})\b)?"
    rf"(?:\s*(?P<after>{_CURRENCY})\b)?",
    re.IGNORECASE,
)
_WORDS = {
    "deux": 2,
    "trois": 3,
    "quatre": 4,
    "cinq": 5,
    "six": 6,
    "sept": 7,
    "huit": 8,
    "neuf": 9,
    "dix": 10,
    "douze": 12,
    "quinze": 15,
    "vingt": 20,
    "vingt cinq": 25,
    "trente": 30,
    "trente cinq": 35,
    "quarante": 40,
    "cinquante": 50,
    "cent": 100,
    "five": 5,
    "ten": 10,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
}
_IN_WORDS = re.compile(
    rf"\b(?P<number>{'|'.join(sorted(_WORDS, key=len, reverse=True))}) (?:mille|mil|thousand)\b"
)


def read_amounts(text: str) -> list[Decimal]:
    """Return the sums of money in ``text``, in the order written."""
    found = [
        (match.start(), amount)
        for match in _NUMBER.finditer(text)
        if (amount := _amount(match)) is not None
    ]
    if not found:
        return [Decimal(_WORDS[m["number"]] * 1000) for m in _IN_WORDS.finditer(fold(text))]
    return [amount for _, amount in sorted(found)]


def read_amount_said(text: str, expected: Decimal) -> Decimal | None:
    """Return the sum somebody says to have got, where ``expected`` was due.

    "10000 au lieu de 25000" says 10000: of several sums, the first that is not the expected one.
    None where a word of Dioula or Mooré counts in units of five francs (``counted_money``).
    """
    if counts_in_units(text):
        return None
    amounts = read_amounts(text)
    return next((amount for amount in amounts if amount != expected), next(iter(amounts), None))


def _amount(match: re.Match[str]) -> Decimal | None:
    digits = re.sub(r"[ \u00a0\u202f]", "", match["digits"])
    if re.fullmatch(r"\d{1,3}([.,]\d{3})+", digits):
        digits = re.sub(r"[.,]", "", digits)
    digits = digits.replace(",", ".")
    whole = digits.split(".")[0]
    if len(whole) > _LONGEST_SUM or (whole.startswith("0") and len(whole) > 1):
        return None
    amount = Decimal(digits)
    if match["thousand"]:
        return amount * 1000
    if match["before"] or match["after"]:
        return amount
    return None if amount < _SMALLEST_BARE_SUM or amount in _YEARS else amount
