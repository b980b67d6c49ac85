"""Words of the command line, in the language of the terminal: French unless it asks for another.

They are marked with ``_`` and translated by the same catalogs as pages. French, the source, is said
without reading any.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from bot.reasons import Reason, mark
from bot.settings import PROJECT, terminal_languages


def say(source: str, /, **values: object) -> str:
    """Say a French sentence in the terminal's language, its values filled in."""
    said = _translator(terminal_languages())(source)
    return said.format(**values) if values else said


def explain(reason: Reason) -> str:
    """Say what was refused in the terminal's language."""
    return reason.told(_translator(terminal_languages()))


@cache
def _translator(wanted: tuple[str, ...]) -> Callable[[str], str]:
    if not wanted or wanted[0].startswith("fr"):
        return mark
    from bot.i18n.catalogs import Catalogs, our_code
    from bot.i18n.translator import page_language

    catalogs = Catalogs(PROJECT / "locales")
    own = (our_code(code, catalogs.languages) for code in wanted)
    language = page_language(catalogs, next(filter(None, own), "fr"))
    return lambda source: catalogs.find("", source, language).text
