"""Hearing what is written: for those who read little, by "écouter" or an ear, as long as they like.

From then on the recording of each message follows its text. Those of wellbeing, danger and
complaints come only when they are asked for: "écouter" again, right after them.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.engine import Row

from bot.db.tables import outbox
from bot.delivery.arrival import Arrival
from bot.delivery.queue import enqueue_voice
from bot.followup import conversations
from bot.i18n.recordings import find_voices

_UNSAID = ("cancelled", "failed")


def listen(arrival: Arrival) -> bool:
    """Send voices from now on, and what was said last at once; tell whether that is an answer.

    It is none where nothing was said yet: the welcome answers, and is heard.
    """
    changes: dict[str, object] = {"listens": True}
    last = _said_last(arrival)
    if last:
        # Hearing a message again leaves nobody unanswered.
        changes["unanswered_since"] = arrival.talk.unanswered_since
    conversations.change(arrival.connection, arrival.talk.id, **changes)
    if not last:
        return False
    if not arrival.talk.listens:
        arrival.say("utter_listen_on")
    heard = [row for row in last if _can_be_heard(arrival, row)]
    for row in heard:
        enqueue_voice(arrival.connection, row, arrival.now)
    if not heard:
        arrival.say("utter_listen_none")
    return True


def stop_listening(arrival: Arrival) -> None:
    """Send texts alone from now on."""
    before = arrival.talk.unanswered_since
    conversations.change(
        arrival.connection, arrival.talk.id, listens=False, unanswered_since=before
    )
    # Somebody may have come near: this answer is silent already.
    talk = conversations.get_conversation(arrival.connection, arrival.talk.id)
    replace(arrival, talk=talk).say("utter_listen_off")


def _said_last(arrival: Arrival) -> list[Row]:
    """Return the texts of our last answer; none that somebody left by X or had erased."""
    own = (outbox.c.conversation_id == arrival.talk.id, outbox.c.state.not_in(_UNSAID))
    erased = select(func.coalesce(func.max(outbox.c.id), 0)).where(
        outbox.c.conversation_id == arrival.talk.id, outbox.c.kind == "erase"
    )
    texts = (
        select(outbox)
        .where(*own, outbox.c.kind == "text", outbox.c.id > erased.scalar_subquery())
        .order_by(outbox.c.id.desc())
        .limit(5)
    )
    rows = arrival.connection.execute(texts).all()
    return [row for row in reversed(rows) if row.in_reply_to == rows[0].in_reply_to]


def _can_be_heard(arrival: Arrival, row: Row) -> bool:
    if not row.voice:
        return False
    return bool(find_voices(arrival.connection, arrival.wording, row.voice))
