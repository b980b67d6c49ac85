"""The sender: queued rows go out, crisis replies first, each once.

A row is claimed in one transaction, sent with no connection held, and its fate is recorded in
another, which also claims the next rows. A conversation never has two rows under way, so replies
arrive in order; a crisis reply alone overtakes what is under way. A text that needs several
messages is remembered after each of them, so that a retry goes on with the next. If the process
dies between the provider's yes and our commit, that message is sent again: no provider offers a
key to exclude that. The window is one statement wide, and each such case is counted
(``akoma_uncertain_resends_total``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite

import structlog
from sqlalchemy import and_, bindparam, func, or_, select, update
from sqlalchemy.engine import Connection, Row
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql import Select
from starlette.concurrency import run_in_threadpool

from bot.channels.base import Channel, Choice, Limits, Outbound, render
from bot.channels.errors import Retryable, SendError
from bot.channels.tasks import end
from bot.db.engine import Database, wake
from bot.db.slots import reserve
from bot.db.tables import inbox, outbox, staff_chat
from bot.db.types import UtcDateTime
from bot.delivery.holding import fate_of, in_safe_hours, may_be_frozen, next_safe_moment
from bot.delivery.metrics import Metrics
from bot.delivery.queue import Priority
from bot.delivery.refusals import (
    PAUSE_WHEN_MISCONFIGURED,
    announce,
    hold,
    person_of,
    postpone,
    settle,
    until_the_person_writes,
)
from bot.followup import conversations
from bot.followup.freezing import freeze_of
from bot.i18n.encode import join
from bot.i18n.recordings import find_voices, sound_of
from bot.i18n.speech import joined
from bot.i18n.wording import Wording

_log = structlog.get_logger(__name__)

CLAIM_LASTS = timedelta(seconds=60)
_BATCH = 40
# Wake-ups can be lost; the rows are looked at this often in any case (seconds).
_LOOK_EVERY = 1.0
# Between two attempts to record something while the database is away (seconds).
_WHILE_AWAY = 1.0
# Whoever stops a sender waits this long at most for what is under way (seconds).
_LAST_SECONDS = 3.0
# A slot this near is waited for; a later one gives the row back to the queue.
_WAIT_FOR_SLOT = timedelta(seconds=2)
_ERASABLE_FOR = timedelta(hours=48)

# Statements are built once, with parameters: building costs more than running.
_STAFF_CHAT = select(staff_chat).where(staff_chat.c.id == bindparam("this"))
_CHANGE = update(outbox).where(outbox.c.id == bindparam("this"))
_CHANGE_QUEUED = _CHANGE.where(outbox.c.state == "queued")
_CHANGE_OWN = _CHANGE.where(outbox.c.claimed_by == bindparam("own"))
_STATE = select(outbox.c.state).where(outbox.c.id == bindparam("this"))
_NOW = bindparam("now", type_=UtcDateTime())
_earlier = outbox.alias("earlier")
_OVERTAKEN = (
    select(_earlier.c.id)
    .where(
        _earlier.c.state == "queued",
        or_(
            _earlier.c.conversation_id == outbox.c.conversation_id,
            _earlier.c.staff_chat_id == outbox.c.staff_chat_id,
        ),
        or_(
            and_(
                _earlier.c.claimed_until > _NOW,
                # A crisis reply waits for none but its like: whoever sends may have died, or hang.
                or_(
                    outbox.c.priority > Priority.CRISIS,
                    _earlier.c.priority == Priority.CRISIS,
                ),
            ),
            _earlier.c.priority < outbox.c.priority,
            and_(_earlier.c.priority == outbox.c.priority, _earlier.c.id < outbox.c.id),
        ),
        _earlier.c.id != outbox.c.id,
    )
    .exists()
)
# The first queued row of each conversation that has none under way.
_CLAIMABLE = (
    select(outbox)
    .where(
        outbox.c.state == "queued",
        outbox.c.due_at <= _NOW,
        or_(outbox.c.claimed_until.is_(None), outbox.c.claimed_until <= _NOW),
        ~_OVERTAKEN,
    )
    .order_by(outbox.c.priority, outbox.c.id)
    .limit(_BATCH)
    .with_for_update(skip_locked=True)
)
_CLAIMABLE_OF = _CLAIMABLE.where(outbox.c.conversation_id == bindparam("conversation"))


@dataclass(frozen=True)
class Letter:
    """A claimed row with where it goes. ``leaves_at``: when its place in the rate limits comes."""

    row: Row
    channel: str
    address: str
    language: str
    leaves_at: datetime
    message_ids: tuple[str, ...] = ()
    by_template: bool = False
    sounds: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class _Result:
    letter: Letter
    provider_id: str = ""
    error: SendError | None = None
    stopped: bool = False


class _Stopped(Exception):
    """The row was cancelled, or another sender took it over, between two of its parts."""


class Sender:
    """Sends what is queued. Any number may run, in any number of processes."""

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        wording: Wording,
        metrics: Metrics,
        *,
        name: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._channels = channels
        self._wording = wording
        self._metrics = metrics
        self._name = name
        self._clock = clock
        self._sending: set[asyncio.Task[_Result]] = set()
        # What the providers said and no transaction has recorded yet.
        self._results: list[_Result] = []
        self._answered = asyncio.Event()

    async def run(self, wait: Callable[[float], Awaitable[bool]]) -> None:
        """Send for ever; a slow provider keeps nobody else's message waiting.

        Cancelled, it still records what leaves within the next seconds.

        Args:
            wait: waits until rows were queued (True), or for a number of seconds.
        """
        woken = asyncio.ensure_future(wait(_LOOK_EVERY))
        announced = True
        try:
            while True:
                self.post(await self._record_results_and_claim(announced))
                answered = asyncio.ensure_future(self._answered.wait())
                await asyncio.wait({answered, woken}, return_when=asyncio.FIRST_COMPLETED)
                answered.cancel()
                announced = woken.done() and woken.result()
                if woken.done():
                    woken = asyncio.ensure_future(wait(_LOOK_EVERY))
        finally:
            await end([woken])
            await self._finish()

    def claim_replies(
        self, connection: Connection, conversation_id: int, now: datetime
    ) -> list[Letter]:
        """Claim what a conversation has queued, in the transaction that queued it.

        ``post`` it when that has committed; if it never is, the claim lapses.
        """
        return self._claim(connection, now, _CLAIMABLE_OF, conversation=conversation_id)

    def post(self, letters: Sequence[Letter]) -> None:
        """Send what was claimed. ``run`` records what becomes of it."""
        for letter in letters:
            task = asyncio.create_task(self._send(letter))
            self._sending.add(task)
            task.add_done_callback(self._note_result)

    async def send_due(self) -> int:
        """Send all that may leave now; return how many messages the providers accepted."""
        accepted = 0
        letters = await run_in_threadpool(self._record_and_claim, [])
        while letters:
            results = await asyncio.gather(*(self._send(letter) for letter in letters))
            accepted += sum(1 for result in results if result.error is None)
            letters = await run_in_threadpool(self._record_and_claim, results)
        return accepted

    def _note_result(self, task: asyncio.Task[_Result]) -> None:
        self._sending.discard(task)
        if not task.cancelled():
            self._results.append(task.result())
            self._answered.set()

    async def _record_results_and_claim(self, announced: bool) -> list[Letter]:
        self._answered.clear()
        results, self._results = self._results, []
        try:
            return await run_in_threadpool(self._record_and_claim, results, announced)
        except SQLAlchemyError as error:
            # What was sent is recorded as soon as the database is back.
            _log.error("cannot record", error=type(error).__name__)
            self._results += results
            await asyncio.sleep(_WHILE_AWAY)
            self._answered.set()
            return []

    async def _finish(self) -> None:
        """Record what leaves in the next seconds, and give up the rest."""
        if self._sending:
            await asyncio.wait(self._sending, timeout=_LAST_SECONDS)
        await end(self._sending.copy())
        if self._results:
            results, self._results = self._results, []
            await run_in_threadpool(self._record_last, results)

    async def _send(self, letter: Letter) -> _Result:
        channel = self._channels[letter.channel]
        pause = (letter.leaves_at - self._clock()).total_seconds()
        if pause > 0:
            await asyncio.sleep(pause)
        try:
            return _Result(letter, await _deliver(channel, letter, self._keep_parts))
        except SendError as error:
            return _Result(letter, error=error)
        except _Stopped:
            return _Result(letter, stopped=True)
        except Exception as error:
            # A channel that breaks its promise must not stop the others.
            _log.error("channel failed", outbox_id=letter.row.id, error=type(error).__name__)
            return _Result(letter, error=Retryable(type(error).__name__))

    def _record_and_claim(self, results: Sequence[_Result], announced: bool = True) -> list[Letter]:
        """Record what was sent and claim what may leave.

        Args:
            announced: rows were queued; otherwise it is looked without a lock first.
        """
        now = self._clock()
        if not (results or announced or self._something_is_due(now)):
            return []
        with self._database.write() as connection:
            self._record(connection, results, now)
            return self._claim(connection, now, _CLAIMABLE)

    def _record_last(self, results: Sequence[_Result]) -> None:
        """Record what was sent by a sender that claims no more."""
        with self._database.write() as connection:
            self._record(connection, results, self._clock())

    def _something_is_due(self, now: datetime) -> bool:
        """Look without a lock: mostly nothing waits, and others want to write."""
        with self._database.read() as connection:
            return connection.execute(_CLAIMABLE, {"now": now}).first() is not None

    # -- claiming

    def _claim(
        self, connection: Connection, now: datetime, claimable: Select, **where: int
    ) -> list[Letter]:
        letters: list[Letter] = []
        # Where all that was found is held back, what stood behind it comes up: look again.
        while not letters and (rows := connection.execute(claimable, {"now": now, **where}).all()):
            letters = self._claim_rows(connection, rows, now)
        return letters

    def _claim_rows(
        self, connection: Connection, rows: Sequence[Row], now: datetime
    ) -> list[Letter]:
        letters = []
        for row in rows:
            letter = self._prepare(connection, row, now)
            if letter is None:
                continue
            if row.attempts > 0 and row.error is None:
                self._metrics.uncertain_resends.labels(letter.channel).inc()
                _log.warning("sent again after a crash", outbox_id=row.id)
            connection.execute(
                _CHANGE,
                {
                    "this": row.id,
                    "claimed_by": self._name,
                    "claimed_until": now + CLAIM_LASTS,
                    "attempts": row.attempts + 1,
                    "error": None,
                },
            )
            letters.append(letter)
        return letters

    def _prepare(self, connection: Connection, row: Row, now: datetime) -> Letter | None:
        """Return the row ready to leave, or None after holding, cancelling or postponing it."""
        if row.staff_chat_id is not None:
            chat = connection.execute(_STAFF_CHAT, {"this": row.staff_chat_id}).one()
            return self._place(connection, row, chat.channel, chat.address, "fr", now)
        talk = conversations.get_conversation(connection, row.conversation_id)
        if talk.channel not in self._channels:
            postpone(connection, row, now + PAUSE_WHEN_MISCONFIGURED, "channel_off")
            return None
        limits = self._channels[talk.channel].limits
        someone = person_of(connection, talk)
        freeze = freeze_of(connection, someone) if may_be_frozen(row, someone) else None
        fate = fate_of(row, talk, someone, limits, now, freeze)
        if fate == "cancel":
            connection.execute(_CHANGE, {"this": row.id, "state": "cancelled"})
            return None
        if fate in ("hold", "notice"):
            until = until_the_person_writes(now)
            waits_for_hours = fate == "hold" and talk.left_at is None
            if waits_for_hours and someone is not None and not in_safe_hours(someone, now):
                until = next_safe_moment(someone, now)
            hold(connection, row, until)
            if fate == "notice":
                announce(connection, talk, self._wording, now)
            return None
        # The provider may count the window from earlier than we: what it did not take of a notice
        # leaves as a template.
        closed = limits.window is not None and (
            talk.last_inbound_at is None
            or now - talk.last_inbound_at >= limits.window
            or (row.kind == "notice" and row.error is not None)
        )
        ids = _erasable(connection, row, now) if row.kind == "erase" else ()
        sounds = self._sounds(connection, row, limits) if row.kind == "audio" else ()
        if row.kind == "audio" and not sounds:
            connection.execute(_CHANGE, {"this": row.id, "state": "cancelled"})
            return None
        return self._place(
            connection,
            row,
            talk.channel,
            talk.address,
            talk.language,
            now,
            message_ids=ids,
            by_template=closed,
            sounds=sounds,
        )

    def _sounds(self, connection: Connection, row: Row, limits: Limits) -> tuple[bytes, ...]:
        """Return what a row is to let hear; () where nobody has recorded it, or it is too much.

        The row is told which recordings they are: another language may stand in.
        """
        voices = find_voices(connection, self._wording, row.voice)
        sounds = tuple(sound_of(connection, voice) for voice in voices)
        if not sounds or sum(map(len, sounds)) > limits.audio:
            return ()
        played = joined(voice.reference for voice in voices)
        connection.execute(_CHANGE, {"this": row.id, "voice": played})
        return sounds

    def _place(
        self,
        connection: Connection,
        row: Row,
        channel: str,
        address: str,
        language: str,
        now: datetime,
        *,
        message_ids: tuple[str, ...] = (),
        by_template: bool = False,
        sounds: tuple[bytes, ...] = (),
    ) -> Letter | None:
        if channel not in self._channels:
            postpone(connection, row, now + PAUSE_WHEN_MISCONFIGURED, "channel_off")
            return None
        limits = self._channels[channel].limits
        leaves_at = _reserve_places(connection, channel, row, limits, now)
        if leaves_at - now > _WAIT_FOR_SLOT:
            postpone(connection, row, leaves_at, row.error or "")
            return None
        return Letter(row, channel, address, language, leaves_at, message_ids, by_template, sounds)

    # -- recording

    async def _keep_parts(self, letter: Letter, sent: list[str]) -> None:
        """Record which parts have left before the next one does, and keep the claim.

        Raises:
            _Stopped: the next one must not leave.
        """
        while True:
            try:
                if await run_in_threadpool(self._record_parts, letter.row.id, sent):
                    return
                raise _Stopped
            except SQLAlchemyError as error:
                # Once the database is back: a part that is not recorded would be sent again.
                _log.error("cannot record", error=type(error).__name__)
                await asyncio.sleep(_WHILE_AWAY)

    def _record_parts(self, outbox_id: int, sent: list[str]) -> bool:
        """Record the parts of a row; return whether it is still ours to send."""
        until = self._clock() + CLAIM_LASTS
        known = {"this": outbox_id, "own": self._name, "sent_parts": sent, "claimed_until": until}
        with self._database.write() as connection:
            own = connection.execute(_CHANGE_OWN, known).rowcount == 1
            state = connection.execute(_STATE, {"this": outbox_id}).scalar_one()
        return own and state == "queued"

    def _record(self, connection: Connection, results: Sequence[_Result], now: datetime) -> None:
        for result in results:
            if not result.stopped:
                self._record_one(connection, result, now)

    def _record_one(self, connection: Connection, result: _Result, now: datetime) -> None:
        row, channel, error = result.letter.row, result.letter.channel, result.error
        if error is None:
            self._metrics.sent.labels(channel).inc()
            connection.execute(
                _CHANGE_QUEUED,
                {
                    "this": row.id,
                    "state": "sent",
                    "sent_at": now,
                    "provider_id": result.provider_id or None,
                    "claimed_by": None,
                    "claimed_until": None,
                },
            )
            wake(connection, "console")
            wake(connection, channel)
            return
        self._metrics.send_failures.labels(channel, type(error).__name__).inc()
        _log.warning("not sent", outbox_id=row.id, channel=channel, error=error.code)
        settle(connection, row, error, self._wording, now)


async def _deliver(
    channel: Channel,
    letter: Letter,
    keep_parts: Callable[[Letter, list[str]], Awaitable[None]],
) -> str:
    """Send a row, or what has not left of it yet; return the provider's id of its last message."""
    row = letter.row
    if row.kind == "erase":
        await channel.erase(letter.address, letter.message_ids)
        return ""
    if row.kind == "audio":
        sound = await run_in_threadpool(join, letter.sounds)
        return await channel.send_audio(letter.address, sound)
    choices = tuple(Choice(**item) for item in row.choices or ())
    if letter.by_template:
        token = choices[0].token if choices else ""
        return await channel.send_template(letter.address, letter.language, row.text, token)
    *earlier, last = render(Outbound(row.text, choices), channel.limits)
    sent = list(row.sent_parts or ())
    for part in earlier[len(sent) :]:
        sent.append(await channel.send(letter.address, part))
        await keep_parts(letter, sent)
    return await channel.send(letter.address, last)


def _reserve_places(
    connection: Connection, channel: str, row: Row, limits: Limits, now: datetime
) -> datetime:
    # Always in this order, so that two senders never wait for each other.
    leaves_at = now
    if isfinite(limits.per_second):
        interval = timedelta(seconds=1 / limits.per_second)
        burst = max(1, int(limits.per_second))
        leaves_at = reserve(connection, f"{channel}:all", now, interval, burst)
    if limits.per_chat_interval:
        key = f"{channel}:{row.conversation_id or f's{row.staff_chat_id}'}"
        own = reserve(connection, key, now, limits.per_chat_interval, burst=limits.per_chat_burst)
        leaves_at = max(leaves_at, own)
    return leaves_at


def _erasable(connection: Connection, row: Row, now: datetime) -> tuple[str, ...]:
    """Return the provider's ids of both sides' messages that can still be deleted."""
    since = now - _ERASABLE_FOR
    ours = select(outbox.c.provider_id, outbox.c.sent_parts).where(
        outbox.c.conversation_id == row.conversation_id,
        or_(outbox.c.provider_id.is_not(None), outbox.c.sent_parts.is_not(None)),
        # Of what has left in part only there is no such moment.
        func.coalesce(outbox.c.sent_at, outbox.c.created_at) > since,
    )
    theirs = select(inbox.c.payload).where(
        inbox.c.conversation_id == row.conversation_id, inbox.c.received_at > since
    )
    ids: list[str | None] = []
    for last, earlier in connection.execute(ours):
        ids += [*(earlier or ()), last]
    ids += [payload.get("origin") for payload in connection.execute(theirs).scalars()]
    return tuple(provider_id for provider_id in ids if provider_id)
