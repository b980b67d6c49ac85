"""``i18n``: the words, from what reviewers wrote to the files and the rules that they keep."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.common import (
    Demo,
    Email,
    FilesOnly,
    member_with,
    now,
    opened,
    refuse,
    settings_of,
)
from bot.i18n.terminal import say as _
from bot.reasons import mark
from bot.settings import PROJECT

commands = typer.Typer(no_args_is_help=True, help=mark("Les mots, dans toutes les langues."))


@commands.command(
    "status",
    help=mark(
        "Montrer de chaque langue ce qui a une signature, ce qui est brouillon, ce qui manque."
    ),
)
def words_status(files_only: FilesOnly = False, demo: Demo = False) -> None:
    """Show how far each language is: what is signed, what is a draft, what is missing."""
    from bot.followup.translations import corrections
    from bot.i18n.catalogs import Catalogs
    from bot.i18n.review import status_lines

    catalogs = Catalogs(PROJECT / "locales")
    if not files_only:
        with opened(settings_of(demo, needs_key=False)) as database, database.read() as connection:
            catalogs.correct(corrections(connection))
    for line in status_lines(catalogs, _):
        typer.echo(line)


@commands.command(
    "export",
    help=mark("Écrire la relecture dans les fichiers .po, pour la lire et faire un commit."),
)
def export_words(
    folder: Annotated[Path, typer.Option(help=mark("Le dossier des catalogues."))] = PROJECT
    / "locales",
    demo: Demo = False,
) -> None:
    """Write what reviewers edited and signed into the .po files, to be read and committed."""
    from bot.followup.translations import corrections
    from bot.i18n.export import export

    with opened(settings_of(demo, needs_key=False)) as database, database.read() as connection:
        changed, left_out = export(folder, corrections(connection))
    for path in changed:
        typer.echo(_("écrit : {file}", file=path))
    if left_out:
        typer.echo(_("Laissé, car la phrase a changé : {count}.", count=left_out), err=True)
    typer.echo(_("Fichiers changés : {count}.", count=len(changed)))


@commands.command("extract", help=mark("Mettre les catalogues à jour avec le code."))
def extract_words(
    check: Annotated[
        bool,
        typer.Option("--check", help=mark("Ne rien changer ; fin 1 si un fichier est ancien.")),
    ] = False,
) -> None:
    """Bring the catalogs up to date with the code; with ``--check`` only say which are not."""
    from bot.i18n.extraction import stale_files

    stale = [path.relative_to(PROJECT) for path in stale_files(PROJECT, write=not check)]
    if not check:
        for file in stale:
            typer.echo(_("écrit : {file}", file=file))
    elif stale:
        advice = _("Lancez `python -m bot i18n extract`, puis faites un commit.")
        refuse("\n".join([*(_("à mettre à jour : {file}", file=file) for file in stale), advice]))


@commands.command(
    "lint",
    help=mark(
        "Lire tous les mots selon les règles de docs/translating.md ; fin 1 si l'une est brisée."
    ),
)
def lint_words() -> None:
    """Read all words against the rules of docs/translating.md; exit 1 where one is broken."""
    from bot.channels.registry import LIMITS
    from bot.delivery.proofreading import Proofreader
    from bot.i18n.lints import problem_words
    from bot.i18n.wording import load_wording

    found = list(Proofreader(load_wording(PROJECT), LIMITS.values()).read_all())
    if found:
        refuse("\n".join(f"{each.where}: {problem_words(each.problem, _)}" for each in found))
    typer.echo(_("Tous les mots sont selon les règles."))


@commands.command(
    "reviewer", help=mark("Laisser quelqu'un de l'équipe changer et signer les mots d'une langue.")
)
def name_reviewer(
    email: Email,
    language: Annotated[str, typer.Argument(metavar=mark("langue"))],
    remove: Annotated[bool, typer.Option("--remove", help=mark("Ne plus le laisser."))] = False,
    demo: Demo = False,
) -> None:
    """Let a member of staff edit and sign the words of a LANGUAGE in the console."""
    from bot.followup import translations
    from bot.i18n.catalogs import load_languages

    if language not in load_languages(PROJECT / "locales").keys() - {"fr"}:
        refuse(
            _(
                "{language} n'est pas une langue à traduire de locales/languages.yml.",
                language=language,
            )
        )
    with opened(settings_of(demo)) as database, database.write() as connection:
        member = member_with(connection, email)
        if remove:
            translations.dismiss_reviewer(connection, member.id, language)
        else:
            translations.name_reviewer(connection, member.id, language, now())
    typer.echo(_("C'est enlevé.") if remove else _("C'est noté."))
