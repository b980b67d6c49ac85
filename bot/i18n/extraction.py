"""Keeping the catalogs in step with the code: ``python -m bot i18n extract [--check]``.

Extracts every sentence that people see into ``locales/messages.pot`` and brings each language's
catalog up to it. A sentence that changed loses its translation (no fuzzy matching: a guess can
put an old translation under a sentence that says the opposite). No places and no dates are
written, so that a difference is a difference in words.

A language without a catalog is shown in its fall-back. To begin one, make an empty
``locales/<language>/LC_MESSAGES/messages.po`` and run this: it fills in what is to be translated.
"""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from bot.i18n.catalogs import DOMAIN, catalog_path, load_languages

# ``_("...")`` is said at once, ``mark("...")`` (bot/reasons.py) later.
_KEYWORDS = {**DEFAULT_KEYWORDS, "mark": None}
# Babel's own header carries dates.
_HEADER = r"""msgid ""
msgstr ""
{language}"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"

"""


def extract(project: Path) -> Catalog:
    """Return the template: every sentence of the project, in the order of the code."""
    with (project / "locales" / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    template = Catalog()
    found = extract_from_dir(
        project,
        methods,
        options,
        keywords=_KEYWORDS,
        # Nothing else holds words, and a virtual environment is long to walk.
        directory_filter=lambda path: Path(path).relative_to(project).parts[0] == "bot",
    )
    for _file, _line, message, _comments, context in found:
        template.add(message, context=context)
    return template


def stale_files(project: Path, *, write: bool) -> list[Path]:
    """Return the catalogs that do not fit the code; bring them up to date if ``write``."""
    locales = project / "locales"
    template = extract(project)
    wanted = {locales / f"{DOMAIN}.pot": catalog_text(template)}
    for code in load_languages(locales):
        path = catalog_path(locales, code)
        if path.exists():
            wanted[path] = catalog_text(_updated(path, template), code)
    stale = [
        path
        for path, text in wanted.items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    if write:
        for path in stale:
            path.write_text(wanted[path], encoding="utf-8")
    return stale


def _updated(path: Path, template: Catalog) -> Catalog:
    with path.open("rb") as file:
        catalog = read_po(file)
    catalog.update(template, no_fuzzy_matching=True)
    return catalog


def catalog_text(catalog: Catalog, code: str | None = None) -> str:
    """Return a file of a language, or without one the template, as it is kept."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=100, no_location=True, omit_header=True, ignore_obsolete=True)
    header = _HEADER.format(language=f'"Language: {code}\\n"\n' if code else "")
    return header + buffer.getvalue().decode().rstrip("\n") + "\n"
