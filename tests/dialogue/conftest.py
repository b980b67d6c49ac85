"""A small assistant with rules, a form and actions that go wrong, trained once for all tests."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Connection

from bot.db.engine import Database
from bot.delivery.ports import Answer, Dialogue, Memory
from bot.dialogue.agent import load_dialogue
from bot.dialogue.training import train
from bot.followup import conversations
from bot.followup.caller import Caller, identify
from bot.followup.conversations import get_conversation
from bot.i18n.catalogs import Catalogs
from bot.i18n.wording import Wording, load_responses
from bot.settings import Settings
from tests.conftest import KEYS
from tests.dialogue.assistant import actions
from tests.made_up import make_conversation, make_person, make_structure

ASSISTANT = Path(__file__).parent / "assistant"


@pytest.fixture(scope="session")
def small_settings(tmp_path_factory) -> Settings:
    """Give settings whose models folder has the small assistant's model."""
    models = tmp_path_factory.mktemp("models")
    settings = Settings(database_url="sqlite://", secret_keys=KEYS, model_path=models)
    train(settings, project=ASSISTANT)
    return settings


@pytest.fixture(scope="session")
def small_wording() -> Wording:
    """Give the small assistant's words."""
    return Wording(load_responses(ASSISTANT / "domain.yml"), Catalogs(ASSISTANT / "locales"))


@pytest.fixture(scope="session")
def small_dialogue(small_settings: Settings, small_wording: Wording) -> Dialogue:
    """Give the small assistant, loaded."""
    return load_dialogue(small_settings, small_wording, actions)


class Chat:
    """One person who writes, and what the dialogue remembers of it."""

    def __init__(
        self, dialogue: Dialogue, database: Database, now: datetime, **person: Any
    ) -> None:
        self.dialogue = dialogue
        self.database = database
        self.now = now
        self.memory: Memory | None = None
        with database.write() as connection:
            home = make_structure(connection, f"Centre {person.get('first_name')}")
            self.talk_id = make_conversation(connection, make_person(connection, home, **person)).id

    async def say(self, text: str) -> Answer:
        """Write a text, or press a choice whose payload is ``text``."""
        message = text if text.startswith("/") else await self.dialogue.understand(text)
        with self.database.turn() as connection:
            answer = await self.dialogue.answer(message, self.caller(connection), self.memory)
        self.memory = answer.memory
        return answer

    def caller(self, connection: Connection) -> Caller:
        """Say who writes."""
        return identify(connection, get_conversation(connection, self.talk_id), self.now)

    async def texts(self, text: str) -> list[str]:
        """Write a text and return the replies' texts."""
        return [said.text for said in (await self.say(text)).said]

    def change(self, **values: Any) -> None:
        """Change the conversation's row."""
        with self.database.write() as connection:
            conversations.change(connection, self.talk_id, **values)

    def later(self, **duration: float) -> None:
        """Let time pass."""
        self.now += timedelta(**duration)


@pytest.fixture
def chat(small_dialogue: Dialogue, sqlite_database: Database, now: datetime) -> Chat:
    """Give a youth called Kouadio who writes to the small assistant."""
    return Chat(small_dialogue, sqlite_database, now)


@pytest.fixture
def chat_anywhere(small_dialogue: Dialogue, database: Database, now: datetime) -> Chat:
    """Give a youth called Kouadio who writes to the small assistant, on each database."""
    return Chat(small_dialogue, database, now)


@pytest.fixture
def mother(small_dialogue: Dialogue, sqlite_database: Database, now: datetime) -> Chat:
    """Give a mother, whom we call vous."""
    return Chat(small_dialogue, sqlite_database, now, kind="caregiver", address_form="vous")
