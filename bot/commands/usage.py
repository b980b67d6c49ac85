"""How the commands are used, in the language of the terminal: their help, and what was mistyped.

Typer speaks English alone. What of it people meet is said here.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

import typer

# Since 0.26 Typer carries its own copy of click: what it raises is nothing of the package click,
# and of these it makes only BadParameter and their parent TyperException public. A test says when
# that changes.
from typer._click.exceptions import (
    BadOptionUsage,
    MissingParameter,
    NoArgsIsHelpError,
    NoSuchOption,
)
from typer.core import TyperGroup, TyperOption
from typer.models import TyperPath

from bot.i18n.terminal import say as _
from bot.reasons import mark

if TYPE_CHECKING:
    from typer._click import Command, Context, HelpFormatter, Parameter

_PROGRAM = "python -m bot"


def run(app: typer.Typer) -> int:
    """Run what was typed; return the exit code. Its marked help is translated first."""
    command = typer.main.get_command(app)
    _translate(command)
    try:
        return command.main(prog_name=_PROGRAM, standalone_mode=False) or 0
    except NoArgsIsHelpError:
        return 2  # The help is printed already.
    except typer.TyperException as error:
        typer.echo(_said(error), err=True)
        return error.exit_code
    except typer.Abort:
        return 1


def _translate(command: Command) -> None:
    """Translate the help and the usage of a command, of its options and of the commands in it."""
    help_option, print_help = command.get_help_option(typer.Context(command)), command.format_help

    def format_usage(ctx: Context, formatter: HelpFormatter) -> None:
        pieces = " ".join(command.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=_("Usage : {call}", call=""))

    def format_help(ctx: Context, formatter: HelpFormatter) -> None:
        _translate_frame()
        print_help(ctx, formatter)

    command.format_help = format_help  # type: ignore[method-assign]
    command.format_usage = format_usage  # type: ignore[method-assign]
    command.options_metavar = _("[options]")
    if help_option is not None:
        help_option.help = mark("Montrer cette aide.")
        # It is made anew each time it is asked for.
        command.get_help_option = lambda ctx: help_option  # type: ignore[method-assign]
    for each in (command, help_option, *command.params):
        if said := getattr(each, "help", None):
            each.help = _(said)  # type: ignore[union-attr]
    for param in command.params:
        _translate_what_it_takes(param)
    if isinstance(command, TyperGroup):
        command.subcommand_metavar = _("commande [mots]...")
        for inner in command.commands.values():
            _translate(inner)


def _translate_what_it_takes(param: Parameter) -> None:
    """Translate what is written for the value of an option or argument, and of what kind it is."""
    if param.metavar:
        param.metavar = _(param.metavar)
    kinds = {
        "str": _("texte"),
        "int": _("nombre"),
        "file": _("fichier"),
        "path": _("chemin"),
    }
    if said := kinds.get(getattr(param.type, "name", "")):
        # Of most kinds there is one for all commands.
        param.type = copy(param.type)
        param.type.name = said


def _translate_frame() -> None:
    """Give Typer its own words for the frame of a help; Rich is heavy, and for a help only."""
    from typer import rich_utils

    rich_utils.COMMANDS_PANEL_TITLE = _("Commandes")
    rich_utils.OPTIONS_PANEL_TITLE = _("Options")
    rich_utils.ARGUMENTS_PANEL_TITLE = _("Arguments")
    rich_utils.REQUIRED_LONG_STRING = _("[à donner]")
    rich_utils.DEFAULT_STRING = _("[sinon : {value}]", value="{}")


def _said(error: typer.TyperException) -> str:
    reason = _("Cette commande n'est pas comprise.")
    ctx = getattr(error, "ctx", None)
    if isinstance(error, NoSuchOption):
        reason = _("L'option {name} n'existe pas.", name=error.option_name)
    elif isinstance(error, typer.BadParameter) and error.param is not None:
        name = _name(error.param)
        reason = _("{name} : cette valeur ne va pas.", name=name)
        if isinstance(error, MissingParameter):
            reason = _("Il manque {name}.", name=name)
        elif choices := getattr(error.param.type, "choices", ()):
            options = ", ".join(str(getattr(each, "value", each)) for each in choices)
            reason = _("{name} : écrivez {options}.", name=name, options=options)
        elif isinstance(error.param.type, TyperPath):
            reason = _("{name} : ce fichier n'existe pas.", name=name)
    elif isinstance(error, BadOptionUsage):
        # Its value is lacking, or it takes none.
        reason = _("{name} : cette valeur ne va pas.", name=error.option_name)
    elif ctx is not None and isinstance(ctx.command, TyperGroup):
        names = ", ".join(ctx.command.commands)
        reason = _("Cette commande n'existe pas. Les commandes : {names}.", names=names)
    elif ctx is not None:
        # Typer refuses nothing else in a command.
        reason = _("Il y a un mot de trop.")
    if ctx is None:
        return reason
    help_of = _("Aide : {command}", command=f"{ctx.command_path} --help")
    return f"{ctx.get_usage()}\n{help_of}\n{reason}"


def _name(param: Parameter) -> str:
    return param.opts[-1] if isinstance(param, TyperOption) else param.human_readable_name
