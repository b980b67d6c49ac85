"""Akoma as it runs in service: web and worker on SQLite, Telegram's webhook, a local Telegram.

A turn is measured from the webhook post to the moment the reply is with the provider, whole:
recorded, screened, understood, answered from the database by a custom action, committed, sent.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from datetime import date, datetime, timezone
from decimal import Decimal
from pathlib import Path

from sqlalchemy import insert

from benchmarks.measure import QUESTION, Client, Side, free_port
from benchmarks.provider import Phones, Provider
from bot.db.engine import Database
from bot.db.migrate import upgrade
from bot.db.tables import payment, person, structure
from bot.followup import conversations
from bot.followup.hours import WEEKDAYS
from bot.settings import PROJECT

_KEY = "a-made-up-key-for-benchmarks-0123456789"
_SECRET = "a-made-up-webhook-secret"
# What tells the answer from other replies: the amount of the payment, however it is spelt.
_ANSWER = "25"
_PATIENCE_S = 30

_ALWAYS = {day: ["00:00", "23:59"] for day in WEEKDAYS}


class Akoma(Side):
    """Role ``all``: a web process and its worker."""

    name = "Akoma"

    def __init__(self, folder: Path) -> None:
        self._url = f"sqlite:///{folder / 'akoma.db'}"
        self._port = free_port()
        self._phones = Phones()
        self._telegram = Provider(free_port(), self._phones, _ANSWER)
        self._process: subprocess.Popen[bytes] | None = None
        self._client = Client(self._port)
        self._addresses: dict[str, str] = {}
        self._update_ids = iter(range(1, 10**9))
        self._lock = threading.Lock()

    def prepare(self, people: list[str]) -> None:
        """Migrate the database and enrol the people, each with a payment."""
        self._telegram.start()
        database = Database(self._url, (_KEY,))
        upgrade(database)
        now = datetime.now(timezone.utc)
        with database.write() as connection:
            home = _insert(
                connection,
                structure,
                name="Centre",
                visible_name="Infos",
                country="CI",
                timezone="Africa/Abidjan",
                duty_hours=_ALWAYS,
                on_call_hours={},
            )
            for number, name in enumerate(people):
                self._addresses[name] = str(1000 + number)
                someone = _insert(
                    connection,
                    person,
                    case_number=f"{number:04d}",
                    kind="beneficiary",
                    structure_id=home,
                    first_name="Untel",
                    family_name="Inventé",
                    birth_year=2006,
                    address_form="tu",
                    language="fr",
                    country="CI",
                    phone_shared=False,
                    created_at=now,
                )
                _insert(
                    connection,
                    payment,
                    beneficiary_id=someone,
                    recipient_id=someone,
                    amount=Decimal(25000),
                    currency="XOF",
                    for_month=date(2026, 11, 1),
                    due_on=date(2026, 11, 4),
                    sent_on=date(2026, 11, 4),
                    account_ending="42",
                    state="received",
                )
                talk = conversations.find_or_open(
                    connection, "telegram", self._addresses[name], now
                )
                conversations.change(
                    connection, talk.id, person_id=someone, enrolment="confirmed", consent="yes"
                )
        database.close()

    def start(self) -> float:
        """Start; return the seconds until the first answer."""
        started = time.perf_counter()
        environment = {
            **os.environ,
            "AKOMA_DATABASE_URL": self._url,
            "AKOMA_SECRET_KEY": _KEY,
            "AKOMA_PORT": str(self._port),
            "AKOMA_TELEGRAM_TOKEN": self._telegram.token,
            "AKOMA_TELEGRAM_BASE_URL": self._telegram.base_url,
            "AKOMA_TELEGRAM_MODE": "webhook",
            "AKOMA_TELEGRAM_SECRET": _SECRET,
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.serve"], cwd=PROJECT, env=environment
        )
        while not self._is_ready():
            if self._process.poll() is not None:
                raise RuntimeError("the server did not start, see above")
            time.sleep(0.05)
        self.ask("warm-up-0")
        return time.perf_counter() - started

    def _is_ready(self) -> bool:
        try:
            ready = json.loads(self._client.get("/readyz"))
        except (OSError, RuntimeError):
            return False  # not there, or not ready, yet
        return bool(ready["dialogue"] == "ready")

    def ask(self, person: str) -> float:
        """Post an update to the webhook and wait until the reply is with Telegram."""
        address = self._addresses[person]
        self._phones.expect(address)
        started = time.perf_counter()
        self._client.post(
            "/webhooks/telegram",
            self._update(address),
            {"X-Telegram-Bot-Api-Secret-Token": _SECRET},
        )
        return self._phones.wait(address, _PATIENCE_S) - started

    def processes(self) -> dict[str, int]:
        """Return the process ids by role."""
        assert self._process is not None
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        worker = int(children.read_text().split()[0])
        return {"web": self._process.pid, "worker": worker}

    def stop(self) -> None:
        """Stop both processes and the local Telegram."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
        self._telegram.stop()

    def _update(self, address: str) -> dict[str, object]:
        with self._lock:
            number = next(self._update_ids)
        chat = int(address)
        return {
            "update_id": number,
            "message": {
                "message_id": number,
                "date": int(time.time()),
                "chat": {"id": chat, "type": "private", "first_name": "Untel"},
                "from": {"id": chat, "is_bot": False, "first_name": "Untel"},
                "text": QUESTION,
            },
        }


def _insert(connection, table, **values):  # type: ignore[no-untyped-def]
    return connection.execute(insert(table).values(**values)).inserted_primary_key[0]
