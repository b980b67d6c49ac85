"""Keeping the catalogs in step with the code: ``python -m bot.i18n.extract [--check]``.

Extracts every sentence that people see into ``locales/messages.pot`` and brings each language's
catalog up to it. A sentence that changed loses its translation (no fuzzy matching: a guess can
put an old translation under a sentence that says the opposite). No places and no dates are
written, so that a difference is a difference in words.
"""

from __future__ import annotations

import io
import sys
from datetime import datetime, timezone
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from bot.i18n.catalogs import DOMAIN, load_languages

_PROJECT = Path(__file__).resolve().parent.parent.parent
_LOCALES = _PROJECT / "locales"
_SOURCE = "fr"
# Babel wants a date; a fixed one keeps it out of every diff.
_NO_DATE = datetime(2026, 1, 1, tzinfo=timezone.utc)


def extract() -> Catalog:
    """Return the template: every sentence of the code, in the order of its context."""
    with (_LOCALES / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    template = Catalog(project="akoma", version="", creation_date=_NO_DATE, charset="utf-8")
    found = extract_from_dir(
        _PROJECT,
        methods,
        options,
        keywords=DEFAULT_KEYWORDS,
        directory_filter=lambda path: Path(path).name in ("bot", "actions", "templates", *_rooms()),
    )
    for _, _, message, comments, context in found:
        template.add(message, auto_comments=comments, context=context)
    return template


def stale_files(*, write: bool) -> list[Path]:
    """Return the catalogs that do not fit the code; bring them up to date if ``write``."""
    template = extract()
    wanted = {_LOCALES / f"{DOMAIN}.pot": _text(template)}
    for code in load_languages(_LOCALES):
        if code != _SOURCE:
            path = _LOCALES / code / "LC_MESSAGES" / f"{DOMAIN}.po"
            wanted[path] = _text(_updated(path, code, template))
    stale = [
        path
        for path, text in wanted.items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    if write:
        for path in stale:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[path], encoding="utf-8")
    return stale


def _updated(path: Path, code: str, template: Catalog) -> Catalog:
    catalog = Catalog()
    if path.exists():
        with path.open("rb") as file:
            catalog = read_po(file)
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.project, catalog.version = "akoma", ""
    catalog.creation_date = catalog.revision_date = _NO_DATE
    catalog.language_team = catalog.last_translator = code
    return catalog


def _text(catalog: Catalog) -> str:
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=100, no_location=True, sort_output=True, ignore_obsolete=True)
    return buffer.getvalue().decode()


def _rooms() -> list[str]:
    return [path.name for path in (_PROJECT / "bot").rglob("*") if path.is_dir()]


if __name__ == "__main__":
    check = "--check" in sys.argv
    stale = stale_files(write=not check)
    for path in stale:
        print(f"{'stale' if check else 'written'}: {path.relative_to(_PROJECT)}", file=sys.stderr)  # noqa: T201
    sys.exit(1 if check and stale else 0)
