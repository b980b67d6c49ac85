"""A stage for actions: a real caller, Rasa's own tracker and dispatcher, and the real sentences."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.engine import Connection, Row

from actions.base import CallerAction
from actions.provider import telling
from bot.db.engine import Database
from bot.followup.caller import identify
from bot.followup.conversations import get_conversation
from bot.i18n.catalogs import Catalogs
from bot.i18n.wording import Wording, load_responses
from bot.settings import PROJECT
from tests.made_up import make_conversation, make_member, make_person, make_structure

WORDING = Wording(load_responses(PROJECT / "domain.yml"), Catalogs(PROJECT / "locales"))


@dataclass(frozen=True)
class Reply:
    """A reply: which response, and what the person reads (vous), with the choices' payloads."""

    response: str
    text: str
    choices: tuple[tuple[str, str], ...]

    @property
    def titles(self) -> list[str]:
        return [title for title, _ in self.choices]

    @property
    def payloads(self) -> list[str]:
        return [payload for _, payload in self.choices]


@dataclass(frozen=True)
class Outcome:
    """What an action did: its replies, the slots it set, the action it calls next."""

    replies: list[Reply]
    slots: dict[str, Any]
    next_action: str | None
    left_form: bool

    @property
    def responses(self) -> list[str]:
        return [reply.response for reply in self.replies]

    @property
    def reply(self) -> Reply:
        (only,) = self.replies
        return only


class Stage:
    """One conversation with the follow-up database, action by action."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self.connection = connection
        self.now = now
        self.home = make_structure(connection)
        self.worker = make_member(connection, self.home)
        self.slots: dict[str, Any] = {}
        self.inbox_id: int | None = None

    def person(self, **values: Any) -> Row:
        return make_person(self.connection, self.home, worker_id=self.worker.id, **values)

    def run(
        self,
        action: type[CallerAction],
        someone: Row | int | None,
        said: str = "",
        intent: str = "nlu_fallback",
        *,
        form: str | None = None,
        ranking: tuple[str, ...] = (),
        confidence: float = 0.3,
        events: tuple[dict[str, Any], ...] = (),
        **slots: Any,
    ) -> Outcome:
        """Run an action for a person, a conversation's id, or a stranger (None).

        ``said`` is what was written, or a payload ("/intent{...}"); ``confidence`` is that of each
        intent of the ``ranking``.
        """
        talk_id = someone if isinstance(someone, int) else self.talk(someone)
        talk = get_conversation(self.connection, talk_id)
        caller = identify(self.connection, talk, self.now, self.inbox_id)
        tracker = Tracker(
            str(talk_id),
            {**dict.fromkeys(("unsure_score", "checkin_id", "payment_id")), **slots},
            _message(said, intent, ranking, confidence),
            list(events),
            False,
            None,
            {"name": form} if form else {},
            "action_listen",
        )
        dispatcher = CollectingDispatcher()
        with telling(caller):
            done = asyncio.run(action().run(dispatcher, tracker, {}))
        return _outcome(dispatcher, done)

    def talk(self, someone: Row | None) -> int:
        return make_conversation(self.connection, someone).id


def _message(said: str, intent: str, ranking: tuple[str, ...], confidence: float) -> dict[str, Any]:
    entities: Mapping[str, Any] = {}
    if said.startswith("/"):
        intent, brace, values = said[1:].partition("{")
        entities = json.loads(brace + values) if brace else {}
    return {
        "text": said,
        "intent": {"name": intent},
        "entities": [{"entity": name, "value": value} for name, value in entities.items()],
        "intent_ranking": [{"name": name, "confidence": confidence} for name in ranking],
    }


def _outcome(dispatcher: CollectingDispatcher, events: list[dict[str, Any]]) -> Outcome:
    return Outcome(
        replies=[_read(message) for message in dispatcher.messages],
        slots={event["name"]: event["value"] for event in events if event["event"] == "slot"},
        next_action=next((e["name"] for e in events if e["event"] == "followup"), None),
        left_form=any(e["event"] == "active_loop" and e["name"] is None for e in events),
    )


def _read(message: dict[str, Any]) -> Reply:
    told = {name: value for name, value in message.items() if name not in _NOT_TOLD}
    said = WORDING.say(message["response"], "fr", "vous", **told)
    choices = [(title, payload) for _, title, payload in said.choices]
    choices += [(_title(button), button["payload"]) for button in message["buttons"]]
    return Reply(message["response"], said.text.replace("\u00a0", " "), tuple(choices))


_NOT_TOLD = {
    "text",
    "buttons",
    "elements",
    "custom",
    "template",
    "response",
    "image",
    "attachment",
}


def _title(button: Mapping[str, Any]) -> str:
    if "title" in button:
        return WORDING.value(button["title"], "fr", "vous")
    return WORDING.say(button["title_response"], "fr", "vous").text


@pytest.fixture
def stage(database: Database, now: datetime) -> Iterator[Stage]:
    """Give a stage with one structure and its worker Awa."""
    with database.write() as connection:
        yield Stage(connection, now)


@pytest.fixture
def rows(stage: Stage) -> Callable[[Any], list[Any]]:
    """Give what a table holds now."""

    def read(table: Any) -> list[Any]:
        return stage.connection.execute(table.select().order_by(table.c.id)).all()

    return read
