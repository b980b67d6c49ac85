"""Help that was asked for, and what came of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.engine import Row

from bot.console.person.entry import Entry, FileLook
from bot.followup.aid import UNDECIDED, requests_of
from bot.i18n.translator import Translate


def title(_: Translate) -> str:
    """Return the name of the filter."""
    return _("Aides")


def load(look: FileLook) -> list[Entry]:
    """Return an entry for each request, at the moment it was made."""
    rows = requests_of(look.connection, look.someone.id)
    return [
        _entry(look, row, row.requested_at)
        for row in rows
        if row.state not in UNDECIDED and row.requested_at < look.before
    ]


def load_under_way(look: FileLook) -> list[Entry]:
    """Return an entry for each request that was not given or refused yet."""
    rows = requests_of(look.connection, look.someone.id)
    return [_entry(look, row, row.requested_at) for row in rows if row.state in UNDECIDED]


def _entry(look: FileLook, row: Row, at: datetime) -> Entry:
    _ = look.translate
    detail, late = look.tell.aid_state(row.state), False
    if row.expected_on is not None and row.state in UNDECIDED:
        day = look.say.day(look.noon(row.expected_on), look.now, look.zone).lower()
        late = look.is_past(row.expected_on)
        words = _("{state} · prévu {day}, en retard") if late else _("{state} · prévu {day}")
        detail = words.format(state=detail, day=day)
    return Entry(
        at=at,
        title=_("Aide demandée : {name}").format(name=row.name),
        detail=detail,
        warns=late,
    )
