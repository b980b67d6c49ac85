"""``review``: what was not understood, for supervisors and for the training data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.common import Demo, PasswordOnInput, now, opened, password_of, refuse, settings_of
from bot.settings import PROJECT

if TYPE_CHECKING:
    from bot.review.desk import Desk

commands = typer.Typer(no_args_is_help=True, help="Messages that were not understood.")


@commands.command("show")
def show_unclear(email: str, password_stdin: PasswordOnInput = False, demo: Demo = False) -> None:
    """Print what waits for a supervisor (EMAIL), without names: one JSON object a line."""
    with _desk(email, password_stdin, demo) as desk:
        items, _ = desk.items(now())
    for item in items:
        shown = {**asdict(item), "at": item.at.date().isoformat()}
        typer.echo(json.dumps(shown, ensure_ascii=False))


@commands.command("decide")
def decide_unclear(
    email: str,
    message: Annotated[int, typer.Argument(help="Its id, as shown.")],
    verdict: Annotated[str, typer.Argument(help="intent, danger, no_danger, complaint, nothing")],
    example: Annotated[str, typer.Option(help="The words to learn from, without names.")] = "",
    language: Annotated[str, typer.Option(help="fr, en, ...")] = "fr",
    intent: Annotated[str, typer.Option(help="With intent.")] = "",
    category: Annotated[str, typer.Option(help="With danger.")] = "",
    severity: Annotated[str, typer.Option(help="With danger.")] = "",
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
            refuse("There is no such message to review, or somebody has decided.")
        except NotClean as left:
            refuse(f"{left}. Without them: {left.text}")
        except Unfit as error:
            refuse(f"{error}.")
    typer.echo("Noted.")


@commands.command("export")
def export_reviewed(
    folder: Annotated[Path, typer.Option(help="Where the training data is.")] = PROJECT / "nlu",
    held_out: Annotated[Path, typer.Option(help="Where the messages to measure with are.")] = (
        PROJECT / "tests" / "heldout"
    ),
    demo: Demo = False,
) -> None:
    """Write what was reviewed into the training data, to be read as a change and committed."""
    from bot.review.export import export

    if not folder.is_dir() or not held_out.is_dir():
        refuse("Training data and held-out messages are needed: run this in a checkout.")
    with opened(settings_of(demo)) as database, database.write() as connection:
        done = export(connection, folder, held_out, now())
    for path, count in sorted(done.files.items()):
        typer.echo(f"{path}: {count} added")
    for reason, count in sorted(done.left_out.items()):
        typer.echo(f"{count} left out: {reason}", err=True)
    typer.echo(
        "Read the change (git diff nlu), then see whether it helps: make evaluate."
        if done.files
        else "Nothing to add."
    )


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
            refuse("This is for supervisors, with their own e-mail address and password.")
        with database.write() as connection:
            yield Desk(connection, member, load_vocabulary(PROJECT / "nlu"))
