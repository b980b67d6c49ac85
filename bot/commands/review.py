"""``review``: what was not understood, for supervisors and for the training data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.common import (
    Demo,
    Email,
    PasswordOnInput,
    now,
    opened,
    password_of,
    refuse,
    settings_of,
)
from bot.i18n.terminal import say as _
from bot.reasons import mark
from bot.settings import PROJECT

if TYPE_CHECKING:
    from bot.review.desk import Desk

commands = typer.Typer(no_args_is_help=True, help=mark("Les messages mal compris."))


@commands.command(
    "show", help=mark("Écrire sans noms ce qui attend la supervision : un objet JSON par ligne.")
)
def show_unclear(email: Email, password_stdin: PasswordOnInput = False, demo: Demo = False) -> None:
    """Print what waits for a supervisor (EMAIL), without names: one JSON object a line."""
    with _desk(email, password_stdin, demo) as desk:
        items = desk.items(now())[0]
    for item in items:
        shown = {**asdict(item), "at": item.at.date().isoformat()}
        typer.echo(json.dumps(shown, ensure_ascii=False))


@commands.command("decide", help=mark("Dire ce que voulait dire un message."))
def decide_unclear(
    email: Email,
    message: Annotated[
        int,
        typer.Argument(metavar=mark("message"), help=mark("Son numéro (id), comme show l'écrit.")),
    ],
    verdict: Annotated[
        str,
        typer.Argument(metavar=mark("avis"), help="intent, danger, no_danger, complaint, nothing"),
    ],
    example: Annotated[str, typer.Option(help=mark("Les mots à apprendre, sans noms."))] = "",
    language: Annotated[str, typer.Option(help="fr, en, ...")] = "fr",
    intent: Annotated[str, typer.Option(help=mark("Avec intent."))] = "",
    category: Annotated[str, typer.Option(help=mark("Avec danger."))] = "",
    severity: Annotated[str, typer.Option(help=mark("Avec danger."))] = "",
    about: Annotated[str, typer.Option(help="self, someone_else, working_child")] = "self",
    password_stdin: PasswordOnInput = False,
    demo: Demo = False,
) -> None:
    """Say as a supervisor (EMAIL) what a MESSAGE meant."""
    from bot.followup.access import NotAllowed
    from bot.followup.reviews import Verdict
    from bot.review.desk import NotClean, Unfit

    given = {
        "language": language,
        "example": example,
        "intent": intent,
        "category": category,
        "severity": severity,
        "about": about,
    }
    with _desk(email, password_stdin, demo) as desk:
        try:
            desk.decide(message, Verdict(verdict, **given), now())  # type: ignore[arg-type]
        except NotAllowed:
            refuse(_("Ce message n'attend pas d'avis, ou une autre personne l'a donné."))
        except NotClean as left:
            refuse(
                _("L'exemple a encore des détails personnels. Sans eux : {text}", text=left.text)
            )
        except Unfit as error:
            refuse(error)
    typer.echo(_("C'est noté."))


@commands.command(
    "export",
    help=mark("Écrire ce qui est revu dans les exemples, pour le lire et faire un commit."),
)
def export_reviewed(
    folder: Annotated[Path, typer.Option(help=mark("Le dossier des exemples."))] = PROJECT / "nlu",
    held_out: Annotated[Path, typer.Option(help=mark("Le dossier des messages de mesure."))] = (
        PROJECT / "tests" / "heldout"
    ),
    demo: Demo = False,
) -> None:
    """Write what was reviewed into the training data, to be read as a change and committed."""
    from bot.review.export import export

    if not folder.is_dir() or not held_out.is_dir():
        refuse(_("Il faut les exemples et les messages de mesure : lancez ceci dans le projet."))
    with opened(settings_of(demo)) as database, database.write() as connection:
        done = export(connection, folder, held_out, now())
    for path, count in sorted(done.files.items()):
        typer.echo(_("{file} : {count} de plus", file=path, count=count))
    for reason, count in sorted(done.left_out.items()):
        typer.echo(f"{count} : {_left_out(reason)}", err=True)
    typer.echo(
        _("Lisez le changement (git diff nlu), puis voyez s'il aide : make evaluate.")
        if done.files
        else _("Rien à ajouter.")
    )


def _left_out(reason: str) -> str:
    """Say why an example was left out (``bot.review.export``)."""
    return {
        "known": _("déjà là"),
        "held_out": _("sert à mesurer"),
        "conflict": _("a déjà un autre sens"),
    }[reason]


@contextmanager
def _desk(email: str, password_stdin: bool, demo: bool) -> Iterator[Desk]:
    """Give the desk of a member of staff whose password is on standard input."""
    from bot.followup.access import rights_of
    from bot.followup.staff import authenticate
    from bot.review.desk import Desk
    from bot.review.vocabulary import load_vocabulary

    password = password_of(password_stdin)
    with opened(settings_of(demo)) as database:
        with database.write() as connection:
            member = authenticate(connection, email, password, now())
        if member is None or not rights_of(member).teaches:
            refuse(
                _(
                    "C'est pour la supervision, avec l'adresse e-mail et le mot de passe de la "
                    "personne."
                )
            )
        with database.write() as connection:
            yield Desk(connection, member, load_vocabulary(PROJECT / "nlu"))
