"""``staff``: accounts of the people who work here, where no page can help."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.commands.common import (
    Demo,
    Email,
    PasswordOnInput,
    member_with,
    now,
    opened,
    password_of,
    refuse,
    settings_of,
)
from bot.i18n.terminal import say as _
from bot.reasons import mark

commands = typer.Typer(no_args_is_help=True, help=mark("Les comptes de l'équipe."))


@commands.command(
    "add", help=mark("Ajouter un compte ; le mot de passe vient de l'entrée standard.")
)
def add_member(
    email: Email,
    name: Annotated[str, typer.Option(help=mark("Le nom entier, pour l'équipe."))],
    role: Annotated[str, typer.Option(help="social_worker, on_call, supervisor, focal_point, ...")],
    structure: Annotated[str, typer.Option(help=mark("Le nom de la structure."))],
    password_stdin: PasswordOnInput = False,
    shown_name: Annotated[
        str, typer.Option(help=mark("Le prénom que voient les jeunes et les familles."))
    ] = "",
    demo: Demo = False,
) -> None:
    """Add a member of staff; the password is read from standard input."""
    from bot.followup.staff import StaffRefused, add_staff, find_structure

    password = password_of(password_stdin)
    with opened(settings_of(demo)) as database, database.write() as connection:
        try:
            add_staff(
                connection,
                email=email,
                name=name,
                shown_name=shown_name or name.split()[0],
                role=role,
                structure_id=find_structure(connection, structure).id,
                password=password,
                now=now(),
            )
        except StaffRefused as error:
            refuse(error)
    typer.echo(_("Compte ajouté."))


@commands.command(
    "reset",
    help=mark(
        "Écrire un nouveau mot de passe, enlever le code du téléphone, fermer les sessions. Pour "
        "qui a perdu son téléphone et n'a pas de collègue ; les autres passent par les pages."
    ),
)
def reset_member(email: Email, demo: Demo = False) -> None:
    """Print a new password for a member of staff, take the second step off, end all sessions.

    For an administrator who lost the phone and has no colleague; others are helped on the pages.
    """
    from bot.followup.accounts import forget_second_step, give_password
    from bot.followup.audit import record

    with opened(settings_of(demo)) as database, database.write() as connection:
        member = member_with(connection, email)
        forget_second_step(connection, member.id)
        password = give_password(connection, member.id)
        record(
            connection,
            action="staff.reset",
            object_type="staff",
            object_id=member.id,
            now=now(),
            structure_id=member.structure_id,
        )
    typer.echo(password)


@commands.command(
    "link", help=mark("Écrire un code qui lie une fois le chat où arrivent les alertes.")
)
def link_staff(email: Email, demo: Demo = False) -> None:
    """Print a single-use code by which a member of staff links the chat where alerts arrive."""
    from bot.followup.consent import make_staff_link_code

    with opened(settings_of(demo)) as database, database.write() as connection:
        member = member_with(connection, email)
        code = make_staff_link_code(connection, member.id, now())
    typer.echo(code)
