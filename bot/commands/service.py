"""Running and preparing: the roles, training, migrating, and what can be asked of the models."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.common import Demo, now, opened, refuse, settings_of
from bot.i18n.terminal import explain
from bot.i18n.terminal import say as _
from bot.reasons import mark
from bot.settings import PROJECT, Settings

if TYPE_CHECKING:
    from bot.delivery.ports import Dialogue
    from bot.safety.screen import Screen

commands = typer.Typer()


class Role(str, Enum):
    """What a process does."""

    ALL = "all"
    WEB = "web"
    WORKER = "worker"


@commands.command(help=mark("Lancer Akoma : le rôle all (tout), web ou worker."))
def run(
    role: Role = Role.ALL,
    demo: Demo = False,
    as_child: Annotated[bool, typer.Option("--as-child", hidden=True)] = False,
) -> None:
    """Run Akoma: role all (the default), web, or worker."""
    from bot.logs import configure_logging

    configure_logging()
    settings = settings_of(demo)
    with opened(settings):
        pass  # Better said here than by every part of it.
    if role is Role.WORKER:
        _run_worker(settings, as_child)
    else:
        _run_web(settings, with_worker=role is Role.ALL)


@commands.command(
    help=mark("Entraîner le filtre de danger et le dialogue, si leurs exemples ont changé.")
)
def train(
    force: Annotated[bool, typer.Option(help=mark("Aussi quand rien n'a changé."))] = False,
) -> None:
    """Train the safety screen and the dialogue if what they are made of has changed."""
    from bot.dialogue.stamp import is_current
    from bot.safety.trained_file import TRAINED_SCREEN

    settings = settings_of(needs_key=False)
    if (
        not force
        and TRAINED_SCREEN.is_current(settings.model_path, PROJECT)
        and is_current(settings)
    ):
        typer.echo(_("Les modèles sont à jour."))
        return
    from bot.dialogue.screen_training import must_learn, train_screen
    from bot.dialogue.training import TrainingFailed
    from bot.dialogue.training import train as train_model

    if force or must_learn(settings):
        typer.echo(_("Le filtre de danger apprend."), err=True)
    train_screen(settings, force=force)
    try:
        train_model(settings, force=force, report=lambda step: typer.echo(step, err=True))
    except TrainingFailed as error:
        refuse(_("L'entraînement n'a pas réussi : {error}", error=error))
    typer.echo(_("Les modèles sont prêts."))


@commands.command(
    help=mark("Mettre la base à jour, et avec --demo la remplir de personnes inventées.")
)
def migrate(demo: Demo = False) -> None:
    """Bring the database to the newest form, and with --demo fill it with made-up people."""
    from bot.db.migrate import upgrade
    from bot.db.readiness import make_sure
    from bot.followup import helplines

    settings = settings_of(demo, needs_key=False)
    with opened(settings, ready=False) as database:
        upgrade(database)
        make_sure(database, has_key=bool(settings.secret_keys))
        with database.write() as connection:
            helplines.seed(connection)
            if demo:
                from bot.demo.people import fill

                fill(connection, now())
    typer.echo(_("La base de données est à jour."))


@commands.command(
    help=mark(
        "Comprendre des messages : un par ligne en entrée, un objet JSON par ligne en sortie."
    )
)
def parse() -> None:
    """Understand messages: one a line on standard input, one JSON object a line on output."""
    settings = settings_of(needs_key=False)
    from bot.dialogue.stamp import newest_model

    if newest_model(settings) is None:
        refuse(_("Il n'y a pas de modèle : lancez `python -m bot train`."))
    from bot.dialogue.agent import load_dialogue
    from bot.dialogue.parse import parse_lines
    from bot.i18n.wording import load_wording
    from bot.logs import configure_logging

    configure_logging()
    safety = _load_screen(settings)
    with _nothing_else_on_output() as write:
        dialogue = load_dialogue(settings, load_wording(PROJECT))
        for result in parse_lines(dialogue, safety, _lines()):
            write(json.dumps(result, ensure_ascii=False))


@commands.command(
    help=mark("Chercher le danger : un message par ligne en entrée, un objet JSON en sortie.")
)
def screen() -> None:
    """Screen messages for danger: lines on standard input, a JSON object each on output."""
    safety = _load_screen(settings_of(needs_key=False))
    for line in _lines():
        flag = safety.screen(line)
        shown = {"category": flag.category, "severity": flag.severity} if flag else None
        typer.echo(json.dumps({"text": line, "red_flag": shown}, ensure_ascii=False))


@commands.command(help=mark("Regarder l'installation, et dire ce qui est à corriger."))
def check(demo: Demo = False) -> None:
    """Check the installation, and say what to put right."""
    from bot.check import examine

    settings = settings_of(demo)
    with opened(settings, ready=False) as database:
        found = examine(settings, database, now())
    for finding in found:
        typer.echo(f"{'!' if finding.serious else '·'} {explain(finding.reason)}", err=True)
    if any(finding.serious for finding in found):
        raise typer.Exit(1)
    typer.echo(_("Tout est prêt."))


def _run_web(settings: Settings, *, with_worker: bool) -> None:
    """Serve the pages and what providers call, until somebody stops it."""
    import uvicorn

    from bot.app import build_services, build_web

    with _refusing_half_a_screen():
        application = build_web(build_services(settings), with_worker=with_worker)
    page = "/" if settings.demo else "/console"
    address = f"{settings.public_url}{page}"
    typer.echo(_("Akoma est sur {address}  (Ctrl-C pour finir)", address=address), err=True)
    uvicorn.run(
        application,
        host=settings.host,
        port=settings.port,
        # Our own logging is set up already; uvicorn's would print beside it.
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        # Rasa pins a websockets that uvicorn cannot use; nothing here speaks it.
        ws="none",
        timeout_graceful_shutdown=3,
    )


def _run_worker(settings: Settings, as_child: bool) -> None:
    """Answer and send, until somebody stops it or, as a child, its parent is gone."""
    from bot.app import build_services
    from bot.channels.registry import build_channels
    from bot.delivery.corrections import follow
    from bot.supervisor import stop_with_parent
    from bot.worker import run_worker

    stopping = threading.Event()
    if as_child:
        stop_with_parent(stopping.set)
    services = build_services(settings)

    def load() -> Dialogue:
        from bot.dialogue.agent import load_dialogue

        return load_dialogue(settings, services.wording)

    threading.Thread(
        target=follow, args=(services.database, services.wording.catalogs, stopping), daemon=True
    ).start()
    channels = build_channels(settings, services.database)
    run_worker(services.database, channels, services.wording, load, stopping)


def _load_screen(settings: Settings) -> Screen:
    from bot.safety.screen import load_screen

    with _refusing_half_a_screen():
        return load_screen(settings.model_path)


@contextmanager
def _refusing_half_a_screen() -> Iterator[None]:
    """End where the screen lacks its learned layer: it would miss dangers and nobody would know."""
    from bot.safety.trained_file import NotTrained

    try:
        yield
    except NotTrained:
        from bot.check import SCREEN_NOT_TRAINED

        refuse(_(SCREEN_NOT_TRAINED))


def _lines() -> Iterator[str]:
    """Give the lines of standard input."""
    for line in sys.stdin:
        yield line.rstrip("\n")


@contextmanager
def _nothing_else_on_output() -> Iterator[Callable[[str], None]]:
    """Keep standard output for our lines: libraries that print go to standard error."""
    output = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def write(line: str) -> None:
        output.write(line + "\n")
        output.flush()

    try:
        yield write
    finally:
        output.close()
