"""The screen as it is in service, built once: it has no state."""

from __future__ import annotations

import pytest

from bot.safety.screen import Screen, load_screen


@pytest.fixture(scope="session")
def screen() -> Screen:
    return load_screen()
