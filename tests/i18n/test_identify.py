"""Languages are told apart by sure words, and not at all without one."""

import pytest

from bot.i18n.identify import identify_language, surely_written_in, surely_written_in_none_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("l'argent est tombé ?", "fr"),
        ("L’argent du mois", "fr"),
        ("chui malade", "fr"),
        ("MERCI", "fr"),
        ("has the money come?", "en"),
        ("I'm sick", "en"),
        ("n b'a fɛ dɛmɛ", "dyu"),
        ("medaase", "ak"),
        ("n'yo wɔ kula", "bci"),
        ("laafi bala", "mos"),
        ("ok", None),
        ("", None),
        ("👍 25000", None),
        ("gnamakoudji wari", "dyu"),
        ("non no", None),
        ("je dors mal depuis hier", "fr"),
        ("jveu aprendr koifur", "fr"),
        ("abeg wetin una dey do for here", "en"),
        ("my pikin no dey school", "en"),
        ("ne bɛ taga sugu la sini", "dyu"),
        ("mɛ kɔ sukuu ɔkyena anɔpa", "ak"),
        ("mam dat n kenga karendoogo", "mos"),
        ("zzq xkk wpt", None),
        ("bonjour 25000 👍", "fr"),
        ("n bɛ julakan fɔ", "dyu"),
        ("n be baara ke dugu kono", "dyu"),
        ("an ka taa so sisan", "dyu"),
    ],
)
def test_the_language_of_a_message(text, language):
    assert identify_language(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("n bɛ julakan fɔ", "dyu"),
        ("ne bè taga dougou la sini", "dyu"),
        ("mɛ kɔ sukuu ɔkyena anɔpa", "ak"),
        ("mam dat n kenga karendoogo", "mos"),
        ("hello please when will the training start", "en"),
        ("abeg wetin una dey do for here", "en"),
        ("je veux savoir quand la formation commence", "fr"),
        # French with a word of another language in it.
        ("on m'a pas donné wari là", "fr"),
        ("je mange gnamakoudji avec le tonton", "fr"),
        ("c'est gbangban dans le quartier", "fr"),
        ("le gnamakoudji du tonton", None),
        ("ya pas gombo dans le quartier", "fr"),
        ("y a gombo ?", None),
        # Too short to be sure.
        ("medaase paa", None),
        ("hello please", None),
        # Nothing of any language.
        ("zzq xkk wpt", None),
        ("azerty qsdf lkj", None),
        ("hahaha hihi hoho", None),
        ("25000 👍 ok", None),
    ],
)
def test_what_leaves_no_doubt(text, language):
    assert surely_written_in(text) == language


@pytest.mark.parametrize(
    ("text", "surely"),
    [
        ("mam dat n kenga karendoogo", True),
        ("awossi'n o", True),
        ("medaase paa", True),
        ("i ni tere", True),
        ("y a gombo", False),
        ("i need am", False),
        ("je veux savoir quand la formation commence", False),
        ("le gnamakoudji du tonton", False),
        ("jveu aprendr koifur", False),
        ("zzq xkk wpt", False),
        ("salut", False),
        ("", False),
    ],
)
def test_what_is_surely_in_neither_french_nor_english(text, surely):
    assert surely_written_in_none_of(("fr", "en"), text) == surely


@pytest.mark.parametrize("chosen", ["fr", "en", "dyu", None])
@pytest.mark.parametrize(
    "text",
    [
        "je veux savoir quand vient mon argent",
        "please when will my money come",
        "le gnamakoudji du tonton",
        "n b'a fɛ ka baara kɛ sini",
    ],
)
def test_what_a_person_has_chosen_is_not_told_from_none(text, chosen):
    surely = surely_written_in(text)
    assert surely_written_in(text, besides=chosen) == (None if surely == chosen else surely)
