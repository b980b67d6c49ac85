"""Alerts, open or closed: those that this reader may see."""

from __future__ import annotations

from sqlalchemy.engine import Row

from bot.console.person.entry import Entry, FileLook
from bot.followup.alerts import alerts_of_person
from bot.i18n.translator import Translate


def title(_: Translate) -> str:
    """Return the name of the filter."""
    return _("Alertes")


def load(look: FileLook) -> list[Entry]:
    """Return an entry for each alert, at the moment it was opened."""
    rows = alerts_of_person(
        look.connection, look.member, look.someone.id, look.limit, before=look.before
    )
    return [_entry(look, row) for row in rows]


def _entry(look: FileLook, row: Row) -> Entry:
    _ = look.translate
    state = _("ouverte")
    if row.state == "resolved":
        outcome = look.say.outcome(row.outcome) if row.outcome else ""
        state = _("fermée : {outcome}").format(outcome=outcome) if outcome else _("fermée")
    return Entry(
        at=row.opened_at,
        title=look.say.subject(row),
        detail=f"{look.say.severity(row.severity)} · {state}",
        href=f"/alerts/{row.id}",
        warns=row.severity != "normal",
    )
