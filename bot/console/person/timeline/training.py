"""Training: what was asked for, what came of it, when it began."""

from __future__ import annotations

from sqlalchemy.engine import Row

from bot.console.person.entry import Entry, FileLook
from bot.followup.training import enrolments
from bot.i18n.translator import Translate

_UNDECIDED = "requested"


def title(_: Translate) -> str:
    """Return the name of the filter."""
    return _("Formation")


def load(look: FileLook) -> list[Entry]:
    """Return an entry for each request that was decided on, and for each first day."""
    rows = enrolments(look.connection, look.someone.id)
    entries = [_asked(look, row) for row in rows if row.state != _UNDECIDED]
    entries += [_began(look, row) for row in rows if row.first_day is not None]
    return [entry for entry in entries if entry.at < min(look.before, look.now)]


def load_under_way(look: FileLook) -> list[Entry]:
    """Return an entry for each request without an answer, and for each first day to come."""
    rows = enrolments(look.connection, look.someone.id)
    coming = [row for row in rows if row.first_day is not None and row.first_day >= look.now]
    return [
        *(_asked(look, row) for row in rows if row.state == _UNDECIDED),
        *(_began(look, row) for row in coming),
    ]


def _asked(look: FileLook, row: Row) -> Entry:
    _ = look.translate
    return Entry(
        at=row.requested_at,
        title=_("Formation demandée : {title}").format(title=row.title),
        detail=look.tell.training_state(row.state),
    )


def _began(look: FileLook, row: Row) -> Entry:
    _ = look.translate
    return Entry(
        at=row.first_day,
        title=_("Premier jour : {title}").format(title=row.title),
        detail=row.place,
    )
