"""Each flow in each language, through WhatsApp's door; the pages that show it are current."""

import pytest

from bot.i18n.catalogs import load_languages
from bot.settings import PROJECT
from tests.conversations.__main__ import conversations_of
from tests.conversations.chats import WRITTEN, page_path

LANGUAGES = load_languages(PROJECT / "locales")


def test_every_language_is_walked():
    assert set(WRITTEN) == set(LANGUAGES)


@pytest.mark.model
@pytest.mark.parametrize("language", WRITTEN)
def test_the_conversations_of_a_language_are_as_they_are_printed(language, screen, dialogue):
    printed = page_path(language).read_text(encoding="utf-8")
    walked = conversations_of(language, screen, dialogue)
    assert walked == printed, "read them, then: python -m tests.conversations"
    fallback = LANGUAGES[language].fallback or "fr"
    # The crisis reply, whole, in a language that somebody who reads it has signed.
    sure = {"fr": "Ce n'est pas ta faute.", "en": "It is not your fault."}
    assert sure[language if LANGUAGES[language].reviewed else fallback] in walked
    assert "116" in walked
