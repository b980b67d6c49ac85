"""Message catalogs, read from the ``.po`` files: a ``.mo`` does not carry the draft mark.

What reviewers write and sign in the console lies over the files (``Catalogs.correct``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

import yaml
from babel import Locale
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

DOMAIN = "messages"


@dataclass(frozen=True)
class Language:
    """A line of ``locales/languages.yml``.

    ``locale`` is the Babel locale for dates and numbers (Babel knows no dyu, bci, mos);
    ``fallback`` is the language shown where a text has no translation; ``direction`` is HTML's.
    """

    code: str
    name: str
    locale: str
    fallback: str | None
    reviewed: bool
    direction: str = "ltr"
    countries: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Translation:
    """A text in ``language``; a ``draft`` (gettext's "fuzzy") is unread by a native speaker.

    ``note`` is what the translator wrote beside it: where a word is from, what to ask.
    """

    text: str
    draft: bool = False
    language: str = "fr"
    note: str = ""


class Correction(Protocol):
    """What a reviewer wrote or signed; ``replaces`` is what the catalog said then."""

    language: str
    context: str
    source: str
    text: str
    replaces: str
    signed: bool


AnyCorrection = TypeVar("AnyCorrection", bound=Correction)

# What a sentence is found by: its message context ("" for words of pages) and its French.
Key = tuple[str, str]


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
            direction=entry.get("direction", "ltr"),
            countries=tuple(entry.get("countries", ())),
            aliases=tuple(entry.get("aliases", ())),
        )
        for code, entry in entries.items()
    }


def our_code(code: str, languages: Mapping[str, Language]) -> str | None:
    """Return which of ``languages`` a code of others means: "tw", "fr-CI", "EN"; None for none."""
    wanted = code.strip().lower().replace("_", "-").partition("-")[0]
    return next(
        (own for own, language in languages.items() if wanted in (own, *language.aliases)), None
    )


class Catalogs:
    """All translations. French is the source: a sentence without a translation is shown in it.

    ``sentences`` are the keys of all sentences, in the order of the code. ``version`` counts the
    corrections that were laid over the files: whoever keeps words looks whether it is the same.
    """

    version = 0

    def __init__(self, folder: Path) -> None:
        self.languages = load_languages(folder)
        self._locales = {
            code: Locale.parse(language.locale) for code, language in self.languages.items()
        }
        self._files = {code: _read(catalog_path(folder, code), code) for code in self.languages}
        self._entries: Mapping[str, Mapping[Key, Translation]] = self._files
        self.sentences = tuple(_messages(folder / f"{DOMAIN}.pot"))

    def locale(self, language: str) -> Locale:
        """Return the Babel locale of a language; of French for an unknown one."""
        return self._locales.get(language, self._locales["fr"])

    def fallback(self, language: str) -> str | None:
        """Return the language that stands in for ``language``; None for French, the source."""
        known = self.languages.get(language)
        return known.fallback if known else None

    def find(self, context: str, source: str, language: str) -> Translation:
        """Translate ``source`` into ``language``, else into the languages that stand in for it."""
        found = self.own(context, source, language)
        if found:
            return found
        fallback = self.fallback(language)
        return self.find(context, source, fallback) if fallback else Translation(source)

    def own(self, context: str, source: str, language: str) -> Translation | None:
        """Return the translation that a language has of its own, if it has one."""
        return self._entries.get(language, {}).get((context, source))

    def filed(self, context: str, source: str, language: str) -> str:
        """Return what a language's file says, whatever reviewers wrote since; "" for nothing."""
        found = self._files.get(language, {}).get((context, source))
        return found.text if found else ""

    def correct(self, corrections: Iterable[Correction]) -> None:
        """Lay all corrections, the oldest first, over the files: the newest of a sentence counts.

        One made over words that the file no longer has is left out: the file was changed since by
        somebody who may not have known of it.
        """
        entries = {code: dict(filed) for code, filed in self._files.items()}
        for correction in standing(corrections, self.filed):
            key = (correction.context, correction.source)
            own = entries.get(correction.language, {})
            before = own.pop(key, None)
            if correction.text:
                note = before.note if before else ""
                read = before and before.text == correction.text and not before.draft
                draft = not (correction.signed or read)
                own[key] = Translation(correction.text, draft, correction.language, note)
        self._entries = entries
        self.version += 1

    def corrected(self, corrections: Iterable[Correction]) -> Catalogs:
        """Return these catalogs with all corrections, as they are at this moment."""
        seen = copy(self)
        seen.correct(corrections)
        return seen


def standing(
    corrections: Iterable[AnyCorrection], filed: Callable[[str, str, str], str]
) -> list[AnyCorrection]:
    """Return the newest correction of each sentence whose file says what the corrections know.

    Args:
        corrections: all of them, the oldest first.
        filed: returns what the file of a context, a source and a language says.
    """
    newest: dict[tuple[str, str, str], AnyCorrection] = {}
    known: dict[tuple[str, str, str], set[str]] = {}
    for correction in corrections:
        key = (correction.context, correction.source, correction.language)
        newest[key] = correction
        known.setdefault(key, set()).update((correction.replaces, correction.text))
    return [correction for key, correction in newest.items() if filed(*key) in known[key]]


def catalog_path(folder: Path, language: str) -> Path:
    """Return where a language's catalog is, or would be, in the folder of the catalogs."""
    return folder / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def _read(path: Path, language: str) -> dict[Key, Translation]:
    return {
        key: Translation(
            str(message.string), message.fuzzy, language, " ".join(message.user_comments)
        )
        for key, message in _messages(path).items()
        if message.string
    }


def _messages(path: Path) -> dict[Key, Message]:
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalog = read_po(file)
    return {
        (message.context or "", message.id): message
        for message in catalog
        if message.id and isinstance(message.id, str) and isinstance(message.string, str)
    }
