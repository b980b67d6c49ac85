"""Measures the console's heaviest pages on the server: ``python -m benchmarks.console``.

A supervisor's structure with 500 open alerts, and one conversation of 5,000 messages, on SQLite.
A time is from the request's arrival at the application to the whole answer: session, rights, rows,
words, HTML; no network. Prints a table for docs/benchmarks.md.
"""

from __future__ import annotations

import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path

from sqlalchemy.engine import Connection, Row

from bot.db.engine import Database
from bot.db.migrate import upgrade
from bot.followup import cases, conversations
from bot.followup.alerts import Kind, Severity
from bot.i18n.wording import load_wording
from bot.settings import PROJECT
from tests.console.cases import answer, write
from tests.console.site import Clock, Site, Visitor
from tests.made_up import make_conversation, make_member, make_person, make_structure

ALERTS, MESSAGES = 500, 5000
WARM_UP, TIMES = 5, 60
TARGET_MS = 200
_KEY = "a-made-up-key-for-benchmarks-0123456789"
_NOW = datetime(2026, 11, 25, 10, 30, tzinfo=timezone.utc)
# As they come: mostly tasks, some dangers.
_SUBJECTS: tuple[tuple[Kind, str | None, Severity], ...] = (
    ("human_asked", None, "normal"),
    ("task", "training", "normal"),
    ("not_understood", None, "normal"),
    ("voice", None, "high"),
    ("payment", None, "high"),
    ("red_flag", "violence", "high"),
    ("red_flag", "fear", "critical"),
)


def main() -> None:
    """Fill a database, visit each page, print the table."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'akoma.db'}"
        database = Database(url, (_KEY,))
        upgrade(database)
        site = Site(database, load_wording(PROJECT), Clock(_NOW))
        print("preparing ...", file=sys.stderr)
        with database.write() as connection:
            member, talk = _fill(connection)
        visitor = site.visitor(member)
        pages = {
            "today": "/console",
            "today, the part that refreshes": "/console/today",
            f"list of {ALERTS} open alerts": "/console/alerts",
            f"conversation of {MESSAGES} messages": f"/console/conversations/{talk.id}",
            "its part that refreshes": f"/console/conversations/{talk.id}/thread",
        }
        print("measuring ...", file=sys.stderr)
        figures = {name: _measure(visitor, path) for name, path in pages.items()}
        database.close()
    print(_table(figures))


def _fill(connection: Connection) -> tuple[Row, Row]:
    """Make the structure; return its supervisor and the long conversation."""
    home = make_structure(connection)
    worker = make_member(connection, home)
    for number in range(ALERTS):
        at = _NOW - timedelta(minutes=13 * number)
        someone = make_person(connection, home, worker_id=worker.id)
        talk = make_conversation(connection, someone)
        write(connection, talk, "bonjour, j'ai une question", at)
        talk = conversations.get_conversation(connection, talk.id)
        kind, category, severity = _SUBJECTS[number % len(_SUBJECTS)]
        cases.open_alert(
            connection, kind=kind, category=category, severity=severity, talk=talk, now=at
        )
    for number in range(MESSAGES // 2):
        at = _NOW - timedelta(minutes=7 * (MESSAGES // 2 - number))
        write(connection, talk, f"c'est moi encore, message {number}", at)
        answer(connection, talk, f"Bien reçu, réponse {number}", at, choices=("Oui", "Non"))
    return make_member(connection, home, "supervisor", "Sita"), talk


def _measure(visitor: Visitor, path: str) -> tuple[float, float, int]:
    """Return the median and the 90th of 100 in milliseconds, and the answer's size in bytes."""
    spent = []
    for number in range(WARM_UP + TIMES):
        start = time.perf_counter()
        page = visitor.get(path)
        seconds = time.perf_counter() - start
        page.raise_for_status()
        if number >= WARM_UP:
            spent.append(1000 * seconds)
    return statistics.median(spent), statistics.quantiles(spent, n=10)[-1], len(page.content)


def _table(figures: Mapping[str, tuple[float, float, int]]) -> str:
    lines = [
        f"Python {platform.python_version()}, {platform.machine()}, {TIMES} times each; "
        f"the aim is below {TARGET_MS} ms",
        "",
        "| page | median | 90th of 100 | size |",
        "|---|---|---|---|",
    ]
    for name, (median, slow, size) in figures.items():
        lines.append(f"| {name} | {median:.0f} ms | {slow:.0f} ms | {size / 1000:.0f} KB |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
