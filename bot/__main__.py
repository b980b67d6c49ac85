"""The command line: ``python -m bot``. Exit 0 done, 1 refused with reasons, 2 wrong use."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timezone
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from bot.logs import configure_logging
from bot.settings import PROJECT, Settings, SettingsError, read_settings

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from bot.db.engine import Database
    from bot.delivery.ports import Dialogue
    from bot.i18n.wording import Wording
    from bot.review.desk import Desk
    from bot.safety.screen import Screen

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Akoma, from the command line.")
staff_commands = typer.Typer(no_args_is_help=True, help="The people who work here.")
app.add_typer(staff_commands, name="staff")
review_commands = typer.Typer(no_args_is_help=True, help="Messages that were not understood.")
app.add_typer(review_commands, name="review")
word_commands = typer.Typer(no_args_is_help=True, help="The words, in all languages.")
app.add_typer(word_commands, name="i18n")
audio_commands = typer.Typer(no_args_is_help=True, help="The recorded voices.")
app.add_typer(audio_commands, name="audio")

Language = Annotated[str, typer.Argument(help="A code of locales/languages.yml.")]

Demo = Annotated[bool, typer.Option("--demo", help="Made-up people, a web chat, a key in var/.")]
PasswordOnInput = Annotated[bool, typer.Option("--password-stdin")]


class Role(str, Enum):
    """What a process does."""

    ALL = "all"
    WEB = "web"
    WORKER = "worker"


class SheetKind(str, Enum):
    """What a spreadsheet holds."""

    STRUCTURES = "structures"
    PEOPLE = "people"
    LINKS = "links"
    PROGRAMMES = "programmes"
    ENROLMENTS = "enrolments"
    PAYMENTS = "payments"
    APPOINTMENTS = "appointments"


@app.command()
def run(
    role: Role = Role.ALL,
    demo: Demo = False,
    as_child: Annotated[bool, typer.Option("--as-child", hidden=True)] = False,
) -> None:
    """Run Akoma: role all (the default), web, or worker."""
    configure_logging()
    settings = _settings(demo)
    if role is Role.WORKER:
        _run_worker(settings, as_child)
    else:
        _run_web(settings, with_worker=role is Role.ALL)


@app.command()
def train(
    force: Annotated[bool, typer.Option(help="Also when nothing has changed.")] = False,
) -> None:
    """Train the safety screen and the dialogue if what they are made of has changed."""
    from bot.dialogue.stamp import is_current
    from bot.safety.learned import LEARNED

    settings = _settings(needs_key=False)
    if not force and LEARNED.is_current(settings.model_path, PROJECT) and is_current(settings):
        typer.echo("The models are up to date.")
        return
    from bot.dialogue.screen_training import train_screen
    from bot.dialogue.training import TrainingFailed
    from bot.dialogue.training import train as train_model

    typer.echo("The safety screen's learned layer", err=True)
    train_screen(settings, force=force)
    try:
        train_model(settings, force=force, report=lambda step: typer.echo(step, err=True))
    except TrainingFailed as error:
        _refuse(str(error))
    typer.echo("The models are trained.")


@app.command()
def migrate(demo: Demo = False) -> None:
    """Bring the database to the newest form, and with --demo fill it with made-up people."""
    from bot.db.migrate import upgrade
    from bot.followup import helplines

    settings = _settings(demo, needs_key=False)
    with _database(settings) as database:
        upgrade(database)
        with database.write() as connection:
            helplines.seed(connection)
            if demo:
                from bot.demo.people import fill

                fill(connection, _now())
    typer.echo("The database is up to date.")


@app.command()
def parse() -> None:
    """Understand messages: one a line on standard input, one JSON object a line on output."""
    settings = _settings(needs_key=False)
    from bot.dialogue.stamp import newest_model

    if newest_model(settings) is None:
        _refuse("There is no trained model. Run `python -m bot train` first.")
    configure_logging()
    from bot.dialogue.agent import load_dialogue
    from bot.dialogue.parse import parse_lines
    from bot.i18n.wording import load_wording

    safety = _load_screen(settings)
    with _nothing_else_on_output() as write:
        dialogue = load_dialogue(settings, load_wording(PROJECT))
        for result in parse_lines(dialogue, safety, _lines()):
            write(json.dumps(result, ensure_ascii=False))


@app.command()
def screen() -> None:
    """Screen messages for danger: lines on standard input, a JSON object each on output."""
    safety = _load_screen(_settings(needs_key=False))
    for line in _lines():
        flag = safety.screen(line)
        shown = {"category": flag.category, "severity": flag.severity} if flag else None
        typer.echo(json.dumps({"text": line, "red_flag": shown}, ensure_ascii=False))


@app.command()
def check(demo: Demo = False) -> None:
    """Check the installation, and say what to put right."""
    from bot.check import examine

    settings = _settings(demo)
    with _database(settings) as database:
        found = examine(settings, database, _now())
    for finding in found:
        typer.echo(f"{'!' if finding.serious else '·'} {finding.text}", err=True)
    if any(finding.serious for finding in found):
        raise typer.Exit(1)
    typer.echo("Ready.")


@app.command()
def enrol(case: str, demo: Demo = False) -> None:
    """Print a single-use code by which the person of a CASE can enrol a chat within 72 hours."""
    from bot.followup.consent import ConsentMissing, make_enrolment_code
    from bot.followup.people import NoSuchCase, find_by_case

    with _database(_settings(demo)) as database, database.write() as connection:
        try:
            code = make_enrolment_code(connection, find_by_case(connection, case), _now())
        except (NoSuchCase, ConsentMissing) as error:
            _refuse(str(error))
    typer.echo(code)


@app.command("import")
def import_file(
    kind: SheetKind,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV or XLSX.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check every row, keep none.")] = False,
    demo: Demo = False,
) -> None:
    """Take in a spreadsheet of a KIND: every row of it, or none."""
    from bot.exchange.transfer import KINDS, import_sheet
    from bot.sheets import UnreadableSheet

    with _database(_settings(demo)) as database:
        try:
            done = import_sheet(database, KINDS[kind.value], file, _now(), dry_run=dry_run)
        except UnreadableSheet as error:
            _refuse(str(error))
    if done.refusals:
        _refuse("\n".join((*done.refusals, "Nothing was kept.")))
    typer.echo(f"{done.added} added, {done.changed} changed.")
    if dry_run:
        typer.echo("Nothing was kept: this was a trial.")


@app.command("export")
def export_file(
    kind: SheetKind,
    file: Annotated[Path, typer.Argument(dir_okay=False, help="CSV or XLSX; is overwritten.")],
    demo: Demo = False,
) -> None:
    """Write a spreadsheet of a KIND. It holds personal data: keep it as you keep the files."""
    from bot.exchange.transfer import KINDS, export_sheet
    from bot.sheets import UnreadableSheet

    with _database(_settings(demo)) as database:
        try:
            count = export_sheet(database, KINDS[kind.value], file, _now())
        except (UnreadableSheet, OSError) as error:
            _refuse(str(error))
    typer.echo(f"{count} rows written.")


@staff_commands.command("add")
def add_member(
    email: str,
    name: Annotated[str, typer.Option(help="Full name, for colleagues.")],
    role: Annotated[str, typer.Option(help="social_worker, on_call, supervisor, focal_point, ...")],
    structure: Annotated[str, typer.Option(help="Name of the structure.")],
    password_stdin: PasswordOnInput = False,
    shown_name: Annotated[str, typer.Option(help="First name that youths and families see.")] = "",
    demo: Demo = False,
) -> None:
    """Add a member of staff; the password is read from standard input."""
    from bot.followup.staff import StaffRefused, add_staff, find_structure

    password = _password(password_stdin)
    with _database(_settings(demo)) as database, database.write() as connection:
        try:
            add_staff(
                connection,
                email=email,
                name=name,
                shown_name=shown_name or name.split()[0],
                role=role,
                structure_id=find_structure(connection, structure).id,
                password=password,
                now=_now(),
            )
        except StaffRefused as error:
            _refuse(str(error))
    typer.echo("Added.")


@staff_commands.command("reset")
def reset_member(email: str, demo: Demo = False) -> None:
    """Print a new password for a member of staff, take the second step off, end all sessions.

    For an administrator who lost the phone and has no colleague; others are helped on the pages.
    """
    from bot.followup.accounts import forget_second_step, give_password
    from bot.followup.audit import record
    from bot.followup.staff import find_by_email

    with _database(_settings(demo)) as database, database.write() as connection:
        member = find_by_email(connection, email)
        if member is None:
            _refuse("Nobody on the staff has this e-mail address.")
        forget_second_step(connection, member.id)
        password = give_password(connection, member.id)
        record(
            connection,
            action="staff.reset",
            object_type="staff",
            object_id=member.id,
            now=_now(),
            structure_id=member.structure_id,
        )
    typer.echo(password)


@staff_commands.command("link")
def link_staff(email: str, demo: Demo = False) -> None:
    """Print a single-use code by which a member of staff links the chat where alerts arrive."""
    from bot.followup.consent import make_staff_link_code
    from bot.followup.staff import find_by_email

    with _database(_settings(demo)) as database, database.write() as connection:
        member = find_by_email(connection, email)
        if member is None:
            _refuse("Nobody on the staff has this e-mail address.")
        code = make_staff_link_code(connection, member.id, _now())
    typer.echo(code)


@word_commands.command("status")
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
        with _database(_settings(demo, needs_key=False)) as database, database.read() as connection:
            catalogs.correct(corrections(connection))
    for line in status_lines(catalogs):
        typer.echo(line)


@word_commands.command("export")
def export_words(
    folder: Annotated[Path, typer.Option(help="Where the catalogs are.")] = PROJECT / "locales",
    demo: Demo = False,
) -> None:
    """Write what reviewers edited and signed into the .po files, to be read and committed."""
    from bot.followup.translations import corrections
    from bot.i18n.export import export

    with _database(_settings(demo, needs_key=False)) as database, database.read() as connection:
        changed, left_out = export(folder, corrections(connection))
    for path in changed:
        typer.echo(f"written: {path}")
    if left_out:
        typer.echo(f"{left_out} left out: their sentence has changed since.", err=True)
    typer.echo(f"{len(changed)} files changed.")


@word_commands.command("lint")
def lint_words() -> None:
    """Read all words against the rules of docs/translating.md; exit 1 where one is broken."""
    from bot.channels.registry import LIMITS
    from bot.delivery.proofreading import Proofreader
    from bot.i18n.wording import load_wording

    found = list(Proofreader(load_wording(PROJECT), LIMITS.values()).read_all())
    if found:
        _refuse("\n".join(map(str, found)))
    typer.echo("All words are as they must be.")


@word_commands.command("reviewer")
def name_reviewer(
    email: str,
    language: str,
    remove: Annotated[bool, typer.Option("--remove", help="Let them no longer.")] = False,
    demo: Demo = False,
) -> None:
    """Let a member of staff edit and sign the words of a LANGUAGE in the console."""
    from bot.followup import translations
    from bot.followup.staff import find_by_email
    from bot.i18n.catalogs import load_languages

    if language not in load_languages(PROJECT / "locales").keys() - {"fr"}:
        _refuse(f"{language} is no language of locales/languages.yml that is translated into.")
    with _database(_settings(demo)) as database, database.write() as connection:
        member = find_by_email(connection, email)
        if member is None:
            _refuse("Nobody on the staff has this e-mail address.")
        if remove:
            translations.dismiss_reviewer(connection, member.id, language)
        else:
            translations.name_reviewer(connection, member.id, language, _now())
    typer.echo("Removed." if remove else "Named.")


@review_commands.command("show")
def show_unclear(email: str, password_stdin: PasswordOnInput = False, demo: Demo = False) -> None:
    """Print what waits for a supervisor (EMAIL), without names: one JSON object a line."""
    with _desk(email, password_stdin, demo) as desk:
        items, _ = desk.items(_now())
    for item in items:
        shown = {**asdict(item), "at": item.at.date().isoformat()}
        typer.echo(json.dumps(shown, ensure_ascii=False))


@review_commands.command("decide")
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
            desk.decide(message, Verdict(verdict, **given), _now())  # type: ignore[arg-type]
        except NotAllowed:
            _refuse("There is no such message to review, or somebody has decided.")
        except NotClean as left:
            _refuse(f"{left}. Without them: {left.text}")
        except Unfit as error:
            _refuse(f"{error}.")
    typer.echo("Noted.")


@review_commands.command("export")
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
        _refuse("Training data and held-out messages are needed: run this in a checkout.")
    with _database(_settings(demo)) as database, database.write() as connection:
        done = export(connection, folder, held_out, _now())
    for path, count in sorted(done.files.items()):
        typer.echo(f"{path}: {count} added")
    for reason, count in sorted(done.left_out.items()):
        typer.echo(f"{count} left out: {reason}", err=True)
    typer.echo(
        "Read the change (git diff nlu), then see whether it helps: make evaluate."
        if done.files
        else "Nothing to add."
    )


@audio_commands.command("script")
def audio_script(language: Language, demo: Demo = False) -> None:
    """Print what is to be said in a LANGUAGE, numbered, for whoever records it."""
    from bot.i18n.recordings import script

    typer.echo(f"# {_known(language)}")
    with _voices(demo) as (connection, wording):
        for each in script(connection, wording, language):
            marks = [each.name, each.state, *(["draft"] if each.draft else [])]
            typer.echo(f"\n{each.number}. ({', '.join(marks)})\n{each.words}")
            if each.french != each.words:
                typer.echo(f"    fr: {each.french}".replace("\n", "\n        "))


@audio_commands.command("missing")
def audio_missing(demo: Demo = False) -> None:
    """Show what no person says yet, or in other words than today's; exit 1 if there is any."""
    from bot.i18n.recordings import STATES, script

    complete = True
    with _voices(demo) as (connection, wording):
        for language in wording.catalogs.languages:
            found = script(connection, wording, language)
            counts = {state: sum(each.state == state for each in found) for state in STATES}
            shares = ", ".join(f"{count} {state}" for state, count in counts.items())
            typer.echo(f"{language}: {shares}")
            complete &= counts["recorded"] == len(found)
            for each in found:
                if each.state in ("missing", "changed") and counts["missing"] < len(found):
                    typer.echo(f"  {each.state}: {each.number}. {each.name}")
    if not complete:
        raise typer.Exit(1)


@audio_commands.command("export")
def export_audio(
    folder: Annotated[Path, typer.Option(help="Where the catalogs are.")] = PROJECT / "locales",
    demo: Demo = False,
) -> None:
    """Write what staff recorded into the files, to be heard and committed."""
    from bot.i18n.recordings import export

    with _voices(demo) as (connection, _wording):
        written = export(connection, folder)
    for path in written:
        typer.echo(f"written: {path}")
    typer.echo(f"{len(written)} files changed.")


@audio_commands.command("synthesise")
def synthesise_audio(language: Language = "fr") -> None:
    """Let a machine say, by espeak-ng, what no person has recorded yet in a LANGUAGE."""
    from bot.i18n.synthesis import NoMachine, synthesise
    from bot.i18n.wording import load_wording

    try:
        written = synthesise(load_wording(PROJECT), PROJECT / "locales", _known(language))
    except NoMachine as error:
        _refuse(str(error))
    typer.echo(f"{len(written)} files written.")


def _known(language: str) -> str:
    """Return a language of ``locales/languages.yml``; end with a reason for any other."""
    from bot.i18n.catalogs import load_languages

    if language not in load_languages(PROJECT / "locales"):
        _refuse(f"{language} is no language of locales/languages.yml.")
    return language


@contextmanager
def _voices(demo: bool) -> Iterator[tuple[Connection, Wording]]:
    """Give a look at the database, and the words with what reviewers wrote since."""
    from bot.followup.translations import corrections
    from bot.i18n.wording import load_wording

    wording = load_wording(PROJECT)
    with _database(_settings(demo, needs_key=False)) as database, database.read() as connection:
        wording.catalogs.correct(corrections(connection))
        yield connection, wording


def _run_web(settings: Settings, *, with_worker: bool) -> None:
    import uvicorn

    from bot.app import build_services, build_web

    with _refusing_half_a_screen():
        application = build_web(build_services(settings), with_worker=with_worker)
    page = "/" if settings.demo else "/console"
    typer.echo(f"Akoma is at {settings.public_url}{page}  (stop with Ctrl-C)", err=True)
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


@contextmanager
def _desk(email: str, password_stdin: bool, demo: bool) -> Iterator[Desk]:
    """Give the desk of a member of staff whose password is on standard input."""
    from bot.followup.access import rights_of
    from bot.followup.staff import authenticate
    from bot.review.desk import Desk
    from bot.review.vocabulary import load_vocabulary

    password = _password(password_stdin)
    with _database(_settings(demo)) as database:
        with database.write() as connection:
            member = authenticate(connection, email, password, _now())
        if member is None or not rights_of(member).teaches:
            _refuse("This is for supervisors, with their own e-mail address and password.")
        with database.write() as connection:
            yield Desk(connection, member, load_vocabulary(PROJECT / "nlu"))


def _password(on_input: bool) -> str:
    if not on_input:
        typer.echo("Give the password on standard input, with --password-stdin.", err=True)
        raise typer.Exit(2)
    return sys.stdin.readline().rstrip("\n")


def _load_screen(settings: Settings) -> Screen:
    from bot.safety.screen import load_screen

    with _refusing_half_a_screen():
        return load_screen(settings.model_path)


@contextmanager
def _refusing_half_a_screen() -> Iterator[None]:
    """End where the screen lacks its learned layer: it would miss dangers and nobody would know."""
    from bot.safety.learned import NoLearnedLayer

    try:
        yield
    except NoLearnedLayer as error:
        _refuse(f"{error} Run `make setup` or `python -m bot train` first.")


def _settings(demo: bool = False, *, needs_key: bool = True) -> Settings:
    try:
        return read_settings(demo=demo, needs_key=needs_key)
    except SettingsError as error:
        _refuse(str(error))


@contextmanager
def _database(settings: Settings) -> Iterator[Database]:
    from bot.db.engine import Database

    database = Database(settings.database_url, settings.secret_keys)
    try:
        yield database
    finally:
        database.close()


def _refuse(reasons: str) -> NoReturn:
    """Print why not, and end with exit code 1."""
    typer.echo(reasons, err=True)
    raise typer.Exit(1)


def _lines() -> Iterator[str]:
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


def _now() -> datetime:
    return datetime.now(timezone.utc)


if __name__ == "__main__":
    app()
