"""Words of pages for staff: what ``_("...")`` means in the console.

They are marked with ``_`` in the code and the templates and translated by the same catalogs as the
chat, without a message context. French is their source.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.i18n.catalogs import Catalogs

Translate = Callable[[str], str]


def translator(catalogs: Catalogs, language: str) -> Translate:
    """Return the function that translates a page's French words into ``language``."""

    def translate(source: str) -> str:
        return catalogs.find("", source, language).text

    return translate
