"""Sums in words that count in fives: read as a guess, by whoever will ask back."""

from decimal import Decimal

import pytest

from bot.followup.amounts import read_amount_said
from bot.followup.counted_money import counts_in_units, read_counted


@pytest.mark.parametrize(
    ("text", "francs"),
    [
        ("waga duuru", 25_000),
        ("waga 5", 25_000),
        ("n ye wága looru sɔrɔ", 25_000),
        ("kɛmɛ saba", 1_500),
        ("keme saba", 1_500),
        ("waga kelen ni kɛmɛ fila", 6_000),
        ("waga tan ni duuru", 75_000),
        ("waga mugan", 100_000),
        ("waga bi saba", 150_000),
        ("waga", 5_000),
        ("tusri a naase", 20_000),
        ("tusr naase", 20_000),
        ("tusri", 5_000),
        ("Tousa yi", 10_000),
        ("tusa a nu la koabga a yiibu", 26_000),
        ("tus-a-nu", 25_000),
        ("tus piiga", 50_000),
        ("tus-pis-nou", 250_000),
        ("tusa pissi la a yoobé", 130_000),
        ("m paama tusa 4", 20_000),
        ("Kobisi", 1_000),
        ("kobga", 500),
        ("koabs-tã", 1_500),
        ("koabga yiibu", 1_000),
    ],
)
def test_number_words_are_read_in_units_of_five_francs(text, francs):
    assert read_counted(text) == Decimal(francs)
    assert counts_in_units(text)


@pytest.mark.parametrize(
    "text", ["25000", "wari", "duuru", "vingt mille", "n bɛ taa", "tus pas venu", "il y a 5", ""]
)
def test_without_hundreds_or_thousands_there_is_no_guess(text):
    assert read_counted(text) is None
    assert not counts_in_units(text)


def test_digits_beside_such_a_word_are_no_sum_of_francs():
    assert read_amount_said("waga 400", Decimal(25000)) is None
    assert read_amount_said("tusa 400", Decimal(25000)) is None
