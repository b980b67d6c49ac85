"""Amounts, dates and hours as a person would say them."""

import pytest
from babel import Locale

from bot.i18n.values import format_value

FRENCH, ENGLISH = Locale.parse("fr_CI"), Locale.parse("en_GH")
ACCRA = {"timezone": "Africa/Accra"}


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [
        ({"money": "25000", "currency": "XOF"}, "25_000_F CFA", "25,000_F CFA"),
        ({"money": "500", "currency": "XOF"}, "500_F CFA", "500_F CFA"),
        ({"money": "1250.5", "currency": "GHS"}, "GH₵1_250,50", "GH₵1,250.50"),
        ({"money": "400.00", "currency": "GHS"}, "GH₵400", "GH₵400"),
        ({"date": "2026-11-04"}, "4 novembre", "4 November"),
        ({"month": "2026-11-01"}, "novembre", "November"),
        ({"time": "17:00"}, "17 h", "5 pm"),
        ({"time": "08:05"}, "8 h 05", "8:05 am"),
        ({"time": "00:00"}, "0 h", "12 am"),
        ({"moment": "2026-11-04T17:00:00+00:00", **ACCRA}, "mercredi 4 novembre à 17 h", None),
        ({"moment": "2026-11-04T17:30:00+00:00", **ACCRA}, None, "Wednesday 4 November at 5:30 pm"),
        ({"moment": "2026-11-04T09:00:00+00:00", **ACCRA, "show": "hour"}, "9 h", "9 am"),
        ("Awa", "Awa", "Awa"),
        (6, "6", "6"),
    ],
)
def test_a_value_in_french_and_in_english(value, french, english):
    for expected, locale in ((french, FRENCH), (english, ENGLISH)):
        if expected is not None:
            assert format_value(value, locale) == expected.replace("_", "\u00a0")


def test_another_currency_is_written_as_the_locale_does():
    assert format_value({"money": "20", "currency": "USD"}, ENGLISH) == "US$20.00"


def test_a_moment_is_that_of_the_structures_place():
    moment = {"moment": "2026-11-04T23:30:00+00:00", "timezone": "Africa/Nairobi"}
    assert format_value(moment, FRENCH) == "jeudi 5 novembre à 2 h 30"


def test_a_value_of_no_known_kind_is_an_error():
    with pytest.raises(ValueError, match="weight"):
        format_value({"weight": "3"}, FRENCH)
