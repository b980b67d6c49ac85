"""What commands have in common: settings, the database, who is meant, how a command ends.

Whatever takes time to load is imported inside the functions of this room: ``--help`` and a wrong
argument are answered at once.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from bot.i18n.terminal import explain
from bot.i18n.terminal import say as _
from bot.reasons import Reason, mark
from bot.settings import Settings, SettingsError, read_settings

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Row

    from bot.db.engine import Database

Email = Annotated[str, typer.Argument(metavar=mark("adresse"))]
Demo = Annotated[
    bool,
    typer.Option(
        "--demo", help=mark("Des personnes inventées, un chat sur le web, une clé dans var/.")
    ),
]
FilesOnly = Annotated[
    bool,
    typer.Option("--files-only", help=mark("Sans ce qui est fait depuis dans la console.")),
]
PasswordOnInput = Annotated[
    bool,
    typer.Option("--password-stdin", help=mark("Lire le mot de passe sur l'entrée standard.")),
]


def refuse(reasons: str | Reason) -> NoReturn:
    """Print why not, and end with exit code 1."""
    typer.echo(explain(reasons) if isinstance(reasons, Reason) else reasons, err=True)
    raise typer.Exit(1)


def stop(reason: str) -> NoReturn:
    """Print what is wrong with the call or the installation, and end with exit code 2."""
    typer.echo(reason, err=True)
    raise typer.Exit(2)


def now() -> datetime:
    """Return the present moment."""
    return datetime.now(timezone.utc)


def settings_of(demo: bool = False, *, needs_key: bool = True) -> Settings:
    """Read the settings; end with what is wrong with them."""
    try:
        return read_settings(demo=demo, needs_key=needs_key)
    except SettingsError as error:
        stop(explain(error))


@contextmanager
def opened(settings: Settings, *, ready: bool = True) -> Iterator[Database]:
    """Give the database; end with what to do where it cannot be worked with.

    Args:
        ready: it must be of this version and written with our keys; otherwise it must be there.
    """
    from bot.db.readiness import NotMigrated, OtherKey, Unreachable, make_sure, open_database

    try:
        database = open_database(settings.database_url, settings.secret_keys)
    except Unreachable as error:
        stop(
            _(
                "La base de données ne répond pas : {reason}. Voyez AKOMA_DATABASE_URL.",
                reason=explain(error),
            )
        )
    try:
        if ready:
            make_sure(database, has_key=bool(settings.secret_keys))
        yield database
    except NotMigrated:
        command = f"python -m bot migrate{' --demo' if settings.demo else ''}"
        stop(_("La base n'a pas cette version. Lancez d'abord `{command}`.", command=command))
    except OtherKey:
        stop(
            _(
                "AKOMA_SECRET_KEY n'est pas la clé de cette base. Mettez la bonne clé (une plus "
                "récente peut être devant, avec une virgule)."
            )
        )
    finally:
        database.close()


def password_of(on_input: bool) -> str:
    """Read a password from the first line of standard input; end where nobody said it is there."""
    if not on_input:
        stop(_("Donnez le mot de passe sur l'entrée standard, avec --password-stdin."))
    return sys.stdin.readline().rstrip("\n")


def member_with(connection: Connection, email: str) -> Row:
    """Return the member of staff with this address; end where there is none."""
    from bot.followup.staff import find_by_email

    member = find_by_email(connection, email)
    if member is None:
        refuse(_("Personne de l'équipe n'a cette adresse e-mail."))
    return member
