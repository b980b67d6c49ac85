"""A desk to test the delivery room on: real database, screen and words; a phone and a dialogue
that stand where a provider and Rasa would, on the other side of their interfaces.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.channels.base import Channel, Event, Inbound, Limits, Rendered
from bot.channels.errors import SendError
from bot.db.engine import Database
from bot.db.tables import alert, conversation, inbox, outbox, structure
from bot.delivery.inbox import DatabaseIntake, Screen
from bot.delivery.metrics import Metrics
from bot.delivery.outbox import Sender
from bot.delivery.ports import Answer, Memory, Understood
from bot.delivery.turns import Turns
from bot.followup import conversations, helplines
from bot.followup.caller import Caller
from bot.i18n.wording import Said, Wording, load_wording
from bot.settings import PROJECT
from tests.made_up import make_member, make_person, make_structure


class Phone(Channel):
    """A provider that keeps what it accepted, and fails as it is told."""

    name = "telegram"

    def __init__(self) -> None:
        self.limits = Limits(text=4096, buttons=10, button_title=60, audio=10_000)
        self.media: dict[str, bytes | Exception] = {}
        self.heard: list[bytes] = []
        self.order: list[tuple[str, str]] = []
        self.audio_failures: list[SendError] = []
        self.accepted: list[tuple[str, Rendered]] = []
        self.templates: list[str] = []
        self.template_failures: list[SendError] = []
        self.erased: list[tuple[str, ...]] = []
        self.failures: list[SendError] = []
        self.stuck: set[str] = set()
        self.slow = 0.0  # seconds before it answers

    async def send(self, address: str, message: Rendered) -> str:
        if address in self.stuck:
            await asyncio.Event().wait()
        await asyncio.sleep(self.slow)
        if self.failures:
            raise self.failures.pop(0)
        self.accepted.append((address, message))
        self.order.append(("text", address))
        return f"sent-{len(self.accepted)}"

    async def fetch_media(self, media: str) -> bytes:
        kept = self.media[media]
        if isinstance(kept, Exception):
            raise kept
        return kept

    async def send_audio(self, address: str, sound: bytes) -> str:
        if self.audio_failures:
            raise self.audio_failures.pop(0)
        self.heard.append(sound)
        self.order.append(("audio", address))
        return f"heard-{len(self.heard)}"

    async def send_template(self, address: str, language: str, text: str, token: str = "") -> str:
        if self.template_failures:
            raise self.template_failures.pop(0)
        self.templates.append(text)
        return f"template-{len(self.templates)}"

    async def erase(self, address: str, message_ids: Sequence[str]) -> None:
        self.erased.append(tuple(message_ids))

    @property
    def accepted_texts(self) -> list[tuple[str, str]]:
        return [(address, message.text) for address, message in self.accepted]

    @property
    def texts(self) -> list[str]:
        return [message.text for _, message in self.accepted]


class Listener:
    """A dialogue that says back what it heard, and keeps count in its memory."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.understood: list[str] = []
        self.intents: dict[str, str] = {}
        self.failure: Exception | None = None
        self.an_action_failed = False
        self.expects_number = False
        self.in_form = False
        self.choices: tuple[tuple[str, str, str], ...] = ()

    async def understand(self, text: str) -> Understood:
        self.understood.append(text)
        return Understood(self.intents.get(text, "report_good"), 0.9, parse={"text": text})

    async def answer(
        self, message: Understood | str, caller: Caller, memory: Memory | None
    ) -> Answer:
        if self.failure is not None:
            raise self.failure
        text = message if isinstance(message, str) else message.parse["text"]
        self.heard.append(text)
        count = (memory or {}).get("count", 0) + 1
        said = Said(f"{count}: {text}", self.choices)
        return Answer(
            (said,),
            {"count": count},
            expects_number=self.expects_number,
            in_form=self.in_form,
            failed=self.an_action_failed,
        )


class Desk:
    """The delivery room at work, with a clock that the test sets."""

    def __init__(self, database: Database, screen: Screen, wording: Wording, now: datetime) -> None:
        self.database = database
        self.wording = wording
        self.now = now
        self.phone = Phone()
        self.dialogue = Listener()
        self.metrics = Metrics()
        self.intake = DatabaseIntake(
            database, screen, wording, self.metrics, country="CI", clock=self.clock
        )
        self.sender = self.make_sender("s")
        self.turns = self.make_turns("w")
        self._ids = itertools.count(1)

    def clock(self) -> datetime:
        return self.now

    def make_sender(self, name: str) -> Sender:
        channels = {"telegram": self.phone}
        return Sender(
            self.database, channels, self.wording, self.metrics, name=name, clock=self.clock
        )

    def make_turns(self, worker: str, sender: Sender | None = None) -> Turns:
        return Turns(
            self.database,
            self.dialogue,
            self.wording,
            self.metrics,
            worker=worker,
            clock=self.clock,
            sender=sender,
        )

    def later(self, **duration: float) -> None:
        self.now += timedelta(**duration)

    def take_in(self, *events: Event) -> None:
        self.intake.record("telegram", events)

    def message(self, address: str, text: str = "", **values: Any) -> Inbound:
        return Inbound(
            **{
                "provider_id": f"m{next(self._ids)}",
                "address": address,
                "kind": "text",
                "sent_at": self.now,
                "text": text,
                **values,
            }
        )

    async def say(self, address: str, text: str = "", **values: Any) -> list[str]:
        """Take a message in, answer it, send the answer; return what reached the phone."""
        before = len(self.phone.accepted)
        self.take_in(self.message(address, text, **values))
        await self.turns.run_waiting()
        await self.sender.send_due()
        return self.phone.texts[before:]

    async def press(self, address: str, title: str) -> list[str]:
        """Press a button of the newest message that has it."""
        return await self.say(address, kind="choice", token=self.token(title))

    def token(self, title: str) -> str:
        for _, message in reversed(self.phone.accepted):
            for choice in (*message.buttons, *message.rows):
                if choice.title == title:
                    return choice.token
        raise AssertionError(f"no button {title!r}")

    def rows(self, table: Any) -> list[Any]:
        with self.database.read() as connection:
            return connection.execute(select(table).order_by(table.c.id)).all()

    @property
    def alerts(self) -> list[Any]:
        return self.rows(alert)

    @property
    def messages(self) -> list[Any]:
        return self.rows(inbox)

    @property
    def replies(self) -> list[Any]:
        return self.rows(outbox)

    @property
    def talks(self) -> list[Any]:
        return self.rows(conversation)


@pytest.fixture(scope="session")
def wording() -> Wording:
    """Give the real words."""
    return load_wording(PROJECT)


@pytest.fixture
def desk(database: Database, screen: Screen, wording: Wording, now: datetime) -> Desk:
    """Give the delivery room on an empty database with one structure and its helplines."""
    with database.write() as connection:
        make_structure(connection)
        helplines.seed(connection)
    return Desk(database, screen, wording, now)


@pytest.fixture
def boy(desk: Desk) -> str:
    """Give the Telegram address of a boy of 15 whose name was confirmed."""
    return _enrolled(desk, "900", address_form="tu", case_number="0317")


@pytest.fixture
def mother(desk: Desk) -> str:
    """Give the address of a caregiver, whom we call vous."""
    return _enrolled(
        desk, "901", kind="caregiver", birth_year=1985, address_form="vous", case_number="0400"
    )


def _enrolled(desk: Desk, address: str, **values: Any) -> str:
    with desk.database.write() as connection:
        home = connection.execute(select(structure).order_by(structure.c.id)).first()
        worker = make_member(connection, home, shown_name=f"Awa{address}")
        someone = make_person(connection, home, worker_id=worker.id, **values)
        talk = conversations.find_or_open(connection, "telegram", address, desk.now)
        conversations.change(
            connection, talk.id, person_id=someone.id, enrolment="confirmed", consent="yes"
        )
    return address
