"""``i18n``: the words, from what reviewers wrote to the files and the rules that they keep."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.common import Demo, member_with, now, opened, refuse, settings_of
from bot.settings import PROJECT

commands = typer.Typer(no_args_is_help=True, help="The words, in all languages.")


@commands.command("status")
def words_status(
    files_only: Annotated[bool, typer.Option(help="Without what reviewers wrote since.")] = False,
    demo: Demo = False,
) -> None:
    """Show how far each language is: what is signed, what is a draft, what is missing."""
    from bot.followup.translations import corrections
    from bot.i18n.catalogs import Catalogs
    from bot.i18n.review import status_lines

    catalogs = Catalogs(PROJECT / "locales")
    if not files_only:
        with opened(settings_of(demo, needs_key=False)) as database, database.read() as connection:
            catalogs.correct(corrections(connection))
    for line in status_lines(catalogs):
        typer.echo(line)


@commands.command("export")
def export_words(
    folder: Annotated[Path, typer.Option(help="Where the catalogs are.")] = PROJECT / "locales",
    demo: Demo = False,
) -> None:
    """Write what reviewers edited and signed into the .po files, to be read and committed."""
    from bot.followup.translations import corrections
    from bot.i18n.export import export

    with opened(settings_of(demo, needs_key=False)) as database, database.read() as connection:
        changed, left_out = export(folder, corrections(connection))
    for path in changed:
        typer.echo(f"written: {path}")
    if left_out:
        typer.echo(f"{left_out} left out: their sentence has changed since.", err=True)
    typer.echo(f"{len(changed)} files changed.")


@commands.command("lint")
def lint_words() -> None:
    """Read all words against the rules of docs/translating.md; exit 1 where one is broken."""
    from bot.channels.registry import LIMITS
    from bot.delivery.proofreading import Proofreader
    from bot.i18n.wording import load_wording

    found = list(Proofreader(load_wording(PROJECT), LIMITS.values()).read_all())
    if found:
        refuse("\n".join(map(str, found)))
    typer.echo("All words are as they must be.")


@commands.command("reviewer")
def name_reviewer(
    email: str,
    language: str,
    remove: Annotated[bool, typer.Option("--remove", help="Let them no longer.")] = False,
    demo: Demo = False,
) -> None:
    """Let a member of staff edit and sign the words of a LANGUAGE in the console."""
    from bot.followup import translations
    from bot.i18n.catalogs import load_languages

    if language not in load_languages(PROJECT / "locales").keys() - {"fr"}:
        refuse(f"{language} is no language of locales/languages.yml that is translated into.")
    with opened(settings_of(demo)) as database, database.write() as connection:
        member = member_with(connection, email)
        if remove:
            translations.dismiss_reviewer(connection, member.id, language)
        else:
            translations.name_reviewer(connection, member.id, language, now())
    typer.echo("Removed." if remove else "Named.")
