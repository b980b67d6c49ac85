"""The one list of where a partner's cases come from: adding one is one line.

Nothing refers a case yet.
"""

from __future__ import annotations

from bot.console.referred.case import Load

SOURCES: tuple[Load, ...] = ()
