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

import structlog
from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.engine import Connection, Row
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql import Select
from starlette.concurrency import run_in_threadpool

from bot.channels.base import Channel
from bot.channels.errors import Retryable, SendError
from bot.channels.tasks import end
from bot.db.engine import Database, wake
from bot.db.tables import in_state, outbox
from bot.db.types import UtcDateTime
from bot.delivery.letters import CHANGE, Letter, deliver, prepare
from bot.delivery.metrics import Metrics
from bot.delivery.queue import Priority
from bot.delivery.refusals import settle
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

# Statements are built once, with parameters: building costs more than running.
# What leaves in parts has lost its claim where a receipt says that one of them was refused: it
# leaves again from there.
_CHANGE_QUEUED = CHANGE.where(
    outbox.c.state == "queued",
    or_(outbox.c.sent_parts.is_(None), outbox.c.claimed_by.is_not(None)),
)
_CHANGE_OWN = CHANGE.where(outbox.c.claimed_by == bindparam("own"))
_STATE = select(outbox.c.state).where(outbox.c.id == bindparam("this"))
_NOW = bindparam("now", type_=UtcDateTime())
_earlier = outbox.alias("earlier")
_OVERTAKEN = (
    select(_earlier.c.id)
    .where(
        in_state(_earlier, "queued"),
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
        in_state(outbox, "queued"),
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
        self, connection: Connection, talk: Row, someone: Row | None, now: datetime
    ) -> list[Letter]:
        """Claim what a conversation has queued, in the transaction that queued it.

        ``post`` it when that has committed; if it never is, the claim lapses.

        Args:
            talk: the conversation as that transaction leaves it.
            someone: the person it is with, where known.
        """
        return self._claim(connection, now, _CLAIMABLE_OF, talk, someone)

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
            if not await run_in_threadpool(self._is_wanted, letter.row.id):
                return _Result(letter, stopped=True)
        try:
            return _Result(letter, await deliver(channel, letter, self._keep_parts))
        except SendError as error:
            return _Result(letter, error=error)
        except _Stopped:
            return _Result(letter, stopped=True)
        except Exception as error:
            # A channel that breaks its promise must not stop the others.
            _log.error("channel failed", outbox_id=letter.row.id, error=type(error).__name__)
            return _Result(letter, error=Retryable(type(error).__name__))

    def _is_wanted(self, outbox_id: int) -> bool:
        """Tell whether a row that waited for its place was not cancelled meanwhile."""
        with self._database.read() as connection:
            return connection.execute(_STATE, {"this": outbox_id}).scalar_one() == "queued"

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
        self,
        connection: Connection,
        now: datetime,
        claimable: Select,
        talk: Row | None = None,
        someone: Row | None = None,
    ) -> list[Letter]:
        where = {"now": now} if talk is None else {"now": now, "conversation": talk.id}
        letters: list[Letter] = []
        # Where all that was found is held back, what stood behind it comes up: look again.
        while not letters and (rows := connection.execute(claimable, where).all()):
            letters = self._claim_rows(connection, rows, now, talk, someone)
        return letters

    def _claim_rows(
        self,
        connection: Connection,
        rows: Sequence[Row],
        now: datetime,
        talk: Row | None,
        someone: Row | None,
    ) -> list[Letter]:
        letters = []
        for row in rows:
            letter = prepare(connection, row, self._channels, self._wording, now, talk, someone)
            if letter is None:
                continue
            if row.attempts > 0 and row.error is None:
                self._metrics.uncertain_resends.labels(letter.channel).inc()
                _log.warning("sent again after a crash", outbox_id=row.id)
            connection.execute(
                CHANGE,
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
        if connection.execute(_STATE, {"this": row.id}).scalar_one() == "queued":
            settle(connection, row, error, self._wording, now)
