"""Importing a sheet, all of it or nothing, and exporting one; both audited (safeguarding 18)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection

from bot.db.engine import Database
from bot.exchange.caseload import LINKS, PEOPLE, STRUCTURES
from bot.exchange.fields import Refused
from bot.exchange.kinds import Kind
from bot.exchange.support import APPOINTMENTS, ENROLMENTS, PAYMENTS, PROGRAMMES
from bot.followup import audit
from bot.reasons import Reason, mark
from bot.sheets import read_sheet, write_sheet

# In the order in which one needs the other.
KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (STRUCTURES, PEOPLE, LINKS, PROGRAMMES, ENROLMENTS, PAYMENTS, APPOINTMENTS)
}


@dataclass(frozen=True)
class Imported:
    """What an import did, or with ``refusals`` why it did nothing."""

    added: int = 0
    changed: int = 0
    refusals: tuple[Reason, ...] = ()


class _Undo(Exception):
    """Leaves the transaction so that nothing of it is kept."""


def import_sheet(
    database: Database, kind: Kind, path: Path, now: datetime, *, dry_run: bool = False
) -> Imported:
    """Take in every row of a file, or none: a refused row undoes the others.

    Args:
        dry_run: do all but keep it.

    Raises:
        UnreadableSheet: the file is no spreadsheet.
    """
    columns, rows = read_sheet(path)
    refusals = _refused_columns(kind, columns)
    if refusals:
        return Imported(refusals=tuple(refusals))
    added = changed = 0
    try:
        with database.write() as connection:
            for line, cells in rows:
                try:
                    is_new = _take(connection, kind, cells, now)
                except Refused as error:
                    refusals.append(
                        Refused(mark("ligne {line} : {reason}"), line=line, reason=error)
                    )
                else:
                    added, changed = added + is_new, changed + (not is_new)
            if refusals or dry_run:
                raise _Undo
    except _Undo:
        pass
    return Imported(refusals=tuple(refusals)) if refusals else Imported(added, changed)


def export_sheet(database: Database, kind: Kind, path: Path, now: datetime) -> int:
    """Write all rows of a kind to a file; return how many.

    Raises:
        UnreadableSheet: the file's name ends in no known format.
    """
    with database.write() as connection:
        rows = list(kind.rows(connection))
        # First the audit: what cannot be written down is not given out.
        audit.record(
            connection,
            action=f"{kind.name}.export",
            object_type=kind.name,
            object_id="all",
            now=now,
        )
        return write_sheet(path, [column.name for column in kind.columns], rows)


def _refused_columns(kind: Kind, columns: Sequence[str]) -> list[Reason]:
    known = {column.name: column for column in kind.columns}
    unknown = [name for name in columns if name and name not in known]
    missing = [name for name, column in known.items() if column.required and name not in columns]
    twice = [name for name in known if columns.count(name) > 1]
    refusals: list[Reason] = []
    if unknown:
        # Not repeated: without a first line of names, they are somebody's data.
        refusals.append(
            Refused(
                mark("ligne 1 : colonnes de trop : {count}. Les colonnes : {known}"),
                count=len(unknown),
                known=", ".join(known),
            )
        )
    if missing:
        refusals.append(
            Refused(mark("ligne 1 : il manque les colonnes {names}"), names=", ".join(missing))
        )
    if twice:
        refusals.append(
            Refused(
                mark("ligne 1 : ces colonnes y sont deux fois : {names}"), names=", ".join(twice)
            )
        )
    return refusals


def _all_of(refusals: Sequence[Refused]) -> Refused:
    """Return several refusals as one."""
    first, *others = refusals
    for other in others:
        first = Refused(mark("{first} ; {other}"), first=first, other=other)
    return first


def _take(connection: Connection, kind: Kind, cells: Mapping[str, str], now: datetime) -> bool:
    """Read, keep and audit one row; tell whether it is new."""
    values: dict[str, Any] = {}
    refusals = []
    for column in kind.columns:
        try:
            values[column.name] = column.value(cells.get(column.name, ""))
        except Refused as error:
            refusals.append(error)
    if refusals:
        raise _all_of(refusals)
    saved = kind.save(connection, values, now)
    audit.record(
        connection,
        action=f"{saved.object_type}.import",
        object_type=saved.object_type,
        object_id=saved.object_id,
        now=now,
        structure_id=saved.structure_id,
    )
    return saved.added
