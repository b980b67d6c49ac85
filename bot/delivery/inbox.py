"""Taking messages in: recorded once, screened, and answered at once where that cannot wait.

Everything about one delivery of a provider is committed in ONE transaction, before it is
acknowledged: the message row, what the screen found, the alert and the crisis reply. It needs
neither the dialogue nor the worker: with both dead a child in danger is still answered and staff
are still alerted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.engine import Connection, Row
from starlette.concurrency import run_in_threadpool

from bot.channels.base import DeliveryUpdate, Event, Inbound, Intake, Reachability
from bot.db.engine import Database, wake
from bot.db.tables import inbox
from bot.db.types import UtcDateTime
from bot.delivery import danger, offers, staff_chats
from bot.delivery.arrival import Arrival
from bot.delivery.first_response import FOR_A_PERSON, respond
from bot.delivery.metrics import Metrics
from bot.delivery.queue import release_held
from bot.delivery.receipts import record_receipt, something_is_under_way
from bot.delivery.refusals import withdraw_notice
from bot.followup import attachments, conversations
from bot.followup.alerts import NEWEST_OF_COMPLAINT, belongs_to_complaint
from bot.followup.safe_word import SAFE_WORD, WORD_OF, is_safe_word
from bot.i18n.wording import Wording
from bot.safety.flags import RedFlag
from bot.safety.staff import names_staff

# A provider may tell what became of a message before its yes to it is recorded (seconds).
_LOOK_AGAIN_AFTER = (0.2, 0.5, 1.0)

# A message may be split over several that come within this time (safety.screen joins three).
_PARTS_COME_WITHIN = timedelta(seconds=60)
_MOST_PARTS_BEFORE = 2
# No provider delivers later (Meta tries for seven days, Telegram for one): what says that it is
# older has a clock that is wrong.
_LATEST_DELIVERY = timedelta(days=7)
_ENDS_A_SENTENCE = (".", "!", "?", "…")

_NEW = insert(inbox)
_CHANGE = update(inbox).where(inbox.c.id == bindparam("this"))
# What is to be known before a message is recorded. In one statement: it runs for every message.
_STANDING = select(
    select(inbox.c.id)
    .where(inbox.c.channel == bindparam("channel"), inbox.c.provider_id == bindparam("provider_id"))
    .exists()
    .label("is_recorded"),
    WORD_OF.scalar_subquery().label("safe_word"),
    NEWEST_OF_COMPLAINT.scalar_subquery().label("complained_at"),
)
_PARTS = (
    select(inbox.c.text, inbox.c.payload)
    .where(
        inbox.c.conversation_id == bindparam("conversation"),
        inbox.c.kind == "text",
        inbox.c.received_at > bindparam("since", type_=UtcDateTime()),
    )
    .order_by(inbox.c.id.desc())
    .limit(_MOST_PARTS_BEFORE)
)


class Screen(Protocol):
    """The safety screen, as far as the intake knows it."""

    def screen(self, text: str, earlier: Sequence[str] = ()) -> RedFlag | None:
        """Return the most severe red flag in a message, or None.

        Args:
            earlier: what came right before it, oldest first: it may be the beginning of it.
        """


class DatabaseIntake(Intake):
    """Records what channels hand in. Returns when all of it is committed."""

    def __init__(
        self,
        database: Database,
        screen: Screen,
        wording: Wording,
        metrics: Metrics,
        *,
        country: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._screen = screen
        self._country = country
        self._wording = wording
        self._metrics = metrics
        self._clock = clock

    async def __call__(self, channel: str, events: Sequence[Event]) -> None:
        """Record ``events`` of one delivery in one transaction.

        A receipt that overtakes our own record of what it is about is looked up again.
        """
        early = await run_in_threadpool(self.record, channel, events)
        for seconds in _LOOK_AGAIN_AFTER:
            if not early:
                return
            await asyncio.sleep(seconds)
            early = await run_in_threadpool(self.record, channel, early)

    def record(self, channel: str, events: Sequence[Event]) -> list[Event]:
        """Do so from a thread of the caller's own; return the receipts that may be too early."""
        now = self._clock()
        early: list[Event] = []
        # Before others have to wait for the transaction: to screen takes longer than to record.
        alone = [self._screened(event) for event in events]
        with self._database.write() as connection:
            for event, flag in zip(events, alone, strict=True):
                if isinstance(event, Inbound):
                    self._record_message(connection, channel, event, flag, now)
                elif isinstance(event, DeliveryUpdate):
                    if not record_receipt(connection, channel, event, self._wording, now):
                        early.append(event)
                else:
                    _record_reachability(connection, channel, event, now)
            return early if early and something_is_under_way(connection, channel) else []

    def _screened(self, event: Event) -> RedFlag | None:
        """Return the red flag in what comes in, read alone."""
        if isinstance(event, Inbound) and event.text:
            return self._screen.screen(event.text)
        return None

    def _record_message(
        self,
        connection: Connection,
        channel: str,
        event: Inbound,
        alone: RedFlag | None,
        now: datetime,
    ) -> None:
        if staff_chats.handle(connection, channel, event, self._wording, now):
            return
        talk = conversations.find_or_open(connection, channel, event.address, now)
        standing = _standing(connection, channel, event, talk)
        if standing.is_recorded:
            self._metrics.repeated_deliveries.labels(channel).inc()
            return
        is_secret = bool(event.text) and is_safe_word(standing.safe_word, event.text)
        screened = "" if is_secret else event.text
        typed = None if is_secret else _typed(event, talk)
        is_choice = typed is not None and not typed.words
        parts = _parts_before(connection, talk, now) if screened and not is_choice else []
        flag = None if is_secret else alone
        if parts:
            flag = self._screen.screen(screened, parts)
        # What is screened together is read together: when unsure it is better sealed.
        about_staff = flag is not None and names_staff("\n".join([*parts, screened]))
        payload = typed.payload if typed else self._pressed(connection, talk, event, now)
        for_a_person = is_for_a_person(talk) or event.kind in FOR_A_PERSON
        recorded = connection.execute(
            _NEW,
            {
                "channel": channel,
                "provider_id": event.provider_id,
                "conversation_id": talk.id,
                "kind": event.kind,
                # The safe word is shown nowhere, so it is kept nowhere but in the file.
                "text": None if is_secret else event.text or self._title(connection, talk, event),
                "payload": {
                    "choice": payload,
                    "with_words": bool(typed and typed.words),
                    "code": event.code,
                    "media": event.media,
                    "origin": event.origin,
                },
                "category": SAFE_WORD if is_secret else flag.category if flag else None,
                "severity": "critical" if is_secret else flag.severity if flag else None,
                "for_a_person": for_a_person,
                "answered_at_intake": False,
                # A complaint about staff, or what follows one (safeguarding 15).
                "restricted": about_staff
                or (
                    flag is None
                    and belongs_to_complaint(connection, talk.id, standing.complained_at, now)
                ),
                "sent_at": event.sent_at,
                "received_at": now,
                "attempts": 0,
            },
        )
        inbox_id = recorded.inserted_primary_key[0]
        self._metrics.received.labels(channel).inc()
        if event.media:
            attachments.expect(connection, inbox_id, now)
        _note_arrival(connection, talk, _written_at(event, now), now)
        withdraw_notice(connection, talk.id, now)
        if not is_secret:
            # The person is there again, so what waited may leave; beside a safe word nothing does.
            release_held(connection, talk.id, now)
        arrival = Arrival(connection, self._wording, talk, inbox_id, now, self._country)
        kept = keeps_text(talk, flagged=flag is not None, for_a_person=for_a_person)
        if is_secret:
            danger.answer_safe_word(arrival)
            _finish_at_intake(connection, inbox_id, now, keeps=kept)
        elif respond(arrival, event, flag, payload, about_staff=about_staff):
            _finish_at_intake(connection, inbox_id, now, keeps=kept)
        else:
            wake(connection, "turns")
        wake(connection, "console")

    def _pressed(
        self, connection: Connection, talk: Row, event: Inbound, now: datetime
    ) -> str | None:
        if event.kind != "choice":
            return None
        return offers.pressed_payload(connection, talk.id, event.token, now)

    def _title(self, connection: Connection, talk: Row, event: Inbound) -> str | None:
        if event.kind != "choice":
            return None
        return offers.pressed_title(connection, talk.id, event.token)


def _typed(event: Inbound, talk: Row) -> offers.Typed | None:
    if event.kind != "text" or event.code:
        return None
    return offers.typed_choice(event.text, talk.offer)


def _standing(connection: Connection, channel: str, event: Inbound, talk: Row) -> Row:
    """Return what is known before a message is recorded. Its conversation is locked.

    ``is_recorded``: the provider delivers it again; the ``safe_word`` agreed with the person;
    ``complained_at``: when something last happened to an open complaint about staff.
    """
    where = {
        "channel": channel,
        "provider_id": event.provider_id,
        "person": talk.person_id,
        "conversation": talk.id,
    }
    return connection.execute(_STANDING, where).one()


def _parts_before(connection: Connection, talk: Row, now: datetime) -> list[str]:
    """Return the messages that the next one may go on with, oldest first.

    What ends like a sentence is none, nor what chose from an offer; nor is what was blanked
    (safeguarding 2).
    """
    since = now - _PARTS_COME_WITHIN
    if talk.last_inbound_at is None or talk.last_inbound_at <= since:
        return []
    where = {"conversation": talk.id, "since": since}
    parts: list[str] = []
    for text, payload in connection.execute(_PARTS, where):
        if not text or text.rstrip().endswith(_ENDS_A_SENTENCE) or _is_whole(payload):
            break
        parts.insert(0, text)
    return parts


def _is_whole(payload: Mapping[str, object]) -> bool:
    """Tell whether a message was a choice and no more ("2", "oui"): no part of a sentence."""
    return payload.get("choice") is not None and not payload.get("with_words")


def _written_at(event: Inbound, now: datetime) -> datetime:
    """Return when a message was written: hours ago where we could not be reached until now."""
    late = timedelta(0) < now - event.sent_at <= _LATEST_DELIVERY
    return event.sent_at if late else now


def _note_arrival(connection: Connection, talk: Row, written_at: datetime, now: datetime) -> None:
    """Start the human clock unless it runs; the person is there again."""
    conversations.change(
        connection,
        talk.id,
        last_inbound_at=now,
        last_written_at=max(talk.last_written_at or written_at, written_at),
        unanswered_since=talk.unanswered_since or now,
        left_at=None,
        blocked_at=None,
    )


def _finish_at_intake(connection: Connection, inbox_id: int, now: datetime, *, keeps: bool) -> None:
    values: dict[str, object] = {"answered_at_intake": True, "done_at": now}
    if not keeps:
        values["text"] = None
    change_message(connection, inbox_id, **values)


def change_message(connection: Connection, inbox_id: int, **values: object) -> None:
    """Set columns of a message that came in."""
    connection.execute(_CHANGE, {"this": inbox_id, **values})


def is_for_a_person(talk: Row) -> bool:
    """Tell whether what is written now is for a human: who was asked for, or has come."""
    return talk.human_asked_at is not None or talk.owner_id is not None


def keeps_text(talk: Row, *, flagged: bool, for_a_person: bool) -> bool:
    """Tell whether a message's text may be kept once it is answered (safeguarding 2)."""
    return talk.consent == "yes" or flagged or for_a_person


def _record_reachability(
    connection: Connection, channel: str, event: Reachability, now: datetime
) -> None:
    talk = conversations.find_or_open(connection, channel, event.address, now)
    blocked_at = None if event.reachable else event.at
    conversations.change(connection, talk.id, blocked_at=blocked_at)
    wake(connection, "console")
