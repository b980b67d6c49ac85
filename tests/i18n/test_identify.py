"""Languages are told apart by sure words, and not at all without one."""

import pytest

from bot.i18n.identify import identify_language


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
    ],
)
def test_the_language_of_a_message(text, language):
    assert identify_language(text) == language
