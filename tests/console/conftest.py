"""What the tests of the console start from."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.db.engine import Database
from bot.i18n.wording import Wording, load_wording
from bot.settings import PROJECT
from tests.console.site import Clock, Site


@pytest.fixture(scope="session")
def wording() -> Wording:
    """Give the real sentences."""
    return load_wording(PROJECT)


@pytest.fixture
def site(database: Database, wording: Wording, now: datetime) -> Site:
    """Give the console on an empty database, in duty hours."""
    return Site(database, wording, Clock(now))
