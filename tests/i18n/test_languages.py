"""The one list of languages."""

import pytest

from bot.i18n.catalogs import load_languages, our_code
from bot.settings import PROJECT

LANGUAGES = load_languages(PROJECT / "locales")


@pytest.mark.parametrize(
    ("code", "ours"),
    [("ak", "ak"), ("tw", "ak"), ("TW", "ak"), ("twi", "ak"), ("fr-CI", "fr"), ("en_GH", "en")]
    + [(" mos ", "mos"), ("xx", None), ("", None)],
)
def test_other_codes_of_a_language_are_known(code, ours):
    assert our_code(code, LANGUAGES) == ours


def test_no_code_means_two_languages():
    codes = [code for own, each in LANGUAGES.items() for code in (own, *each.aliases)]
    assert len(set(codes)) == len(codes)


def test_every_language_is_spoken_somewhere_and_leads_back_to_french():
    for code, language in LANGUAGES.items():
        assert language.countries
        assert language.direction in ("ltr", "rtl")
        stands_in: str | None = code
        while stands_in != "fr":
            assert stands_in in LANGUAGES
            stands_in = LANGUAGES[stands_in].fallback
