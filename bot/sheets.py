"""Spreadsheets as rows of text: CSV and XLSX, by tablib."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import tablib

from bot.reasons import Reason, mark

FORMATS = ("csv", "xlsx")
# What a spreadsheet would run as a formula (safeguarding 21).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class UnreadableSheet(Reason, ValueError):
    """The file is no spreadsheet that can be read. The message says what to do."""


def read_sheet(path: Path) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    """Return the names of the columns, and each row that is not empty with its line number.

    Raises:
        UnreadableSheet: another format, or broken.
    """
    sheet = tablib.Dataset()
    try:
        if _format(path) == "csv":
            text = path.read_text(encoding="utf-8-sig")
            first_line = text.partition("\n")[0]
            # Spreadsheets write semicolons where the comma is the decimal sign.
            delimiter = ";" if first_line.count(";") > first_line.count(",") else ","
            sheet.load(text, format="csv", delimiter=delimiter)
        else:
            sheet.load(path.read_bytes(), format="xlsx", read_only=True)
    except UnicodeDecodeError:
        raise UnreadableSheet(
            mark("Le fichier n'est pas en UTF-8. Enregistrez-le en « CSV UTF-8 » ou en XLSX.")
        ) from None
    except UnreadableSheet:
        raise
    except Exception as error:
        # Whatever the libraries raise on a broken file; its content is nobody's message.
        raise UnreadableSheet(
            mark("Le fichier est illisible ({error})."), error=type(error).__name__
        ) from None
    columns = [_text(name).lower() for name in sheet.headers or ()]
    rows = []
    for line, cells in enumerate(sheet, start=2):
        values = dict(zip(columns, map(_text, cells), strict=False))
        if any(values.values()):
            rows.append((line, values))
    return columns, rows


def write_sheet(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> int:
    """Write rows to a file that its owner alone may read; return how many.

    Raises:
        UnreadableSheet: another format than ``FORMATS``.
    """
    cells = [[row.get(name) for name in columns] for row in rows]
    data = sheet_bytes(_format(path), columns, cells)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(data)
    return len(cells)


def sheet_bytes(kind: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a spreadsheet of one of ``FORMATS``; no cell of it is run as a formula."""
    sheet = tablib.Dataset(headers=list(columns))
    for row in rows:
        sheet.append([_guarded(_text(cell)) for cell in row])
    content = sheet.export(kind)
    # Spreadsheets know by the first bytes that it is UTF-8.
    return content if isinstance(content, bytes) else b"\xef\xbb\xbf" + content.encode()


def _format(path: Path) -> str:
    kind = path.suffix.lower().lstrip(".")
    if kind not in FORMATS:
        raise UnreadableSheet(mark("Le nom du fichier doit finir par .csv ou .xlsx."))
    return kind


def _text(value: Any) -> str:
    """Return a cell as it would be typed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return f"{value:%Y-%m-%d}" if midnight else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    text = str(value).strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


def _guarded(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
