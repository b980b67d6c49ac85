"""A process that is killed (SIGKILL) when its intake has committed and the offset has not moved.

Run by ``test_polling.py``: database address, Telegram's address, token.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Sequence

from bot.channels.base import Event, Intake
from bot.channels.telegram.channel import TelegramChannel
from bot.db.engine import Database
from bot.settings import Settings, TelegramSettings

_KEYS = ("another-made-up-key-for-one-process-0123",)


class _Killed(Intake):
    async def __call__(self, channel: str, events: Sequence[Event]) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


def main(database_url: str, base_url: str, token: str) -> None:
    """Poll until killed."""
    telegram = TelegramSettings(token=token, base_url=base_url)
    settings = Settings(database_url=database_url, secret_keys=_KEYS, telegram=telegram)
    database = Database(database_url, _KEYS)
    asyncio.run(TelegramChannel(settings, database).run(_Killed()))


if __name__ == "__main__":
    main(*sys.argv[1:])
