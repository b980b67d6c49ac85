"""Words of pages: what ``_("...")`` means in the console, the web chat and the demo.

They are marked with ``_`` in the code and the templates and translated by the same catalogs as the
chat, without a message context. French is their source.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.i18n.catalogs import Catalogs
from bot.i18n.typography import typeset

Translate = Callable[[str], str]


def translator(catalogs: Catalogs, language: str) -> Translate:
    """Return the function that translates a page's French words into ``language``."""

    def translate(source: str) -> str:
        found = catalogs.find("", source, language)
        return typeset(found.text, catalogs.locale(found.language).language)

    return translate


def page_language(catalogs: Catalogs, language: str) -> str:
    """Return the language a whole page is shown in: a draft never stands alone, so a reviewed one.

    An unknown language is French, the source.
    """
    known = catalogs.languages.get(language)
    if known is None:
        return "fr"
    return language if known.reviewed else page_language(catalogs, known.fallback or "fr")
