"""One address on one channel: who has it, whether it may be written to, what it is called."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.engine import Connection, Row
from sqlalchemy.sql import Select

from bot.db.engine import sealer_of, wake
from bot.db.inserts import insert_if_absent
from bot.db.lookups import find_by_index
from bot.db.tables import conversation, dialogue_state, outbox
from bot.followup.access import NotAllowed, readable_conversation
from bot.followup.alerts import has_open_alert
from bot.followup.people import find_person
from bot.followup.promises import open_promise

DEFAULT_LANGUAGE = "fr"
# What a person is promised who asks for a human.
HUMAN_ANSWER = "human_answer"

# Built once, with parameters: these run in every turn, and building costs more than running.
_THIS = conversation.c.id == bindparam("this")
_BY_ID = select(conversation).where(_THIS)
_LOCKED_BY_ID = _BY_ID.with_for_update()
_CHANGE = update(conversation).where(_THIS)
_FORGET = delete(dialogue_state).where(dialogue_state.c.conversation_id == bindparam("this"))
_BY_ADDRESS = select(conversation).where(
    conversation.c.channel == bindparam("channel"),
    conversation.c.address_index == bindparam("index"),
)
_LOCKED_BY_ADDRESS = _BY_ADDRESS.with_for_update()


def find_or_open(connection: Connection, channel: str, address: str, now: datetime) -> Row:
    """Return the conversation of an address; the first message opens it.

    On PostgreSQL the row is locked: two messages of one person are taken in one after the other.
    """
    row = _of_address(connection, _LOCKED_BY_ADDRESS, channel, address)
    if row is not None:
        return row
    insert_if_absent(
        connection,
        conversation,
        {
            "channel": channel,
            "address": address,
            "address_index": sealer_of(connection).blind_index(f"{channel}:{address}"),
            "enrolment": "none",
            "name_tries": 0,
            "code_failures": 0,
            "language": DEFAULT_LANGUAGE,
            "consent": "unknown",
            "expects_number": False,
            "asked_about_nine": False,
            "created_at": now,
        },
    )
    opened = _of_address(connection, _LOCKED_BY_ADDRESS, channel, address)
    if opened is None:
        raise LookupError("the conversation that was just opened is not there")
    return opened


def find(connection: Connection, channel: str, address: str) -> Row | None:
    """Return the conversation of an address, if it ever wrote."""
    return _of_address(connection, _BY_ADDRESS, channel, address)


def _of_address(connection: Connection, query: Select, channel: str, address: str) -> Row | None:
    return find_by_index(connection, query, f"{channel}:{address}", channel=channel)


def get_conversation(connection: Connection, conversation_id: int) -> Row:
    """Return one conversation."""
    return connection.execute(_BY_ID, {"this": conversation_id}).one()


def change(connection: Connection, conversation_id: int, **values: Any) -> None:
    """Set columns of a conversation."""
    connection.execute(_CHANGE, {"this": conversation_id, **values})


def forget_dialogue(connection: Connection, conversation_id: int) -> None:
    """Forget what was being talked about: the dialogue begins anew with the next message."""
    connection.execute(_FORGET, {"this": conversation_id})


def known_person(connection: Connection, talk: Row) -> Row | None:
    """Return the person a conversation belongs to, once the name was confirmed; else None."""
    if talk.person_id is None or talk.enrolment != "confirmed":
        return None
    return find_person(connection, talk.person_id)


def address_form(someone: Row | None) -> str:
    """Return "tu" or "vous". Unknown or unsure is vous."""
    return "vous" if someone is None else someone.address_form


def staff_wrote_since(connection: Connection, conversation_id: int, since: datetime) -> bool:
    """Tell whether a member of staff has written to the person since a moment."""
    query = select(outbox.c.id).where(
        outbox.c.conversation_id == conversation_id,
        outbox.c.author == "staff",
        outbox.c.created_at >= since,
    )
    return connection.execute(query.limit(1)).first() is not None


def take_over(connection: Connection, member: Row, conversation_id: int) -> bool:
    """Give a conversation to a member of staff: from here the bot is silent.

    Returns:
        False where the member had it already: nothing has changed.

    Raises:
        NotAllowed: a colleague has it already, or it is not for this member.
    """
    readable_conversation(connection, member, conversation_id)
    taken = connection.execute(
        update(conversation)
        .where(conversation.c.id == conversation_id, conversation.c.owner_id.is_(None))
        .values(owner_id=member.id, owner_knows=None)
    )
    if taken.rowcount == 1:
        wake(connection, "console")
        return True
    if get_conversation(connection, conversation_id).owner_id != member.id:
        raise NotAllowed("a colleague is already answering this person")
    return False


def hand_back(connection: Connection, member: Row, conversation_id: int) -> None:
    """Give a conversation back to the bot; nobody reads there any more once the person is answered.

    Raises:
        NotAllowed: the member does not have it.
    """
    given = connection.execute(
        update(conversation)
        .where(conversation.c.id == conversation_id, conversation.c.owner_id == member.id)
        .values(owner_id=None)
    )
    if given.rowcount != 1:
        raise NotAllowed("this conversation is not yours to hand back")
    note_who_reads(connection, conversation_id)
    wake(connection, "console")


def note_who_reads(connection: Connection, conversation_id: int) -> None:
    """Note whether what is written from now on is for a human who was asked for.

    It is until the promised answer was given, or nothing is left to see to. What is written to a
    colleague who has the conversation is for them in any case.
    """
    talk = connection.execute(_LOCKED_BY_ID, {"this": conversation_id}).one()
    promised = open_promise(connection, conversation_id, HUMAN_ANSWER)
    if promised is not None and has_open_alert(connection, conversation_id):
        asked_at = talk.human_asked_at or promised.made_at
    else:
        asked_at = None
    if asked_at != talk.human_asked_at:
        change(connection, conversation_id, human_asked_at=asked_at)


def opt_out(connection: Connection, conversation_id: int, now: datetime) -> None:
    """Stop all that we start. What the person writes is answered as ever (safeguarding 3)."""
    change(connection, conversation_id, opted_out_at=now)


def opt_in(connection: Connection, conversation_id: int) -> None:
    """Let us write again."""
    change(connection, conversation_id, opted_out_at=None)
