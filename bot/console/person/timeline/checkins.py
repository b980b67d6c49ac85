"""The weekly news: faces and what else was answered."""

from __future__ import annotations

from sqlalchemy.engine import Row

from bot.console.person.entry import Entry, FileLook
from bot.followup.checkins import LOW, checkins_of
from bot.i18n.translator import Translate


def title(_: Translate) -> str:
    """Return the name of the filter."""
    return _("Nouvelles")


def load(look: FileLook) -> list[Entry]:
    """Return an entry for each check-in; a low face stands out."""
    rows = checkins_of(look.connection, look.someone.id, look.limit, before=look.before)
    return [_entry(look, row) for row in rows]


def _entry(look: FileLook, row: Row) -> Entry:
    _ = look.translate
    scores = look.tell.score(row)
    return Entry(
        at=row.at,
        title=_("Nouvelles : {scores}").format(scores=scores) if scores else _("Nouvelles"),
        detail=look.tell.rest_of_checkin(row),
        warns=any(score is not None and score <= LOW for score in (row.week, row.sleep)),
    )
