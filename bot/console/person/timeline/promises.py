"""What was promised to the person and not kept yet (safeguarding 24)."""

from __future__ import annotations

from sqlalchemy.engine import Row

from bot.console.person.entry import Entry, FileLook
from bot.followup.agenda import open_promises


def load_under_way(look: FileLook) -> list[Entry]:
    """Return an entry for each promise that this reader may know of."""
    rows = open_promises(look.connection, look.member, look.someone.id)
    return [_entry(look, row) for row in rows]


def _entry(look: FileLook, row: Row) -> Entry:
    return Entry(
        at=row.due_at,
        title=look.say.promise(row.subject),
        detail=look.say.promised(row.due_at, look.now, look.zone),
        href=f"/conversations/{row.conversation_id}#newest",
        warns=row.due_at < look.now,
    )
