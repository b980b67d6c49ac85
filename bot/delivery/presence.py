"""Whether the member of staff who has a conversation is there; if not, the person is told honestly.

Whoever forgets to hand a conversation back leaves its person without an answer: the bot is silent.
It goes on being so; but who writes then is told, once, that a person was asked and by when one
answers, and staff see that somebody waits (safeguarding 7).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.engine import Connection, Row

from bot.db.tables import outbox, staff, typing_claim
from bot.delivery.queue import Priority
from bot.followup import conversations, values
from bot.followup.caller import Caller
from bot.followup.conversations import HUMAN_ANSWER
from bot.followup.duty import duty_now, present_members
from bot.followup.people import structure_of
from bot.followup.promises import open_promise
from bot.followup.requests import ask_for_person
from bot.i18n.wording import Said, Wording

# Who wrote so shortly ago is there, whatever the hours and the leave say.
_STILL_THERE = timedelta(minutes=10)
# Within the hours: who has kept silent for so long, or let somebody wait for so long, is not.
_SILENT_FOR = timedelta(hours=2)
_LETS_WAIT_FOR = timedelta(minutes=30)


def _owner_is_there(connection: Connection, talk: Row, now: datetime) -> bool:
    """Tell whether the member of staff who has a conversation is likely to read it now."""
    owner = connection.execute(select(staff).where(staff.c.id == talk.owner_id)).one()
    last = _last_sign(connection, talk)
    if owner.active and (_types(connection, talk, now) or _within(last, now, _STILL_THERE)):
        return True
    if not present_members(connection, now, staff.c.id == owner.id):
        return False
    if duty_now(connection, structure_of(connection, owner), now).duty != "duty":
        return False
    waits_since = talk.unanswered_since or now
    if not _within(max(waits_since, last or waits_since), now, _LETS_WAIT_FOR):
        return False
    return last is None or _within(last, now, _SILENT_FOR)


def _was_told(connection: Connection, talk: Row, now: datetime) -> bool:
    """Tell whether the person knows already that nobody is there, since staff last wrote."""
    promise = open_promise(connection, talk.id, HUMAN_ANSWER)
    if promise is None or promise.due_at <= now:
        return False
    last = _last_sign(connection, talk)
    query = select(outbox.c.id).where(
        outbox.c.conversation_id == talk.id,
        outbox.c.in_reply_to.is_not(None),
        outbox.c.priority == int(Priority.REPLY),
        outbox.c.created_at >= (promise.made_at if last is None else max(last, promise.made_at)),
    )
    return connection.execute(query.limit(1)).first() is not None


def knows_who_answers(connection: Connection, talk: Row, now: datetime) -> bool:
    """Tell whether there is nothing to say: the owner is there, or it was said who is not."""
    return _owner_is_there(connection, talk, now) or _was_told(connection, talk, now)


def say_if_nobody_is_there(caller: Caller, talk: Row, wording: Wording) -> Said | None:
    """Ask for a person, and return what to say, where the owner of a conversation is not there.

    None: somebody is, or it was said already.
    """
    if knows_who_answers(caller.connection, talk, caller.now):
        return None
    asked = ask_for_person(caller)
    told = {"by": values.by(asked.by, caller.structure, caller.now)}
    if asked.already:
        name = "utter_person_already"
    elif asked.staff_are_there:
        name = "utter_person_asked"
    else:
        name = "utter_person_asked_closed"
        told["clock"] = values.hour(caller.now, caller.structure)
    form = conversations.address_form(caller.person)
    return wording.say(name, talk.language, form, **told)


def _last_sign(connection: Connection, talk: Row) -> datetime | None:
    """Return when staff last wrote or took the conversation: that alone goes out as theirs."""
    query = select(func.max(outbox.c.created_at)).where(
        outbox.c.conversation_id == talk.id,
        outbox.c.priority == int(Priority.STAFF),
        outbox.c.kind == "text",
    )
    return connection.execute(query).scalar_one()


def _types(connection: Connection, talk: Row, now: datetime) -> bool:
    query = select(typing_claim.c.until).where(
        typing_claim.c.conversation_id == talk.id,
        typing_claim.c.staff_id == talk.owner_id,
        typing_claim.c.until > now,
    )
    return connection.execute(query).first() is not None


def _within(moment: datetime | None, now: datetime, duration: timedelta) -> bool:
    return moment is not None and moment > now - duration
