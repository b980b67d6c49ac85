"""Sums of money are read as people write them."""

from decimal import Decimal

import pytest

from bot.followup.amounts import read_amount_said, read_amounts


@pytest.mark.parametrize(
    "text",
    [
        "20000",
        "20 000",
        "20.000",
        "20 000 F",
        "20.000 FCFA",
        "20000f",
        "20 mille",
        "20mil",
        "20k",
        "vingt mille",
        "on a donné 20000 seulement",
        "twenty thousand",
    ],
)
def test_twenty_thousand_in_many_spellings(text):
    assert read_amounts(text) == [Decimal(20000)]


@pytest.mark.parametrize(
    ("text", "amount"),
    [("GH₵200", "200"), ("200 cedis", "200"), ("200,50 cedis", "200.50"), ("50 F", "50")],
)
def test_a_currency_makes_a_small_number_a_sum(text, amount):
    assert read_amounts(text) == [Decimal(amount)]


@pytest.mark.parametrize(
    "text",
    ["le 4 novembre", "novembre 2026", "12/11/2026", "0700000012", "07 00 00 00 12", "j'ai 15 ans"],
)
def test_a_date_a_phone_number_and_an_age_are_no_sum(text):
    assert read_amounts(text) == []


@pytest.mark.parametrize("text", ["10000 au lieu de 25000", "25000 mais reçu 10000"])
def test_the_sum_said_to_be_received_is_the_one_that_was_not_expected(text):
    assert read_amount_said(text, Decimal(25000)) == Decimal(10000)


def test_the_expected_sum_alone_is_what_was_received():
    assert read_amount_said("bien reçu 25000", Decimal(25000)) == Decimal(25000)
    assert read_amount_said("rien", Decimal(25000)) is None
