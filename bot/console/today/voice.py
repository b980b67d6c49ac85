"""Voice notes that nobody has heard yet (safeguarding 22)."""

from __future__ import annotations

from bot.console.today.alerts import VOICE, load_where
from bot.console.today.item import Item, Look
from bot.db.tables import alert
from bot.i18n.translator import Translate


def title(_: Translate) -> str:
    """Return the name of the filter."""
    return _("À écouter")


def load(look: Look) -> list[Item]:
    """Return a row for each person whose voice notes wait."""
    return load_where(look, alert.c.kind == VOICE)
