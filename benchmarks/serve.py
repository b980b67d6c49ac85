"""Serves Akoma for the benchmark: as in service, but without Telegram's own send limits.

At 30 messages a second in all and one a second in a chat they would be what is measured. The web
process keeps the worker as its child; both must be without limits.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import timedelta
from math import inf

import uvicorn

from bot.app import build_services, build_web
from bot.channels.registry import build_channels
from bot.channels.telegram.channel import TelegramChannel
from bot.logs import configure_logging
from bot.settings import read_settings


def serve_web() -> None:
    """Run the web role, with a worker as child."""
    settings = read_settings()
    # uvicorn raises the signal again once it has stopped: the worker must still be told.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    worker = subprocess.Popen([sys.executable, "-m", "benchmarks.serve", "worker"])
    try:
        uvicorn.run(
            build_web(build_services(settings), with_worker=False),
            host=settings.host,
            port=settings.port,
            log_config=None,
            log_level="warning",
            access_log=False,
            ws="none",
        )
    finally:
        worker.terminate()
        worker.wait()


def serve_worker() -> None:
    """Run the worker role until SIGTERM."""
    from bot.dialogue.agent import load_dialogue
    from bot.worker import run_worker

    settings = read_settings()
    services = build_services(settings)
    channels = build_channels(settings, services.database)
    run_worker(
        services.database,
        channels,
        services.wording,
        lambda: load_dialogue(settings, services.wording),
        threading.Event(),
    )


if __name__ == "__main__":
    configure_logging()
    TelegramChannel.limits = replace(
        TelegramChannel.limits, per_second=inf, per_chat_interval=timedelta(0)
    )
    if sys.argv[1:] == ["worker"]:
        serve_worker()
    else:
        serve_web()
