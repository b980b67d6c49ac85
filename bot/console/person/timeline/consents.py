"""Consent: who said yes or no, when, and who noted it."""

from __future__ import annotations

from sqlalchemy.engine import Row

from bot.console.person.entry import Entry, FileLook
from bot.followup.consent import consents_of
from bot.i18n.translator import Translate


def title(_: Translate) -> str:
    """Return the name of the filter."""
    return _("Accords")


def load(look: FileLook) -> list[Entry]:
    """Return an entry for each answer."""
    rows = consents_of(look.connection, look.someone.id)
    return [_entry(look, row) for row in rows if row.at < look.before]


def _entry(look: FileLook, row: Row) -> Entry:
    _ = look.translate
    noted = _("noté par {name}").format(name=row.staff_name) if row.staff_name else _("par écrit")
    return Entry(
        at=row.at,
        title=look.tell.consent(row),
        detail=noted,
        quote=row.reason or "",
        warns=row.answer == "no",
    )
