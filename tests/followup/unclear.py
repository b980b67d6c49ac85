"""Somebody whose messages may serve to improve the programme, and messages of theirs."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import insert
from sqlalchemy.engine import Connection, Row

from bot.db.tables import inbox
from bot.followup.caller import identify
from bot.followup.consent import record_consent
from bot.followup.conversations import get_conversation
from bot.followup.unclear import note_not_understood
from tests.made_up import make_conversation, make_person

_numbers = count(1)
GUESSES = (("ask_payment", 0.31), ("ask_aid", 0.22))


def make_agreed_talk(connection: Connection, home: Row, now: datetime, **person: Any) -> Row:
    """Open the conversation of a grown-up who agreed to all that the text says."""
    someone = make_person(connection, home, **{"birth_year": 1990, **person})
    talk = make_conversation(connection, someone)
    agree(connection, talk, now)
    return talk


def agree(
    connection: Connection,
    talk: Row,
    now: datetime,
    answer: str = "yes",
    given_by: str = "self",
) -> None:
    """Let the person of a conversation, or a guardian, answer the question of consent."""
    record_consent(
        connection,
        answer=answer,
        given_by=given_by,
        language="fr",
        person_id=talk.person_id,
        conversation_id=talk.id,
        now=now,
    )


def make_message(connection: Connection, talk: Row, text: str, at: datetime, **values: Any) -> int:
    """Let the person have written something."""
    row = {
        "channel": talk.channel,
        "provider_id": f"unclear-{next(_numbers)}",
        "conversation_id": talk.id,
        "kind": "text",
        "text": text,
        "answered_at_intake": False,
        "restricted": False,
        "sent_at": at,
        "received_at": at,
        "done_at": at,
        "attempts": 1,
        **values,
    }
    return connection.execute(insert(inbox).values(**row)).inserted_primary_key[0]


def not_understood(
    connection: Connection,
    talk: Row,
    text: str,
    at: datetime,
    guesses: tuple[tuple[str, float], ...] = GUESSES,
    **values: Any,
) -> int:
    """Let the person have written something that the programme asked back about."""
    message = make_message(connection, talk, text, at, **values)
    talk = get_conversation(connection, talk.id)
    note_not_understood(identify(connection, talk, at, message), guesses)
    return message
