"""The chat is in the language of the conversation, French where there is none yet."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from bot.channels.webchat.thread import Cursor, Entry, Thread
from bot.channels.webchat.views import Views
from bot.i18n.catalogs import Catalogs
from bot.settings import PROJECT

AT = datetime(2026, 7, 15, 9, 5, tzinfo=timezone.utc)
OWN = Entry(1, own=True, text=None, at=AT, answered=True)


@pytest.fixture(scope="module")
def views() -> Views:
    return Views(Catalogs(PROJECT / "locales"))


@pytest.mark.parametrize(
    ("language", "shown", "words"),
    [
        ("fr", "fr", ("mercredi 15 juillet", ">lu<", "Ce message n’a pas été gardé.")),
        ("en", "en", ("Wednesday 15 July", ">read<", "This message was not kept.")),
        ("ak", "en", ("Wednesday 15 July", ">read<")),
        ("dyu", "fr", ("mercredi 15 juillet", ">lu<")),
    ],
)
def test_page_and_entry_are_in_the_language_of_the_conversation(views, language, shown, words):
    thread = Thread("Infos", language, (OWN,), Cursor())
    page, entry = views.page(thread, "token"), views.entry(OWN, language, "token")
    assert f'<html lang="{shown}">' in page
    for word in words:
        assert word in page
        assert word in entry


def test_what_the_script_says_is_on_the_page(views):
    page = views.page(Thread("Infos", "en", (), Cursor()), "token")
    for name in ("read", "not-sent", "no-network"):
        assert f'data-{name}="' in page
    assert "Trying again" in page
