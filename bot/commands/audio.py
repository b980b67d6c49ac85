"""``audio``: the recorded voices, what they are to say and what is still to be said."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.common import Demo, FilesOnly, opened, refuse, settings_of
from bot.i18n.terminal import say as _
from bot.reasons import mark
from bot.settings import PROJECT

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from bot.i18n.wording import Wording

Language = Annotated[
    str,
    typer.Argument(metavar=mark("langue"), help=mark("Un code de locales/languages.yml.")),
]

commands = typer.Typer(no_args_is_help=True, help=mark("Les voix."))


@commands.command(
    "script", help=mark("Écrire, avec des numéros, ce qui est à dire dans une langue.")
)
def audio_script(language: Language, demo: Demo = False) -> None:
    """Print what is to be said in a LANGUAGE, numbered, for whoever records it."""
    from bot.i18n.recordings import script, state_words

    typer.echo(f"# {_known(language)}")
    words = state_words(_)
    with _voices(demo) as (connection, wording):
        for each in script(connection, wording, language):
            marks = [each.name, words[each.state], *([_("Brouillon")] if each.draft else [])]
            typer.echo(f"\n{each.number}. ({', '.join(marks)})\n{each.words}")
            if each.french != each.words:
                typer.echo(f"    fr: {each.french}".replace("\n", "\n        "))


@commands.command("missing", help=mark("Montrer ce que ne dit pas une voix ; fin 1 s'il y en a."))
def audio_missing(
    language: Annotated[
        str | None, typer.Argument(metavar=mark("langue"), help=mark("Une seule langue."))
    ] = None,
    files_only: FilesOnly = False,
    demo: Demo = False,
) -> None:
    """Show what no voice says yet, or in other words than today's; exit 1 if there is any."""
    from bot.i18n.recordings import STATES, script, state_words
    from bot.i18n.synthesis import SPEAKS
    from bot.i18n.wording import load_wording

    complete, words = True, state_words(_)
    only = [] if language is None else [_known(language)]
    voices = nullcontext((None, load_wording(PROJECT))) if files_only else _voices(demo)
    with voices as (connection, wording):
        for code in only or wording.catalogs.languages:
            found = script(connection, wording, code)
            counts = {state: sum(each.state == state for each in found) for state in STATES}
            shares = ", ".join(f"{words[state]} {count}" for state, count in counts.items())
            typer.echo(f"{code}: {shares}")
            silent = [each for each in found if each.state in ("missing", "changed")]
            complete &= not silent
            # Where nothing is said yet, the count tells it.
            for each in silent if counts["missing"] < len(found) else ():
                typer.echo(f"  {each.number}. {each.name}: {words[each.state]}")
    if not complete:
        refuse(
            _(
                "Enregistrez ce qui manque (docs/translating.md). Une machine le dit ({languages}) "
                "par `python -m bot audio synthesise`.",
                languages=", ".join(SPEAKS),
            )
        )


@commands.command(
    "export",
    help=mark(
        "Écrire les voix de l'équipe dans les fichiers, pour les entendre et faire un commit."
    ),
)
def export_audio(
    folder: Annotated[Path, typer.Option(help=mark("Le dossier des catalogues."))] = PROJECT
    / "locales",
    demo: Demo = False,
) -> None:
    """Write what staff recorded into the files, to be heard and committed."""
    from bot.i18n.recordings import export

    with _voices(demo) as (connection, _words):
        written = export(connection, folder)
    for path in written:
        typer.echo(_("écrit : {file}", file=path))
    typer.echo(_("Fichiers changés : {count}.", count=len(written)))


@commands.command(
    "synthesise", help=mark("Faire dire par espeak-ng ce que ne dit encore aucune personne.")
)
def synthesise_audio(language: Language = "fr") -> None:
    """Let a machine say, by espeak-ng, what no person has recorded yet in a LANGUAGE."""
    from bot.i18n.synthesis import NoMachine, synthesise
    from bot.i18n.wording import load_wording

    try:
        written = synthesise(load_wording(PROJECT), PROJECT / "locales", _known(language))
    except NoMachine as error:
        refuse(error)
    typer.echo(_("Fichiers écrits : {count}.", count=len(written)))


def _known(language: str) -> str:
    """Return a language of ``locales/languages.yml``; end with a reason for any other."""
    from bot.i18n.catalogs import load_languages

    if language not in load_languages(PROJECT / "locales"):
        refuse(_("{language} n'est pas dans locales/languages.yml.", language=language))
    return language


@contextmanager
def _voices(demo: bool) -> Iterator[tuple[Connection, Wording]]:
    """Give a look at the database, and the words with what reviewers wrote since."""
    from bot.followup.translations import corrections
    from bot.i18n.wording import load_wording

    wording = load_wording(PROJECT)
    with opened(settings_of(demo, needs_key=False)) as database, database.read() as connection:
        wording.catalogs.correct(corrections(connection))
        yield connection, wording
