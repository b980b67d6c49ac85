"""What the tests of the console start from."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.engine import Row

from bot.db.engine import Database
from bot.i18n.wording import Wording, load_wording
from bot.settings import PROJECT
from tests.console.cases import Office, make_office, make_talk
from tests.console.site import Clock, Site


@pytest.fixture(scope="session")
def wording() -> Wording:
    """Give the real sentences."""
    return load_wording(PROJECT)


@pytest.fixture
def site(database: Database, wording: Wording, now: datetime) -> Site:
    """Give the console on an empty database, in duty hours."""
    return Site(database, wording, Clock(now))


@pytest.fixture
def office(site: Site) -> Office:
    """Give a structure with its staff."""
    return make_office(site)


@pytest.fixture
def talk(site: Site, office: Office) -> Row:
    """Give the conversation of somebody whom the structure follows."""
    return make_talk(site, office, case_number="0317")
