"""An intake that records as the real one does, and whose answers a test decides."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Row

from bot.channels.base import DeliveryUpdate, Event, Inbound
from bot.db.engine import Database, wake
from bot.db.inserts import insert_if_absent
from bot.db.tables import inbox, outbox
from bot.followup import conversations
from tests.channels.harness.base import RecordingIntake

CHANNEL = "webchat"


class Desk(RecordingIntake):
    """Records messages and receipts, and writes replies as the sender leaves them."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self.database = database
        self.clock = clock

    async def __call__(self, channel: str, events: Sequence[Event]) -> None:
        """Record ``events``, or fail where the test says so."""
        await super().__call__(channel, events)
        await asyncio.to_thread(self._record, events)

    def receipts(self) -> list[tuple[str, str]]:
        """Return what was acknowledged, as (message id, receipt)."""
        return [
            (event.message_id, event.receipt)
            for event in self.events
            if isinstance(event, DeliveryUpdate)
        ]

    def answer(
        self,
        address: str,
        text: str,
        *titles: str,
        kind: str = "text",
        state: str = "sent",
        author: str = "bot",
        in_reply_to: int | None = None,
    ) -> str:
        """Leave a reply in the outbox and announce it; return its provider id."""
        now = self.clock()
        provider_id = f"{CHANNEL}-{secrets.token_hex(8)}"
        with self.database.write() as connection:
            talk = conversations.find_or_open(connection, CHANNEL, address, now)
            connection.execute(
                insert(outbox).values(
                    conversation_id=talk.id,
                    in_reply_to=in_reply_to,
                    author=author,
                    kind=kind,
                    text=text,
                    choices=[
                        {"key": str(key), "title": title, "token": f"opaque-{title.lower()}"}
                        for key, title in enumerate(titles, start=1)
                    ],
                    priority=2,
                    state=state,
                    restricted=False,
                    attempts=1,
                    due_at=now,
                    created_at=now,
                    sent_at=None if state == "queued" else now,
                    provider_id=provider_id,
                )
            )
            wake(connection, CHANNEL)
        return provider_id

    def written(self, address: str) -> list[Row]:
        """Return the recorded messages of an address."""
        with self.database.read() as connection:
            talk = conversations.find(connection, CHANNEL, address)
            assert talk is not None
            query = select(inbox).where(inbox.c.conversation_id == talk.id).order_by(inbox.c.id)
            return connection.execute(query).all()

    def forget(self, text_of: Row) -> None:
        """Blank a message's text, as without consent."""
        with self.database.write() as connection:
            connection.execute(update(inbox).where(inbox.c.id == text_of.id).values(text=None))

    def _record(self, events: Sequence[Event]) -> None:
        with self.database.write() as connection:
            for event in events:
                if isinstance(event, DeliveryUpdate):
                    connection.execute(
                        update(outbox)
                        .where(outbox.c.provider_id == event.message_id)
                        .values(state=event.receipt)
                    )
                elif isinstance(event, Inbound):
                    now = self.clock()
                    talk = conversations.find_or_open(connection, CHANNEL, event.address, now)
                    insert_if_absent(
                        connection,
                        inbox,
                        {
                            "channel": CHANNEL,
                            "provider_id": event.provider_id,
                            "conversation_id": talk.id,
                            "kind": event.kind,
                            "text": event.text or event.token,
                            "payload": {},
                            "answered_at_intake": False,
                            "restricted": False,
                            "sent_at": event.sent_at,
                            "received_at": now,
                            "attempts": 0,
                        },
                    )
