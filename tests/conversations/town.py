"""Akoma whole in one process, with a clock that stands still, and phones on a local WhatsApp."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy.engine import Connection, Row
from starlette.applications import Starlette

from bot.channels.base import Event, Inbound, Intake
from bot.channels.whatsapp import build_whatsapp
from bot.channels.whatsapp.webhook import PATH
from bot.db.engine import Database
from bot.delivery.inbox import DatabaseIntake
from bot.delivery.metrics import Metrics
from bot.delivery.outbox import Sender
from bot.delivery.ports import Dialogue
from bot.delivery.turns import Turns
from bot.followup import conversations, helplines
from bot.followup.consent import make_enrolment_code, record_consent
from bot.i18n.wording import load_wording
from bot.safety.screen import Screen
from bot.settings import PROJECT, Settings
from tests.conftest import KEYS
from tests.made_up import make_member, make_person, make_structure
from tests.made_up_caseload import (
    make_aid_kind,
    make_appointment,
    make_enrolment,
    make_link,
    make_payment,
    make_programme,
)
from tests.platforms.base import Sent, ServerThread
from tests.platforms.whatsapp_server import WhatsAppServer

# A Wednesday in duty hours.
NOW = datetime(2026, 11, 25, 10, 30, tzinfo=timezone.utc)


class _Now(Intake):
    """Dates what comes by the clock of the town: the platform's own is the machine's."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    async def __call__(self, channel: str, events: Sequence[Event]) -> None:
        dated = [replace(e, sent_at=NOW) if isinstance(e, Inbound) else e for e in events]
        await self._intake(channel, dated)


class Town:
    """One structure with its worker Awa, and the phones of those it follows, in one language."""

    def __init__(
        self, database: Database, screen: Screen, dialogue: Dialogue, language: str
    ) -> None:
        self.database, self.language = database, language
        self.server, self._door = WhatsAppServer(), ServerThread()
        self.server.webhook_url = self._door.url + PATH
        wording, metrics = load_wording(PROJECT), Metrics()
        channel = build_whatsapp(self._settings(), database)
        assert channel is not None
        self._channel = channel
        self._sender = Sender(
            database, {"whatsapp": channel}, wording, metrics, name="s", clock=lambda: NOW
        )
        self._turns = Turns(database, dialogue, wording, metrics, worker="w", clock=lambda: NOW)
        intake = DatabaseIntake(database, screen, wording, metrics, country="CI", clock=lambda: NOW)
        self._app = Starlette(routes=channel.routes(_Now(intake)))
        with database.write() as connection:
            helplines.seed(connection)
            self.home = make_structure(connection)
            self.awa = make_member(connection, self.home)
            self.sewing = make_programme(connection, self.home)
            make_aid_kind(connection)
            make_programme(
                connection, self.home, title="Couture et broderie", starts_on=None, places_left=1
            )
        # The connections to the platform belong to one loop.
        self._loop = asyncio.new_event_loop()
        self._numbers = iter(range(2250000000101, 2250000000199))

    @contextmanager
    def open(self) -> Iterator[Town]:
        """Let the platform and our webhook listen."""
        self.server.start()
        self._door.start(self._app)
        try:
            yield self
        finally:
            self._loop.run_until_complete(self._channel.close())
            self._loop.close()
            self._door.stop()
            self.server.stop()

    def person(self, connection: Connection, **values: Any) -> Row:
        """Follow somebody who speaks the town's language."""
        return make_person(
            connection,
            self.home,
            **{"worker_id": self.awa.id, "language": self.language, **values},
        )

    def boy(self, **values: Any) -> str:
        """Give the number of a boy of 15 who learns sewing and was paid this month."""
        with self.database.write() as connection:
            someone = self.person(connection, **values)
            make_enrolment(connection, someone, self.sewing, NOW)
            make_payment(connection, someone)
            return self._phone(connection, someone)

    def mother(self) -> str:
        """Give the number of a mother whose child was paid this month."""
        with self.database.write() as connection:
            return self._phone(connection, self._mother(connection))

    def visited(self) -> str:
        """Give the number of a boy whom Awa visits tomorrow, a Thursday."""
        with self.database.write() as connection:
            someone = self.person(connection)
            make_appointment(connection, someone, NOW + timedelta(days=1), staff_id=self.awa.id)
            return self._phone(connection, someone)

    def mothers_code(self) -> str:
        """Give the code with which a mother comes in whose child was paid this month."""
        with self.database.write() as connection:
            return make_enrolment_code(connection, self._mother(connection), NOW)

    def newcomer(self) -> tuple[str, str]:
        """Give a new number, and the code with which its holder comes in."""
        with self.database.write() as connection:
            someone = self.person(connection, first_name="Adjoua")
            record_consent(
                connection,
                answer="yes",
                given_by="guardian",
                language=self.language,
                person_id=someone.id,
                now=NOW,
            )
            return self.number(), make_enrolment_code(connection, someone, NOW)

    def number(self) -> str:
        """Give the number of a phone that has never written: no operator assigns it."""
        return str(next(self._numbers))

    def say(self, address: str, text: str) -> list[Sent]:
        """Write from a phone; return what reached it by the end of the turn."""
        return self._brought(address, lambda: self.server.say(address, text))

    def speak(self, address: str) -> list[Sent]:
        """Send a voice note from a phone; return what reached it by the end of the turn."""
        return self._brought(address, lambda: self.server.voice(address))

    def _brought(self, address: str, write: Callable[[], int]) -> list[Sent]:
        before = len(self.server.sent(address))
        assert write() == 200
        self._loop.run_until_complete(self._answer())
        return self.server.sent(address)[before:]

    async def _answer(self) -> None:
        await self._turns.run_waiting()
        await self._sender.send_due()

    def _mother(self, connection: Connection) -> Row:
        values = {"kind": "caregiver", "birth_year": 1985, "address_form": "vous"}
        mother = self.person(connection, first_name="Mariam", **values)
        child = self.person(connection, first_name="Salif")
        make_link(connection, mother, child, "sees_payments")
        make_payment(connection, child, recipient_id=mother.id)
        return mother

    def _phone(self, connection: Connection, someone: Row) -> str:
        number = self.number()
        talk = conversations.find_or_open(connection, "whatsapp", number, NOW)
        conversations.change(
            connection,
            talk.id,
            person_id=someone.id,
            enrolment="confirmed",
            consent="yes",
            language=someone.language,
        )
        return number

    def _settings(self) -> Settings:
        return Settings("", KEYS, public_url=self._door.url, whatsapp=self.server.settings())
