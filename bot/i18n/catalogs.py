"""Message catalogs, read from the ``.po`` files: a ``.mo`` does not carry the draft mark."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from babel import Locale
from babel.messages.pofile import read_po

DOMAIN = "messages"


@dataclass(frozen=True)
class Language:
    """A line of ``locales/languages.yml``.

    ``locale`` is the Babel locale for dates and numbers (Babel knows no dyu, bci, mos);
    ``fallback`` is the language shown where a text has no translation.
    """

    code: str
    name: str
    locale: str
    fallback: str | None
    reviewed: bool


@dataclass(frozen=True)
class Translation:
    """A text in ``language``; a ``draft`` (gettext's "fuzzy") is unread by a native speaker."""

    text: str
    draft: bool = False
    language: str = "fr"


def load_languages(folder: Path) -> dict[str, Language]:
    """Read the one list of languages."""
    with (folder / "languages.yml").open(encoding="utf-8") as file:
        entries: dict[str, dict[str, Any]] = yaml.safe_load(file)
    return {
        code: Language(
            code=code,
            name=entry["name"],
            locale=entry["locale"],
            fallback=entry.get("fallback"),
            reviewed=bool(entry.get("reviewed", False)),
        )
        for code, entry in entries.items()
    }


class Catalogs:
    """All translations. French is the source: a sentence without a translation is shown in it."""

    def __init__(self, folder: Path) -> None:
        self.languages = load_languages(folder)
        self._locales = {
            code: Locale.parse(language.locale) for code, language in self.languages.items()
        }
        self._entries = {
            code: _read(folder / code / "LC_MESSAGES" / f"{DOMAIN}.po", code)
            for code in self.languages
        }

    def locale(self, language: str) -> Locale:
        """Return the Babel locale of a language; of French for an unknown one."""
        return self._locales.get(language, self._locales["fr"])

    def fallback(self, language: str) -> str | None:
        """Return the language that stands in for ``language``; None for French, the source."""
        known = self.languages.get(language)
        return known.fallback if known else None

    def find(self, context: str, source: str, language: str) -> Translation:
        """Translate ``source`` into ``language``, else into the languages that stand in for it."""
        found = self._entries.get(language, {}).get((context, source))
        if found:
            return found
        fallback = self.fallback(language)
        return self.find(context, source, fallback) if fallback else Translation(source)


def _read(path: Path, language: str) -> dict[tuple[str, str], Translation]:
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalog = read_po(file)
    return {
        (message.context or "", message.id): Translation(message.string, message.fuzzy, language)
        for message in catalog
        if isinstance(message.id, str) and isinstance(message.string, str)
        if message.id and message.string
    }
