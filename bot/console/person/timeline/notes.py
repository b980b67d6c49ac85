"""Notes that colleagues wrote for each other."""

from __future__ import annotations

from bot.console.person.entry import Entry, FileLook
from bot.followup.notes import notes_of
from bot.i18n.translator import Translate


def title(_: Translate) -> str:
    """Return the name of the filter."""
    return _("Notes")


def load(look: FileLook) -> list[Entry]:
    """Return an entry for each note."""
    _ = look.translate
    rows = notes_of(look.connection, look.someone.id, look.limit, before=look.before)
    return [
        Entry(at=row.at, title=_("{name} a noté").format(name=row.staff_name), quote=row.text)
        for row in rows
    ]
