"""Akoma at work on made-up people, with phones on a local Telegram and a local WhatsApp."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from bot.db.engine import Database
from bot.db.migrate import upgrade
from bot.db.tables import person, programme, structure, training_enrolment
from bot.demo.people import AWA, KOFFI, MARIAM, fill, member_row
from bot.followup import conversations, helplines, people
from bot.followup.consent import make_enrolment_code
from bot.followup.people import find_by_case
from tests.conftest import KEYS
from tests.e2e.processes import Akoma
from tests.made_up import make_person
from tests.platforms.telegram_server import TelegramServer
from tests.platforms.whatsapp_server import WhatsAppServer

ALWAYS_OPEN = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), ("00:00", "23:59"))
BOY = "700100"  # Koffi's own Telegram
MOTHER = "2250000000001"  # Mariam's WhatsApp: a number that no operator assigns


@pytest.fixture(scope="module")
def telegram() -> Iterator[TelegramServer]:
    """Run a local Telegram."""
    server = TelegramServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def whatsapp() -> Iterator[WhatsAppServer]:
    """Run a local WhatsApp Cloud API."""
    server = WhatsAppServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Give a migrated database with the demo's people, two of whom have a phone."""
    folder = tmp_path_factory.mktemp("akoma")
    database = Database(f"sqlite:///{folder / 'akoma.db'}", KEYS)
    prepare(database)
    yield database
    database.close()


def prepare(database: Database) -> None:
    """Migrate, fill with made-up people, and give Koffi and Mariam their phones."""
    upgrade(database)
    now = datetime.now(timezone.utc)
    with database.write() as connection:
        helplines.seed(connection)
        fill(connection, now)
        connection.execute(structure.update().values(duty_hours=ALWAYS_OPEN))
        for channel, address, someone in (
            ("telegram", BOY, KOFFI),
            ("whatsapp", MOTHER, MARIAM),
        ):
            give_phone(connection, channel, address, someone.case, now)


def give_phone(connection, channel: str, address: str, case: str, now: datetime) -> None:
    """Let a person's name be confirmed on an address."""
    someone = connection.execute(select(person).where(person.c.case_number == case)).one()
    talk = conversations.find_or_open(connection, channel, address, now)
    conversations.change(
        connection, talk.id, person_id=someone.id, enrolment="confirmed", consent="yes"
    )


@pytest.fixture(scope="module")
def akoma(
    installed: Database, trained_model: Path, telegram: TelegramServer, whatsapp: WhatsAppServer
) -> Iterator[Akoma]:
    """Run web and worker."""
    running = Akoma(installed.url.render_as_string(False), trained_model, telegram, whatsapp)
    running.start("all")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def new_boy(installed: Database) -> Callable[[], str]:
    """Enrol one more made-up boy of 15, whom Awa follows, on a Telegram of his own."""
    addresses = count(700300)

    def enrol() -> str:
        address = str(next(addresses))
        with installed.write() as connection:
            worker = member_row(connection, AWA)
            home = people.structure_of(connection, worker)
            made = make_person(connection, home, case_number=address, worker_id=worker.id)
            now = datetime.now(timezone.utc)
            give_phone(connection, "telegram", address, made.case_number, now)
            garage = select(programme.c.id).where(programme.c.trade == "mécanique")
            connection.execute(
                insert(training_enrolment).values(
                    person_id=made.id,
                    programme_id=connection.execute(garage).scalar_one(),
                    state="following",
                    requested_at=now,
                )
            )
        return address

    return enrol


@pytest.fixture(scope="module")
def new_code(installed: Database) -> Callable[[str], str]:
    """Make enrolment codes, as a worker does face to face."""

    def make(case: str) -> str:
        with installed.write() as connection:
            someone = find_by_case(connection, case)
            return make_enrolment_code(connection, someone, datetime.now(timezone.utc))

    return make
