"""What stands in forms and addresses."""

from datetime import date, datetime, timezone
from decimal import Decimal

import pytest
from starlette.exceptions import HTTPException

from bot.console import fields


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("25000", 25000),
        ("25 000 F", 25000),
        ("25.000", 25000),
        ("80", 80),
        ("", None),
        ("0", None),
        ("10 000 et 5 000", None),
        ("beaucoup", None),
        ("-5000", None),
    ],
)
def test_an_amount(written, amount):
    expected = None if amount is None else Decimal(amount)
    assert fields.money_in(written, "XOF") == expected


@pytest.mark.parametrize(
    ("written", "month"),
    [
        ("2026-11", date(2026, 11, 1)),
        ("2026-11-24", date(2026, 11, 1)),
        ("2026-13", None),
        ("novembre", None),
        ("", None),
    ],
)
def test_a_month(written, month):
    assert fields.month_in(written) == month


@pytest.mark.parametrize(("written", "number"), [("0", 0), (" 23 ", 23), ("24", None), ("x", None)])
def test_a_number_within_bounds(written, number):
    assert fields.number_in(written, 0, 23) == number


@pytest.mark.parametrize("text", ["", "x", "-1", "9" * 10, "1.0", "²"])
def test_what_is_no_id(text):
    assert fields.id_in(text) is None


def test_a_moment_goes_into_an_address_and_comes_back():
    at = datetime(2026, 11, 25, 10, 30, 5, 123456, tzinfo=timezone.utc)
    assert fields.moment_at(str(fields.number_of(at))) == at
    assert fields.moment_at("") is None
    for nonsense in ("x", "-1", "9" * 17):
        with pytest.raises(HTTPException):
            fields.moment_at(nonsense)
