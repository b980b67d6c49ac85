"""Pages in a language: Jinja templates whose ``_("...")`` is translated by the catalogs."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.i18n.catalogs import Catalogs
from bot.i18n.translator import translator


def translated_templates(folder: Path, catalogs: Catalogs, language: str) -> Environment:
    """Return the templates of ``folder`` in a language.

    The options that shape a sentence stand in ``locales/babel.cfg`` too, so that what is extracted
    is what is looked up.
    """
    templates = Environment(
        loader=FileSystemLoader(folder),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    templates.install_gettext_callables(  # type: ignore[attr-defined]
        translator(catalogs, language), _no_plurals, newstyle=True
    )
    templates.globals["language"] = language
    return templates


def _no_plurals(singular: str, plural: str, number: int) -> str:
    raise NotImplementedError("choose between two sentences with _() instead of a plural form")
