"""Serves Akoma for the benchmark: as in service, but without Telegram's own send limits.

At 30 messages a second in all and one a second in a chat they would be what is measured.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from math import inf

import uvicorn

from bot.app import build_services, build_web
from bot.channels.telegram.channel import TelegramChannel
from bot.logs import configure_logging
from bot.settings import read_settings

if __name__ == "__main__":
    configure_logging()
    TelegramChannel.limits = replace(
        TelegramChannel.limits, per_second=inf, per_chat_interval=timedelta(0)
    )
    settings = read_settings()
    application = build_web(build_services(settings), with_worker=True)
    uvicorn.run(
        application,
        host=settings.host,
        port=settings.port,
        log_config=None,
        log_level="warning",
        access_log=False,
        ws="none",
    )
