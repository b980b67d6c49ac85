"""How the chat looks: its page and its entries, in the language of the conversation."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from jinja2 import Environment

from bot.channels.webchat.requests import LONGEST_TEXT
from bot.channels.webchat.thread import Entry, Thread
from bot.i18n.catalogs import Catalogs
from bot.i18n.templates import translated_templates
from bot.i18n.translator import page_language

_TEMPLATES = Path(__file__).parent / "templates"


class Views:
    """Draws what a browser shows, as HTML."""

    def __init__(self, catalogs: Catalogs) -> None:
        shown_in = {code: page_language(catalogs, code) for code in catalogs.languages}
        drawn = {code: _templates(catalogs, code) for code in set(shown_in.values())}
        self._templates = {code: drawn[shown] for code, shown in shown_in.items()}

    def page(self, thread: Thread, page_token: str) -> str:
        """Draw the whole page."""
        template = self._templates[thread.language].get_template("chat.html")
        return template.render(thread=thread, page_token=page_token)

    def entry(self, entry: Entry, language: str, page_token: str) -> str:
        """Draw one message."""
        template = self._templates[language].get_template("entry.html")
        return template.render(entry=entry, page_token=page_token)


def _templates(catalogs: Catalogs, language: str) -> Environment:
    templates = translated_templates(_TEMPLATES, catalogs, language)
    templates.globals.update(longest_text=LONGEST_TEXT, new_nonce=_new_nonce)
    templates.filters["day"] = _day_in(catalogs.locale(language))
    return templates


def _day_in(locale: Locale) -> Callable[[datetime], str]:
    """Return the filter that says a day in words."""
    return lambda at: format_date(at.date(), "EEEE d MMMM", locale=locale)


def _new_nonce() -> str:
    return secrets.token_urlsafe(12)
