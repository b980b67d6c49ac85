"""The language in which somebody is answered: chosen by the person, kept with the person.

Two people may share a phone: whoever comes in with a code is answered in the own language. Before
a name was confirmed the choice stands with the conversation alone, beside its consent.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.engine import Connection, Row

from bot.db.tables import conversation, language_offer, person
from bot.followup import conversations

# After a no the same language is not offered for so long; after any offer none for so long.
_AFTER_A_NO = timedelta(days=30)
_AFTER_AN_OFFER = timedelta(days=1)


def choose_language(connection: Connection, talk: Row, language: str) -> None:
    """Answer in ``language`` from now on: this conversation, and the person on every channel."""
    conversations.change(connection, talk.id, language=language)
    someone = conversations.known_person(connection, talk)
    if someone is not None:
        keep_with_person(connection, someone.id, language)


def keep_with_person(connection: Connection, person_id: int, language: str) -> None:
    """Make a language that of a person whose name was confirmed."""
    connection.execute(update(person).where(person.c.id == person_id).values(language=language))
    connection.execute(
        update(conversation)
        .where(conversation.c.person_id == person_id, conversation.c.enrolment == "confirmed")
        .values(language=language)
    )


def language_after_code(talk: Row, someone: Row) -> str:
    """Return in which language to go on with somebody whose code was just accepted.

    The one in the file; but a stranger who chose one here a moment ago keeps it.
    """
    chose = talk.person_id is None and talk.language != conversations.DEFAULT_LANGUAGE
    return str(talk.language if chose else someone.language)


def may_offer(connection: Connection, talk: Row, language: str, now: datetime) -> bool:
    """Tell whether whoever writes may be asked again whether to go on in ``language``."""
    recent = connection.execute(
        select(language_offer.c.at, language_offer.c.language, language_offer.c.answer).where(
            language_offer.c.conversation_id == talk.id,
            language_offer.c.person_id.is_not_distinct_from(_who(connection, talk)),
            language_offer.c.at > now - _AFTER_A_NO,
        )
    )
    return not any(
        row.at > now - _AFTER_AN_OFFER or (row.answer == "no" and row.language == language)
        for row in recent
    )


def note_offer(connection: Connection, talk: Row, language: str, now: datetime) -> None:
    """Note that somebody was asked whether to go on in ``language``."""
    connection.execute(
        language_offer.insert().values(
            conversation_id=talk.id,
            person_id=_who(connection, talk),
            language=language,
            at=now,
        )
    )


def answer_offer(connection: Connection, talk: Row, answer: str) -> str | None:
    """Note "yes" or "no" to the newest offer; return its language, None where there was none."""
    newest = connection.execute(
        select(language_offer)
        .where(language_offer.c.conversation_id == talk.id)
        .order_by(language_offer.c.id.desc())
        .limit(1)
    ).one_or_none()
    if newest is None:
        return None
    connection.execute(
        update(language_offer).where(language_offer.c.id == newest.id).values(answer=answer)
    )
    return str(newest.language)


def _who(connection: Connection, talk: Row) -> int | None:
    someone = conversations.known_person(connection, talk)
    return None if someone is None else someone.id
