"""Python's search for garbage, kept away where much is made that stays.

It looks the more often the more is made: reading the safety screen took two fifths of its time for
it, and reading all examples a third, and found nothing.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for no garbage until the end of the block. Whoever had it switched off keeps it so."""
    looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looking:
            gc.enable()
