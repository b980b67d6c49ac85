"""The harnesses of the channels, found by the channels' names."""

from __future__ import annotations

import importlib
import importlib.util

from tests.channels.harness.base import Harness


def harnesses_of(name: str) -> list[type[Harness]]:
    """Return a channel's harnesses; none where it has no module here."""
    module = f"{__name__}.{name}"
    if importlib.util.find_spec(module) is None:
        return []
    harnesses: list[type[Harness]] = importlib.import_module(module).HARNESSES
    return harnesses
