"""Languages are told apart by sure words, and not at all without one."""

import pytest

from bot.i18n.identify import identify_language, language_to_offer


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
    ("text", "chosen", "language"),
    [
        ("n bɛ julakan fɔ", "fr", "dyu"),
        ("ne bè taga dougou la sini", "fr", "dyu"),
        ("mɛ kɔ sukuu ɔkyena anɔpa", "en", "ak"),
        ("mam dat n kenga karendoogo", "fr", "mos"),
        ("hello please when will the training start", "fr", "en"),
        ("abeg wetin una dey do for here", "fr", "en"),
        ("je veux savoir quand la formation commence", "en", "fr"),
        ("je veux savoir quand la formation commence", "dyu", "fr"),
        # Written in the language that was chosen.
        ("je veux savoir quand la formation commence", "fr", None),
        ("abeg wetin una dey do for here", "en", None),
        # Too short to be sure.
        ("medaase paa", "fr", None),
        ("hello please", "fr", None),
        # French with a word of another language in it, and nothing of any.
        ("on m'a pas donné wari là", "fr", None),
        ("je mange gnamakoudji avec le tonton", "fr", None),
        ("c'est gbangban dans le quartier", "fr", None),
        ("zzq xkk wpt", "fr", None),
        ("azerty qsdf lkj", "fr", None),
        ("hahaha hihi hoho", "fr", None),
        ("25000 👍 ok", "fr", None),
    ],
)
def test_another_language_is_offered_only_where_it_is_sure(text, chosen, language):
    assert language_to_offer(text, chosen) == language
