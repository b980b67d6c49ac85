"""The people who are followed: their codes, and the caseload from and to spreadsheets."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.common import Demo, now, opened, refuse, settings_of

commands = typer.Typer()


class SheetKind(str, Enum):
    """What a spreadsheet holds."""

    STRUCTURES = "structures"
    PEOPLE = "people"
    LINKS = "links"
    PROGRAMMES = "programmes"
    ENROLMENTS = "enrolments"
    PAYMENTS = "payments"
    APPOINTMENTS = "appointments"


@commands.command()
def enrol(case: str, demo: Demo = False) -> None:
    """Print a single-use code by which the person of a CASE can enrol a chat within 72 hours."""
    from bot.followup.consent import ConsentMissing, make_enrolment_code
    from bot.followup.people import NoSuchCase, find_by_case

    with opened(settings_of(demo)) as database, database.write() as connection:
        try:
            code = make_enrolment_code(connection, find_by_case(connection, case), now())
        except (NoSuchCase, ConsentMissing) as error:
            refuse(str(error))
    typer.echo(code)


@commands.command("import")
def import_file(
    kind: SheetKind,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV or XLSX.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check every row, keep none.")] = False,
    demo: Demo = False,
) -> None:
    """Take in a spreadsheet of a KIND: every row of it, or none."""
    from bot.exchange.transfer import KINDS, import_sheet
    from bot.sheets import UnreadableSheet

    with opened(settings_of(demo)) as database:
        try:
            done = import_sheet(database, KINDS[kind.value], file, now(), dry_run=dry_run)
        except UnreadableSheet as error:
            refuse(str(error))
    if done.refusals:
        refuse("\n".join((*done.refusals, "Nothing was kept.")))
    typer.echo(f"{done.added} added, {done.changed} changed.")
    if dry_run:
        typer.echo("Nothing was kept: this was a trial.")


@commands.command("export")
def export_file(
    kind: SheetKind,
    file: Annotated[Path, typer.Argument(dir_okay=False, help="CSV or XLSX; is overwritten.")],
    demo: Demo = False,
) -> None:
    """Write a spreadsheet of a KIND. It holds personal data: keep it as you keep the files."""
    from bot.exchange.transfer import KINDS, export_sheet
    from bot.sheets import UnreadableSheet

    with opened(settings_of(demo)) as database:
        try:
            count = export_sheet(database, KINDS[kind.value], file, now())
        except (UnreadableSheet, OSError) as error:
            refuse(str(error))
    typer.echo(f"{count} rows written.")
