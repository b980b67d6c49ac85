"""The command line: what it prints where, and its exit codes.

0 done, 1 refused, 2 wrong use or an installation that is not ready.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import typer
from typer.testing import CliRunner, Result

from bot.commands import app, usage
from bot.db.engine import Database
from bot.db.migrate import upgrade
from bot.followup.people import find_by_case
from bot.settings import PROJECT
from tests.conftest import KEYS
from tests.followup.unclear import agree, not_understood
from tests.made_up import make_conversation

STRUCTURES = "name,country,duty_hours\nCentre A,CI,mon-fri 08:00-17:00\n"
PEOPLE = (
    "case,kind,structure,first_name,family_name,birth_year,form,consent_by\n"
    "0317,beneficiary,Centre A,Kouadio,Inventé,2011,tu,{consent}\n"
)
AWA = ("staff", "add", "awa@example.org", "--name", "Awa Exemple", "--password-stdin")


def _commands(command: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Give the words of every command and group of commands."""
    yield path
    for name, inner in getattr(command, "commands", {}).items():
        yield from _commands(inner, (*path, name))


COMMANDS = tuple(_commands(typer.main.get_command(app)))


def _run_bot(arguments: tuple[str, ...], env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=PROJECT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def bot(tmp_path: Path):
    """Give a function that runs a command on an empty database."""
    environment = {
        "LANGUAGE": "en",
        "AKOMA_SECRET_KEY": ",".join(KEYS),
        "AKOMA_DATABASE_URL": f"sqlite:///{tmp_path / 'akoma.db'}",
        "AKOMA_MODEL_PATH": str(tmp_path / "no-models"),
    }

    def run(*arguments: str, typed: str = "", **values: str) -> Result:
        return CliRunner().invoke(app, arguments, input=typed, env={**environment, **values})

    assert run("migrate").exit_code == 0
    return run


@pytest.fixture
def sheet(tmp_path: Path):
    """Give a function that saves a sheet."""

    def save(text: str) -> str:
        path = tmp_path / "sheet.csv"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return save


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("run", "--role", "nonsense"),
        ("import", "nonsense", __file__),
        ("import", "people", "/no/such/file.csv"),
        ("import", "people"),
        ("export", "people"),
        ("enrol",),
        ("staff", "add", "awa@example.org", "--name", "Awa"),
    ],
)
def test_wrong_use_is_2(bot, arguments):
    done = bot(*arguments)
    assert done.exit_code == 2
    assert done.stderr
    assert done.stdout == ""


def test_a_machines_voice_is_heard_and_what_no_voice_says_is_named(bot, tmp_path):
    here = tmp_path / "project"
    shutil.copytree(PROJECT / "locales", here / "locales")
    shutil.copy(PROJECT / "domain.yml", here)
    one = (PROJECT / "locales" / "languages.yml").read_text(encoding="utf-8").splitlines()
    french = [line for line in one if line.startswith(("#", "fr:"))]
    (here / "locales" / "languages.yml").write_text("\n".join(french), encoding="utf-8")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.commands.audio.PROJECT", here)
        whole = bot("audio", "missing")
        assert whole.exit_code == 0
        assert whole.stdout.startswith("fr: To be said 0, The words have changed 0, ")

        index = here / "locales" / "fr" / "audio" / "index.yml"
        words = index.read_text(encoding="utf-8")
        index.write_text(words.replace("\nutter_ok:", "\nutter_gone:"), encoding="utf-8")
        lacking = bot("audio", "missing")
    assert lacking.exit_code == 1
    first, second = lacking.stdout.splitlines()
    assert first.startswith("fr: To be said 1, ")
    assert second.endswith("utter_ok: To be said")


def test_without_a_key_what_seals_is_refused_and_says_how_to_make_one(bot):
    for arguments in (("enrol", "0317"), ("check",)):
        done = bot(*arguments, AKOMA_SECRET_KEY="")
        assert done.exit_code == 2
        assert "AKOMA_SECRET_KEY" in done.stderr


class TestNotReady:
    """Each command in a process of its own, as it is typed."""

    EVERYDAY = (
        ("audio", "missing"),
        ("i18n", "status"),
        ("staff", "link", "awa@example.org"),
        ("run", "--role", "worker"),
    )

    @pytest.fixture
    def say(self, tmp_path):
        """Give a function that runs a command and returns its exit code and its one line."""

        def run(*arguments: str, **values: str) -> tuple[int, str]:
            ours = {k: v for k, v in os.environ.items() if not k.startswith("AKOMA_")}
            ours |= {
                "LANGUAGE": "en",
                "AKOMA_SECRET_KEY": KEYS[0],
                "AKOMA_DATABASE_URL": f"sqlite:///{tmp_path / 'akoma.db'}",
                "AKOMA_MODEL_PATH": str(tmp_path / "no-models"),
            }
            done = _run_bot(arguments, {**ours, **values})
            assert done.stdout == ""
            (line,) = done.stderr.splitlines()
            return done.returncode, line

        return run

    @pytest.mark.parametrize("arguments", EVERYDAY)
    def test_a_database_without_its_tables(self, say, arguments):
        code, line = say(*arguments)
        assert code == 2
        assert "Run `python -m bot migrate` first." in line

    def test_a_database_of_an_older_version(self, say, tmp_path):
        older = Database(f"sqlite:///{tmp_path / 'akoma.db'}", KEYS)
        upgrade(older, "0011")
        older.close()
        code, line = say("audio", "missing")
        assert code == 2
        assert "python -m bot migrate" in line

    @pytest.mark.parametrize("arguments", [*EVERYDAY, ("migrate",)])
    def test_a_server_that_does_not_answer(self, say, arguments):
        away = "postgresql://akoma:an-invented-password@127.0.0.1:1/akoma"
        code, line = say(*arguments, AKOMA_DATABASE_URL=away)
        assert code == 2
        assert line.startswith("The database cannot be reached: ")
        assert "AKOMA_DATABASE_URL" in line
        assert "an-invented-password" not in line

    def test_a_postgresql_without_its_tables(self, say, bare_postgres_database):
        url = bare_postgres_database.url.render_as_string(hide_password=False)
        code, line = say("staff", "link", "awa@example.org", AKOMA_DATABASE_URL=url)
        assert code == 2
        assert "python -m bot migrate" in line

    @pytest.mark.parametrize(
        "url",
        [
            "nonsense",
            "oracle://127.0.0.1/akoma",
            f"sqlite:///{PROJECT / 'README.md'}",
            "sqlite:////dev/null/akoma.db",
        ],
    )
    def test_what_is_no_database(self, say, url):
        code, line = say("check", AKOMA_DATABASE_URL=url)
        assert code == 2
        assert line.startswith("The database cannot be reached: ")

    @pytest.mark.parametrize("key", ["", "short"])
    def test_a_key_that_is_missing_or_too_short(self, say, key):
        for arguments in (("staff", "link", "awa@example.org"), ("run", "--role", "web")):
            code, line = say(*arguments, AKOMA_SECRET_KEY=key)
            assert code == 2
            assert "AKOMA_SECRET_KEY" in line

    def test_another_key_than_the_database_was_written_with(self, say, bot, sheet):
        bot("import", "structures", sheet(STRUCTURES))
        bot(*AWA, "--role", "social_worker", "--structure", "Centre A", typed=PASSWORD)
        other = "another-made-up-key-for-tests-0123456789"
        for arguments in (("staff", "link", "awa@example.org"), ("run", "--role", "web")):
            code, line = say(*arguments, AKOMA_SECRET_KEY=other)
            assert code == 2
            assert line.startswith("AKOMA_SECRET_KEY is not the key")
        assert "! AKOMA_SECRET_KEY is not" in bot("check", AKOMA_SECRET_KEY=other).stderr
        both = bot("staff", "link", "awa@example.org", AKOMA_SECRET_KEY=f"{other},{KEYS[0]}")
        assert both.exit_code == 0


class TestLanguage:
    """What an administrator reads, in processes of their own: French unless asked otherwise."""

    ASKED: tuple[tuple[dict[str, str], str], ...] = (
        ({}, "fr"),
        ({"LANG": "C.UTF-8"}, "fr"),
        ({"LANG": "de_DE.UTF-8"}, "fr"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "fr_CI.UTF-8"}, "fr"),
        ({"LANG": "fr_FR.UTF-8", "LANGUAGE": "de:en"}, "en"),
        # No page is shown in drafts, nor is this.
        ({"LANGUAGE": "dyu"}, "fr"),
    )
    MISTAKES: tuple[tuple[tuple[str, ...], dict[str, str], str, str], ...] = (
        (("check",), {"AKOMA_SECRET_KEY": ""}, "AKOMA_SECRET_KEY manque.", "is not set."),
        (("check",), {}, "La base n'a pas cette version", "The database is not of this version"),
        (("enrol",), {}, "Il manque dossier.", "case is missing."),
        (("nonsense",), {}, "Cette commande n'existe pas.", "There is no such command."),
        (("run", "--role", "x"), {}, "écrivez all, web, worker", "write one of all, web, worker"),
        (("run", "--nonsense"), {}, "L'option --nonsense n'existe pas.", "no option --nonsense."),
        (("import", "people", "/no"), {}, "ce fichier n'existe pas.", "there is no such file."),
        (("run", "--help"), {}, "Lancer Akoma", "Run Akoma"),
        (("run", "--help"), {}, "Montrer cette aide.", "Show this help."),
        (("staff",), {}, "Commandes", "Add a member of staff"),
        (("run", "web"), {}, "Il y a un mot de trop.", "There is one word too many."),
        (("run", "--role"), {}, "--role : cette valeur ne va pas.", "--role: this value"),
        (("enrol",), {}, "Usage : python -m bot enrol [options] {dossier}", "[options] {case}"),
        (("nonsense",), {}, "[options] commande [mots]...", "[options] command [words]..."),
        (("i18n", "extract", "--no"), {}, "L'option --no n'existe pas.", "no option --no."),
        (("audio", "missing", "xx"), {}, "xx n'est pas dans locales/", "xx is no language of"),
    )

    @pytest.fixture
    def told(self, tmp_path):
        """Give a function that runs a command in a language and returns all that it prints."""

        def run(*arguments: str, **values: str) -> str:
            names = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
            ours = {k: v for k, v in os.environ.items() if k not in names}
            ours |= {
                "AKOMA_SECRET_KEY": KEYS[0],
                "AKOMA_DATABASE_URL": f"sqlite:///{tmp_path / 'akoma.db'}",
            }
            done = _run_bot(arguments, {**ours, **values})
            return done.stdout + done.stderr

        return run

    @pytest.mark.parametrize(("asked", "language"), ASKED)
    def test_the_terminal_says_which(self, told, asked, language):
        said = {"fr": "Il manque dossier.", "en": "case is missing."}
        assert said[language] in told("enrol", **asked)

    @pytest.mark.parametrize(("arguments", "values", "french", "english"), MISTAKES)
    def test_help_and_mistakes_are_told_in_it(self, told, arguments, values, french, english):
        in_french, in_english = (told(*arguments, LANGUAGE=each, **values) for each in ("fr", "en"))
        assert french in in_french
        assert english in in_english
        assert french not in in_english

    @pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
    def test_no_help_is_half_in_english(self, arguments, monkeypatch, capsys):
        monkeypatch.setenv("LANGUAGE", "fr")
        monkeypatch.setattr(sys, "argv", ["bot", *arguments, "--help"])
        assert usage.run(app) == 0
        said = capsys.readouterr().out
        assert "Montrer cette aide." in said
        # What Typer and its copy of click say by themselves, and what our parameters are called.
        english = r"Usage:|OPTIONS|COMMAND|ARGS|<(?:str|int|float|boolean|path|file|directory)>"
        parameters = r"[{ ](?:case|kind|file|language|verdict|email)[} ]"
        assert re.search(f"{english}|{parameters}", said) is None

    def test_a_refused_sheet(self, told, sheet):
        told("migrate")
        told("import", "structures", sheet(STRUCTURES))
        path = sheet(PEOPLE.format(consent="maman"))
        refused = told("import", "people", path, LANGUAGE="fr")
        assert refused == "ligne 2 : consent_by : écrivez guardian, worker\nRien n'est gardé.\n"
        refused = told("import", "people", path, LANGUAGE="en")
        assert refused == "line 2: consent_by: write one of guardian, worker\nNothing was kept.\n"


def test_what_is_private_of_typer_is_imported_only_as_long_as_it_has_no_public_name():
    """See ``bot/commands/usage.py``: where this fails, import there what is public now."""
    assert not issubclass(typer.BadParameter, click.BadParameter)
    public = {*vars(typer), *vars(typer.exceptions), *vars(typer.core)}
    needed = {"BadOptionUsage", "MissingParameter", "NoArgsIsHelpError", "NoSuchOption"}
    assert needed.isdisjoint(public)
    assert all(issubclass(getattr(usage, name), typer.TyperException) for name in needed)


@pytest.mark.parametrize("path", sorted((PROJECT / "bot" / "commands").glob("*.py")))
def test_no_sentence_is_printed_past_the_catalogs(path):
    prints = {"echo", "refuse", "stop"}
    # More than codes: "fr, en, ...".
    sentence = re.compile(r"[A-Za-z]{2} [A-Za-z]{2}|[A-Z][a-z]+\.|[a-z]{3}:")
    found: list[str] = []
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(call, ast.Call):
            continue
        said = [each.value for each in call.keywords if each.arg == "help"]
        if getattr(call.func, "attr", getattr(call.func, "id", "")) in prints:
            said += call.args[:1]
        for each in said:
            parts = each.values if isinstance(each, ast.JoinedStr) else [each]
            words = [each.value for each in parts if isinstance(each, ast.Constant)]
            found += filter(sentence.search, map(str, words))
    assert found == []


def test_migrating_needs_no_key_and_twice_is_once(bot):
    for _ in range(2):
        done = bot("migrate", AKOMA_SECRET_KEY="")
        assert (done.exit_code, done.stdout) == (0, "The database is up to date.\n")


def test_parse_without_a_model_is_refused(bot):
    done = bot("parse", typed="bonjour\n")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "train" in done.stderr


def test_from_an_empty_installation_to_a_code(bot, sheet):
    assert bot("import", "structures", sheet(STRUCTURES)).exit_code == 0
    added = bot(
        *AWA, "--role", "social_worker", "--structure", "Centre A", typed="a long pass 12\n"
    )
    assert (added.exit_code, added.stderr) == (0, "")
    done = bot("import", "people", sheet(PEOPLE.format(consent="guardian")))
    assert (done.exit_code, done.stdout) == (0, "Rows added: 1, changed: 0.\n")
    code = bot("enrol", "0317")
    assert code.exit_code == 0
    assert len(code.stdout.strip()) >= 8
    link = bot("staff", "link", "awa@example.org")
    assert link.exit_code == 0


def test_who_lost_password_and_phone_gets_a_new_password(bot, sheet):
    bot("import", "structures", sheet(STRUCTURES))
    bot(*AWA, "--role", "administrator", "--structure", "Centre A", typed="a long pass 12\n")
    done = bot("staff", "reset", "awa@example.org")
    assert (done.exit_code, len(done.stdout.strip())) == (0, 19)
    assert bot("staff", "reset", "awa@example.org").stdout != done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("enrol", "0317"),
        ("staff", "link", "nobody@example.org"),
        ("staff", "reset", "nobody@example.org"),
        (*AWA, "--role", "social_worker", "--structure", "Centre X"),
        (*AWA, "--role", "nonsense", "--structure", "Centre A"),
        ("export", "people", "people.pdf"),
    ],
)
def test_what_cannot_be_done_is_1_with_reasons_on_standard_error(bot, sheet, arguments):
    bot("import", "structures", sheet(STRUCTURES))
    done = bot(*arguments, typed="a long pass 12\n")
    assert done.exit_code == 1
    assert done.stdout == ""
    assert done.stderr


def test_a_refused_sheet_prints_lines_and_nobody(bot, sheet):
    bot("import", "structures", sheet(STRUCTURES))
    for arguments in ((), ("--dry-run",)):
        done = bot("import", "people", sheet(PEOPLE.format(consent="maman")), *arguments)
        assert (done.exit_code, done.stdout) == (1, "")
        assert done.stderr.startswith("line 2: consent_by: write one of guardian, worker")
        assert done.stderr.endswith("Nothing was kept.\n")
        assert not {"Kouadio", "Inventé", "maman"} & set(done.stderr.split())


def test_a_trial_says_what_it_would_do(bot, sheet):
    done = bot("import", "structures", sheet(STRUCTURES), "--dry-run")
    assert done.exit_code == 0
    assert done.stdout.startswith("Rows added: 1, changed: 0.")
    assert bot("import", "structures", sheet(STRUCTURES)).stdout.startswith("Rows added: 1")


def test_an_export_says_how_much_and_nothing_of_it(bot, sheet, tmp_path):
    bot("import", "structures", sheet(STRUCTURES))
    bot("import", "people", sheet(PEOPLE.format(consent="guardian")))
    done = bot("export", "people", str(tmp_path / "out.xlsx"))
    assert (done.exit_code, done.stdout) == (0, "Rows written: 1.\n")


def test_a_child_without_consent_gets_no_code(bot, sheet):
    bot("import", "structures", sheet(STRUCTURES))
    bot("import", "people", sheet(PEOPLE.format(consent="")))
    done = bot("enrol", "0317")
    assert done.exit_code == 1
    assert "guardian" in done.stderr


def test_check_lists_what_to_put_right(bot):
    done = bot("check")
    assert done.exit_code == 1
    assert "! No structure is set up" in done.stderr
    assert "Ready" not in done.stdout


CLARISSE = (
    *("staff", "add", "clarisse@example.org", "--name", "Clarisse Exemple", "--password-stdin"),
    *("--role", "supervisor", "--structure", "Centre A"),
)
PASSWORD = "a long pass 12\n"


@pytest.fixture
def reviewer(bot, sheet, tmp_path, now):
    """Give a supervisor's e-mail address, and one message that was not understood."""
    bot("import", "structures", sheet(STRUCTURES))
    assert bot(*CLARISSE, typed=PASSWORD).exit_code == 0
    bot("import", "people", sheet(PEOPLE.format(consent="guardian")))
    database = Database(f"sqlite:///{tmp_path / 'akoma.db'}", KEYS)
    with database.write() as connection:
        someone = find_by_case(connection, "0317")
        talk = make_conversation(connection, someone)
        agree(connection, talk, now)
        not_understood(connection, talk, "Kouadio ve gnamakoudji 25000", now)
    database.close()
    return "clarisse@example.org"


def test_reviewing_from_what_waits_to_a_change_in_the_training_data(bot, reviewer, tmp_path):
    shown = bot("review", "show", reviewer, "--password-stdin", typed=PASSWORD)
    assert shown.exit_code == 0, shown.stderr
    (item,) = map(json.loads, shown.stdout.splitlines())
    assert item["text"] == "‹nom› ve gnamakoudji ‹somme›"
    decide = ("review", "decide", reviewer, str(item["id"]), "intent", "--password-stdin")
    left = bot(*decide, "--intent", "ask_payment", "--example", "kouadio ve ça", typed=PASSWORD)
    assert (left.exit_code, left.stdout) == (1, "")
    assert "‹nom› ve ça" in left.stderr
    noted = bot(
        *decide, "--intent", "ask_payment", "--example", "ve gnamakoudji ‹somme›", typed=PASSWORD
    )
    assert (noted.exit_code, noted.stdout) == (0, "Noted.\n")
    again = bot(*decide, "--intent", "ask_payment", "--example", "ve ça", typed=PASSWORD)
    assert again.exit_code == 1
    folder = tmp_path / "nlu"
    shutil.copytree(PROJECT / "nlu", folder)
    exported = bot("review", "export", "--folder", str(folder))
    assert exported.exit_code == 0, exported.stderr
    assert "1 added" in exported.stdout
    assert "make evaluate" in exported.stdout
    added = [
        line
        for path in (folder / "fr").glob("nlu*.yml")
        for line in path.read_text(encoding="utf-8").splitlines()
        if "gnamakoudji [15000](amount)" in line
    ]
    assert added == ["    - ve gnamakoudji [15000](amount)"]
    assert bot("review", "export", "--folder", str(folder)).stdout == "Nothing to add.\n"


def test_reviewing_is_for_supervisors_with_their_own_password(bot, reviewer):
    awa = (*AWA, "--role", "administrator", "--structure", "Centre A")
    assert bot(*awa, typed=PASSWORD).exit_code == 0
    for email, typed in ((reviewer, "not her password\n"), ("awa@example.org", PASSWORD)):
        done = bot("review", "show", email, "--password-stdin", typed=typed)
        assert (done.exit_code, done.stdout) == (1, "")
        assert "supervisors" in done.stderr
    assert bot("review", "show", reviewer, typed=PASSWORD).exit_code == 2


def test_without_a_checkout_nothing_is_exported(bot, tmp_path):
    done = bot("review", "export", "--folder", str(tmp_path / "nothing"))
    assert (done.exit_code, done.stdout) == (1, "")


def test_a_reviewer_is_named_and_what_was_signed_becomes_a_change_of_the_catalogs(bot, tmp_path):
    assert bot("i18n", "reviewer", "awa@example.org", "ak").exit_code == 1
    home = tmp_path / "structures.csv"
    home.write_text(STRUCTURES, encoding="utf-8")
    assert bot("import", "structures", str(home)).exit_code == 0
    added = bot(*AWA, "--role", "reviewer", "--structure", "Centre A", typed="a" * 12)
    assert added.exit_code == 0, added.output
    assert bot("i18n", "reviewer", "awa@example.org", "fr").exit_code == 1
    assert bot("i18n", "reviewer", "awa@example.org", "ak").output == "Noted.\n"
    assert bot("i18n", "reviewer", "awa@example.org", "ak", "--remove").output == "Removed.\n"
    shown = bot("i18n", "status").output
    assert {"en", "dyu", "bci", "ak", "mos"} <= {line.split()[0] for line in shown.splitlines()}
    assert bot("i18n", "export", "--folder", str(tmp_path)).output == "Files changed: 0.\n"


def test_words_are_read_against_the_rules(bot):
    assert bot("i18n", "lint").output == "All words are as they must be.\n"
