"""The people who are followed: their codes, and the caseload from and to spreadsheets."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.common import Demo, now, opened, refuse, settings_of
from bot.i18n.terminal import explain
from bot.i18n.terminal import say as _
from bot.reasons import mark

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


Kind = Annotated[SheetKind, typer.Argument(metavar=mark("contenu"))]


@commands.command(
    help=mark("Écrire un code qui inscrit une fois, sous 72 heures, le chat d'une personne.")
)
def enrol(
    case: Annotated[str, typer.Argument(metavar=mark("dossier"))], demo: Demo = False
) -> None:
    """Print a single-use code by which the person of a CASE can enrol a chat within 72 hours."""
    from bot.followup.consent import ConsentMissing, make_enrolment_code
    from bot.followup.people import NoSuchCase, find_by_case

    with opened(settings_of(demo)) as database, database.write() as connection:
        try:
            code = make_enrolment_code(connection, find_by_case(connection, case), now())
        except (NoSuchCase, ConsentMissing) as error:
            refuse(error)
    typer.echo(code)


@commands.command("import", help=mark("Prendre un tableau : toutes les lignes, ou aucune."))
def import_file(
    kind: Kind,
    file: Annotated[
        Path,
        typer.Argument(
            exists=True, dir_okay=False, metavar=mark("fichier"), help=mark("CSV ou XLSX.")
        ),
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=mark("Lire toutes les lignes, n'en garder aucune."))
    ] = False,
    demo: Demo = False,
) -> None:
    """Take in a spreadsheet of a KIND: every row of it, or none."""
    from bot.exchange.transfer import KINDS, import_sheet
    from bot.sheets import UnreadableSheet

    with opened(settings_of(demo)) as database:
        try:
            done = import_sheet(database, KINDS[kind.value], file, now(), dry_run=dry_run)
        except UnreadableSheet as error:
            refuse(error)
    if done.refusals:
        refuse("\n".join((*map(explain, done.refusals), _("Rien n'est gardé."))))
    typer.echo(
        _(
            "Lignes ajoutées : {added}, changées : {changed}.",
            added=done.added,
            changed=done.changed,
        )
    )
    if dry_run:
        typer.echo(_("Rien n'est gardé : c'était un essai."))


@commands.command(
    "export",
    help=mark(
        "Écrire un tableau. Il parle de personnes : gardez-le comme vous gardez leurs dossiers."
    ),
)
def export_file(
    kind: Kind,
    file: Annotated[
        Path,
        typer.Argument(
            dir_okay=False,
            metavar=mark("fichier"),
            help=mark("CSV ou XLSX ; il est remplacé."),
        ),
    ],
    demo: Demo = False,
) -> None:
    """Write a spreadsheet of a KIND. It holds personal data: keep it as you keep the files."""
    from bot.exchange.transfer import KINDS, export_sheet
    from bot.sheets import UnreadableSheet

    with opened(settings_of(demo)) as database:
        try:
            count = export_sheet(database, KINDS[kind.value], file, now())
        except UnreadableSheet as error:
            refuse(error)
        except OSError as error:
            refuse(_("Le fichier ne s'écrit pas : {error}", error=error.strerror or error))
    typer.echo(_("Lignes écrites : {count}.", count=count))
