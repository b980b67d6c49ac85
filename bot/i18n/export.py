"""From what reviewers wrote and signed to a change of the ``.po`` files: a ``git diff``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Protocol

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bot.i18n.catalogs import Correction, catalog_path, standing
from bot.i18n.extraction import catalog_text

_SIGNED, _DRAFTED = "Signed ", "Drafted by a reviewer "


class DatedCorrection(Correction, Protocol):
    """A correction, and when it was made."""

    at: datetime


def export(locales: Path, corrections: Iterable[DatedCorrection]) -> tuple[list[Path], int]:
    """Write all corrections, the oldest first, into the catalogs.

    A signed sentence loses its draft mark. The day goes into a translator's comment; who it was
    stays in the database. An edit that nobody signed is written as a draft.

    Returns:
        The files that changed, and how many corrections were left out because their sentence, or
        what the file says of it, has changed since.
    """
    rows = list(corrections)
    catalogs: dict[str, Catalog] = {}
    for language in {row.language for row in rows}:
        path = catalog_path(locales, language)
        if path.exists():
            with path.open("rb") as file:
                catalogs[language] = read_po(file)
    kept = standing(rows, _said_by(catalogs))
    count = 0
    for row in kept:
        message = _message(catalogs, row.context, row.source, row.language)
        if message is not None:
            _write(message, row)
            count += 1
    saved = [_save(locales, code, catalog) for code, catalog in catalogs.items()]
    changed = [written for written in saved if written]
    every = {(row.language, row.context, row.source) for row in rows}
    return changed, len(every) - count


def _message(
    catalogs: dict[str, Catalog], context: str, source: str, language: str
) -> Message | None:
    catalog = catalogs.get(language)
    return catalog.get(source, context=context or None) if catalog is not None else None


def _said_by(catalogs: dict[str, Catalog]) -> Callable[[str, str, str], str]:
    def said(context: str, source: str, language: str) -> str:
        message = _message(catalogs, context, source, language)
        return str(message.string) if message is not None else ""

    return said


def _write(message: Message, row: DatedCorrection) -> None:
    already = message.string == row.text and not message.fuzzy
    message.string = row.text
    ours = (_SIGNED, _DRAFTED)
    message.user_comments = [c for c in message.user_comments if not c.startswith(ours)]
    if row.signed or already:
        message.flags.discard("fuzzy")
    elif row.text:
        message.flags.add("fuzzy")
    if row.text:
        did = _SIGNED if row.signed else _DRAFTED
        message.user_comments.append(f"{did}{row.at:%Y-%m-%d}.")


def _save(locales: Path, language: str, catalog: Catalog) -> Path | None:
    path = catalog_path(locales, language)
    text = catalog_text(catalog, language)
    if path.read_text(encoding="utf-8") == text:
        return None
    path.write_text(text, encoding="utf-8")
    return path
