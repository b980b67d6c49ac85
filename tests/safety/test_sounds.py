"""What is spelt by ear, run together or split otherwise is heard as what it stands for."""

import pytest

from bot.safety.sounds import RULES, heard


@pytest.mark.parametrize(
    ("language", "written", "by_ear"),
    [
        ("fr", "secours moi", "sekou re mwa"),
        ("fr", "il m a frappe", "ima frape"),
        ("fr", "elle est enfermee", "el e enferme"),
        ("fr", "au marche 🙏", "o marche"),
        ("en", "they beat him", "dey bit him"),
        ("en", "with my brother", "wit mibrota"),
    ],
)
def test_it_is_heard_alike(language, written, by_ear):
    assert heard(written.split(), language) == heard(by_ear.split(), language)


@pytest.mark.parametrize(
    ("language", "word", "other"),
    [
        ("fr", "tante", "dent"),
        ("fr", "papa", "baba"),
        ("en", "tante", "tente"),
        ("en", "papa", "baba"),
    ],
)
def test_what_sounds_otherwise_is_not(language, word, other):
    assert heard([word], language) != heard([other], language)


@pytest.mark.parametrize("language", RULES)
def test_signs_and_nothing_have_no_sound(language):
    assert heard([], language) == heard([",", "🙏"], language) == ""
