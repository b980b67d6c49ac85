"""Stock Rasa 3.6: default pipeline, REST channel, HTTP action server, SQLTrackerStore on SQLite."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.measure import QUESTION, Client, Side, free_port

_PROJECT = Path(__file__).parent


class StockRasa(Side):
    """The usual installation: two processes."""

    name = "stock Rasa"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._project = folder / "stock"
        self._port, actions_port = free_port(), free_port()
        self._environment = {
            **os.environ,
            "RASA_TELEMETRY_ENABLED": "false",
            "STOCK_PAYMENTS_DB": str(folder / "stock_payments.db"),
        }
        self._actions_port = actions_port
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._client = Client(self._port)

    def prepare(self, people: list[str]) -> None:
        """Train the model and fill the database."""
        # A copy: training writes into its config.yml.
        shutil.copytree(_PROJECT, self._project)
        endpoints = self._project / "endpoints.yml"
        endpoints.write_text(
            endpoints.read_text().format(
                actions_port=self._actions_port, tracker_db=self._folder / "stock_tracker.db"
            )
        )
        with sqlite3.connect(self._environment["STOCK_PAYMENTS_DB"]) as connection:
            connection.execute("CREATE TABLE payment (sender TEXT, amount INTEGER, sent_on TEXT)")
            connection.executemany(
                "INSERT INTO payment VALUES (?, 25000, '2026-11-04')", [(p,) for p in people]
            )
        self._rasa("train", "--data", "data").wait()

    def start(self) -> float:
        """Start both processes; return the seconds until the first answer."""
        started = time.perf_counter()
        self._processes["actions"] = self._rasa(
            "run", "actions", "--port", str(self._actions_port), "--actions", "actions.actions"
        )
        self._processes["server"] = self._rasa(
            "run",
            "--port", str(self._port),
            "--interface", "127.0.0.1",
            "--credentials", "credentials.yml",
            "--endpoints", "endpoints.yml",
        )  # fmt: skip
        while True:
            try:
                if self.ask("warm-up-0"):
                    return time.perf_counter() - started
            except (OSError, RuntimeError, AssertionError):
                time.sleep(0.2)

    def ask(self, person: str) -> float:
        """Ask the question as one person; return the seconds until the answer is there."""
        started = time.perf_counter()
        question = {"sender": person, "message": QUESTION}
        replies = json.loads(self._client.post("/webhooks/rest/webhook", question, {}))
        assert any("25000" in reply["text"] for reply in replies), replies
        return time.perf_counter() - started

    def processes(self) -> dict[str, int]:
        """Return the process ids by role."""
        return {name: process.pid for name, process in self._processes.items()}

    def stop(self) -> None:
        """Stop both."""
        for process in self._processes.values():
            process.kill()
            process.wait()

    def _rasa(self, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "rasa", *arguments],
            cwd=self._project,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
