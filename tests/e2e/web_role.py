"""The whole web role in a thread, by a clock that tests set; the dialogue is not there."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime, timezone

import pytest

from bot.app import build_services, build_web
from bot.settings import read_settings
from tests.conftest import KEYS
from tests.console.site import Clock
from tests.platforms.base import ServerThread


@pytest.fixture
def clock() -> Clock:
    """Give a clock that stands still until it is moved."""
    return Clock(datetime.now(timezone.utc))


@pytest.fixture
def url(installed, telegram, trained_screen, clock) -> Iterator[str]:
    """Run the web role; give its address."""
    server = ServerThread()
    services = build_services(
        read_settings(
            {
                "AKOMA_DATABASE_URL": installed.url.render_as_string(False),
                "AKOMA_SECRET_KEY": ",".join(KEYS),
                "AKOMA_PUBLIC_URL": server.url,
                "AKOMA_MODEL_PATH": str(trained_screen),
                "AKOMA_TELEGRAM_TOKEN": telegram.token,
                "AKOMA_TELEGRAM_BASE_URL": telegram.base_url,
            }
        ),
        clock,
    )
    web = build_web(services, with_worker=False)
    server.start(web)
    work = contextlib.AsyncExitStack()
    server.call(work.enter_async_context(web.router.lifespan_context(web)))
    yield server.url
    server.call(work.aclose())
    server.stop()


__all__ = ["clock", "url"]
