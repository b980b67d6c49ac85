"""A turn: one recorded message answered, once.

A worker claims a conversation, so that two never answer one person at once, and works through its
waiting messages in order. Understanding happens before the transaction; then everything a turn
changes (what an action records, the replies, the dialogue's memory, the message's end) is
committed together, or not at all.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import bindparam, case, insert, or_, select, update
from sqlalchemy.engine import Connection, Row

from bot.db.engine import Database, wake
from bot.db.tables import conversation, dialogue_state, inbox
from bot.db.types import UtcDateTime
from bot.delivery import offers, switching
from bot.delivery.inbox import change_message, is_for_a_person, keeps_text
from bot.delivery.letters import Letter
from bot.delivery.metrics import Metrics
from bot.delivery.outbox import Sender
from bot.delivery.ports import Answer, Dialogue, Memory, Understood
from bot.delivery.presence import say_if_nobody_is_there
from bot.delivery.queue import enqueue, enqueue_replies
from bot.delivery.reception import GREETING_INTENTS, Reception
from bot.followup import cases, conversations, languages
from bot.followup.alerts import HAS_OPEN_ALERT
from bot.followup.caller import identify
from bot.i18n.wording import Said, Wording

_log = structlog.get_logger(__name__)

CLAIM_LASTS = timedelta(seconds=60)
# A message whose turn failed or died this often is given to a person.
_MAXIMUM_ATTEMPTS = 3
_COMPLAINT = "complain_staff"
_CHANGE_LANGUAGE = "change_language"


# Statements are built once, with parameters: building costs more than running.
_FREE = or_(
    conversation.c.claimed_until.is_(None),
    conversation.c.claimed_until < bindparam("now", type_=UtcDateTime()),
)
# The free conversation whose message waits longest, and all that waits in it.
_NEXT_WAITING = (
    select(conversation.c.id)
    .join(inbox, inbox.c.conversation_id == conversation.c.id)
    .where(inbox.c.done_at.is_(None), _FREE)
    .order_by(inbox.c.id)
    .limit(1)
    .with_for_update(of=conversation, skip_locked=True)
)
_WAITING = (
    select(inbox)
    .where(inbox.c.conversation_id == _NEXT_WAITING.scalar_subquery(), inbox.c.done_at.is_(None))
    .order_by(inbox.c.id)
)
_COUNT_ATTEMPT = (
    update(inbox).where(inbox.c.id == bindparam("message")).values(attempts=inbox.c.attempts + 1)
)
_MESSAGE = inbox.c.id == bindparam("message")
_CONVERSATION_OF = (
    select(
        conversation,
        inbox.c.done_at.label("message_done_at"),
        dialogue_state.c.state.label("memory"),
    )
    .join(inbox, inbox.c.conversation_id == conversation.c.id)
    .outerjoin(dialogue_state, dialogue_state.c.conversation_id == conversation.c.id)
    .where(_MESSAGE)
    .with_for_update(of=conversation)
)
_more = inbox.alias("more")
_HOW_IT_STANDS = (
    select(
        conversation,
        select(_more.c.id)
        .where(
            _more.c.conversation_id == conversation.c.id,
            _more.c.done_at.is_(None),
            _more.c.id != bindparam("message"),
        )
        .exists()
        .label("has_more"),
    )
    .join(inbox, inbox.c.conversation_id == conversation.c.id)
    .where(_MESSAGE)
)
_NEW_MEMORY = insert(dialogue_state).values(conversation_id=bindparam("conversation"))
_KEEP_MEMORY = update(dialogue_state).where(
    dialogue_state.c.conversation_id == bindparam("conversation")
)
# Answered, and nobody has to look: the human clock does not run (safeguarding 7).
_STOP_CLOCK = (
    update(conversation)
    .where(conversation.c.id == bindparam("this"))
    .values(unanswered_since=case((HAS_OPEN_ALERT, conversation.c.unanswered_since), else_=None))
)


class Turns:
    """Answers waiting messages. One per worker; not for use by several threads at once.

    ``sender`` runs on the same event loop and posts what is said. Without one it waits in the
    outbox for any that runs elsewhere.
    """

    def __init__(
        self,
        database: Database,
        dialogue: Dialogue,
        wording: Wording,
        metrics: Metrics,
        *,
        worker: str,
        clock: Callable[[], datetime],
        sender: Sender | None = None,
    ) -> None:
        self._database = database
        self._dialogue = dialogue
        self._wording = wording
        self._sender = sender
        self._metrics = metrics
        self._worker = worker
        self._clock = clock

    async def run_waiting(self, *, announced: bool = True) -> int:
        """Answer all that waits now; return how many messages were answered.

        Args:
            announced: messages were recorded; otherwise it is looked without a lock first.
        """
        answered = 0
        while (announced or self._something_waits()) and (waiting := self._claim()):
            for message in waiting:
                if not await self._take(message):
                    break
                answered += 1
            # Mostly nothing waits now, and others want to write.
            announced = False
        return answered

    def _something_waits(self) -> bool:
        with self._database.read() as connection:
            now = {"now": self._clock()}
            return connection.execute(_NEXT_WAITING, now).first() is not None

    def _claim(self) -> Sequence[Row]:
        """Claim a conversation; return what waits in it, or nothing where none is free."""
        now = self._clock()
        # A claim that a power cut undoes is made again: it needs no flush to the disk.
        with self._database.write(durable=False) as connection:
            waiting = connection.execute(_WAITING, {"now": now}).all()
            if not waiting:
                return ()
            talk_id = waiting[0].conversation_id
            conversations.change(
                connection, talk_id, claimed_by=self._worker, claimed_until=now + CLAIM_LASTS
            )
            # Counted before the attempt: a message that kills its worker must not do so for ever.
            connection.execute(_COUNT_ATTEMPT, {"message": waiting[0].id})
        return tuple(waiting)

    async def _take(self, message: Row) -> bool:
        """Answer one message; False when its conversation must be left for now."""
        started = time.perf_counter()
        try:
            if message.attempts >= _MAXIMUM_ATTEMPTS:
                self._give_to_a_person(message)
            else:
                await self._answer(message)
        except Exception as error:
            self._metrics.turn_failures.inc()
            _log.error("turn failed", inbox_id=message.id, error=type(error).__name__)
            self._release(message.conversation_id)
            return False
        self._metrics.turn_seconds.observe(time.perf_counter() - started)
        return True

    async def _answer(self, message: Row) -> None:
        typed = message.text if message.payload.get("choice") is None else None
        understood = await self._dialogue.understand(typed) if typed else None
        now = self._clock()
        with self._database.turn() as connection:
            talk = self._still_mine(connection, message)
            if talk is None:
                return
            turn = _Turn(self, connection, talk, message, understood, now)
            await turn.run()
            talk = _finish(connection, message, now, turn.changes, answered=turn.answered)
            letters = self._claim_replies(connection, talk, turn.someone, now)
        if self._sender is not None:
            self._sender.post(letters)
            # The reply leaves before it is looked for what else waits.
            await asyncio.sleep(0)

    def _claim_replies(
        self, connection: Connection, talk: Row, someone: Row | None, now: datetime
    ) -> list[Letter]:
        if self._sender is None:
            wake(connection, "outbox")
            return []
        return self._sender.claim_replies(connection, talk, someone, now)

    def _still_mine(self, connection: Connection, message: Row) -> Row | None:
        """Return the conversation, locked, unless another worker has answered meanwhile.

        ``memory`` is the dialogue's.
        """
        talk = connection.execute(_CONVERSATION_OF, {"message": message.id}).one()
        if talk.claimed_by != self._worker or talk.message_done_at is not None:
            return None
        return talk

    def _release(self, conversation_id: int) -> None:
        # Not at once: what failed now would fail again.
        until = self._clock() + timedelta(seconds=2)
        with self._database.write() as connection:
            conversations.change(connection, conversation_id, claimed_until=until)

    def _give_to_a_person(self, message: Row) -> None:
        now = self._clock()
        with self._database.write() as connection:
            talk = self._still_mine(connection, message)
            if talk is None:
                return
            _report_failure(connection, talk, message, now)
            if talk.owner_id is None:
                someone = conversations.known_person(connection, talk)
                form = conversations.address_form(someone)
                said = self._wording.say("utter_error", talk.language, form)
                enqueue(connection, talk, said, now, in_reply_to=message.id)
            _finish(connection, message, now, {}, answered=False)


def _finish(
    connection: Connection,
    message: Row,
    now: datetime,
    changes: dict[str, object],
    *,
    answered: bool,
) -> Row:
    """End a message, and give its conversation back unless more of its messages wait.

    Args:
        changes: columns of the conversation to set along.
        answered: by the bot; the human clock stops unless somebody still has to look.

    Returns:
        The conversation as the turn has left it, but for ``changes`` and what ends with it.
    """
    talk = connection.execute(_HOW_IT_STANDS, {"message": message.id}).one()
    # This very message may have asked for the human, or the human has come meanwhile.
    for_a_person = message.for_a_person or is_for_a_person(talk)
    ended: dict[str, object] = {"done_at": now, "for_a_person": for_a_person}
    if not keeps_text(talk, flagged=message.severity is not None, for_a_person=for_a_person):
        ended["text"] = None
    change_message(connection, message.id, **ended)
    if not talk.has_more:
        changes = {**changes, "claimed_by": None, "claimed_until": None}
    if answered:
        connection.execute(_STOP_CLOCK, {"this": message.conversation_id, **changes})
    elif changes:
        conversations.change(connection, message.conversation_id, **changes)
    wake(connection, "console")
    return talk


class _Turn:
    """One message inside its transaction.

    ``changes``: columns of its conversation to set when it ends; ``answered``: by the bot;
    ``someone``: the person who wrote, where it was looked up.
    """

    def __init__(
        self,
        turns: Turns,
        connection: Connection,
        talk: Row,
        message: Row,
        understood: Understood | None,
        now: datetime,
    ) -> None:
        self._dialogue = turns._dialogue
        self._wording = turns._wording
        self._connection = connection
        self._talk = talk
        self._message = message
        self._understood = understood
        self._now = now
        self._reception = Reception(connection, talk, turns._wording, message.id, now)
        self.changes: dict[str, object] = {}
        self.answered = False
        self.someone: Row | None = None

    async def run(self) -> None:
        if self._reception.receive(self._message):
            self._reply(self._reception.said)
            if self._reception.keeps_offer:
                self.changes["offer"] = switching.offer_without(self._talk.offer)
            return
        if self._talk.owner_id is not None:
            self._leave_to_its_owner()
            return
        answer = await self._answer()
        if answer.failed:
            _report_failure(self._connection, self._talk, self._message, self._now)
        said = [] if self._welcomes_only() else list(answer.said)
        if self._caller.language != self._talk.language:
            self._reception.go_on_in_new_language()
        elif not self._shows_languages(answer):
            self._add_what_the_door_asks()
        self._reply_and_ask(answer, [*said, *self._reception.said])
        self.changes |= {"expects_number": answer.expects_number, "asked_about_nine": False}
        self.answered = True

    async def _answer(self) -> Answer:
        self._caller = identify(self._connection, self._talk, self._now, self._message.id)
        self.someone = self._caller.person
        remembers = self._talk.consent == "yes"
        memory = self._talk.memory if remembers else None
        content = self._understood or self._choice() or "/nlu_fallback"
        answer = await self._dialogue.answer(content, self._caller, memory)
        if remembers:
            self._remember(answer.memory, anew=memory is None)
        return answer

    def _choice(self) -> str | None:
        """Return the payload that was chosen, with the words that were typed behind its digit."""
        payload = self._message.payload
        if payload.get("with_words"):
            return offers.with_words(payload["choice"], self._message.text or "")
        return payload.get("choice")

    def _welcomes_only(self) -> bool:
        """Tell whether the door answers alone: a greeting from a newcomer, or after a STOP."""
        intent = self._understood.intent if self._understood else None
        at_the_door = self._talk.consent == "unknown" or self._talk.opted_out_at is not None
        return at_the_door and intent in GREETING_INTENTS | {"nlu_fallback"}

    def _shows_languages(self, answer: Answer) -> bool:
        """Tell whether the languages were just offered: a second question would take the digits."""
        choice = self._message.payload.get("choice") or ""
        asked = self._understood.intent if self._understood else choice.lstrip("/")
        return asked.startswith(_CHANGE_LANGUAGE) and bool(answer.said[-1].choices)

    def _add_what_the_door_asks(self) -> None:
        if self._talk.consent == "unknown":
            self._reception.welcome()
        elif self._talk.consent == "asked" and self._talk.person_id is not None:
            self._reception.ask_again()
        elif self._talk.opted_out_at is not None:
            # Unless this very message was the wish to stop.
            self._reception.welcome_back()

    def _leave_to_its_owner(self) -> None:
        """Let the colleague answer who has the conversation; say so where they are not there."""
        if self._understood is not None and self._understood.intent == _COMPLAINT:
            self._seal_complaint()
            return
        caller = identify(self._connection, self._talk, self._now, self._message.id)
        said = say_if_nobody_is_there(caller, self._talk, self._wording)
        if said is not None:
            self._reply([said])

    def _seal_complaint(self) -> None:
        """Keep a complaint about staff from the colleague who has the conversation."""
        change_message(self._connection, self._message.id, restricted=True)
        cases.open_alert(
            self._connection,
            kind="staff_complaint",
            severity="high",
            talk=self._talk,
            inbox_id=self._message.id,
            restricted=True,
            now=self._now,
        )

    def _remember(self, memory: Memory, *, anew: bool) -> None:
        kept = {"conversation": self._talk.id, "state": memory, "updated_at": self._now}
        self._connection.execute(_NEW_MEMORY if anew else _KEEP_MEMORY, kept)

    def _reply_and_ask(self, answer: Answer, replies: list[Said]) -> None:
        """Reply, and ask whether to go on in the language of the message where it is another."""
        language = switching.language_to_offer(
            self._connection,
            self._talk,
            self._message,
            self._understood,
            answer,
            self._now,
        )
        if language is None:
            self._reply(replies)
            return
        asking = switching.ask_behind(
            replies, self._understood, self._wording, language, self._reception.form
        )
        self._reply(asking)
        if asking is not replies:
            languages.note_offer(self._connection, self._talk, language, self._now)
            self.changes["offer"] = switching.offer_of(asking)

    def _reply(self, replies: list[Said]) -> None:
        self.changes["offer"] = enqueue_replies(
            self._connection, self._talk, replies, self._now, in_reply_to=self._message.id
        )


def _report_failure(connection: Connection, talk: Row, message: Row, now: datetime) -> None:
    cases.open_alert(
        connection,
        kind="dialogue_failed",
        severity="high",
        talk=talk,
        inbox_id=message.id,
        now=now,
    )
