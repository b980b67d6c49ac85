"""Visits, calls and appointments: what took place, and what is planned."""

from __future__ import annotations

from sqlalchemy.engine import Row

from bot.console.person.entry import Entry, FileLook
from bot.followup.appointments import appointments_of
from bot.i18n.translator import Translate

_OPEN = ("planned", "moved")


def title(_: Translate) -> str:
    """Return the name of the filter."""
    return _("Visites")


def load(look: FileLook) -> list[Entry]:
    """Return an entry for each appointment that is over."""
    rows = appointments_of(look.connection, look.someone.id)
    return [
        _entry(look, row)
        for row in rows
        if row.starts_at < min(look.before, look.now) and row.state not in _OPEN
    ]


def load_under_way(look: FileLook) -> list[Entry]:
    """Return those to come, and those of which nobody has noted whether they took place."""
    rows = appointments_of(look.connection, look.someone.id)
    return [_entry(look, row) for row in rows if row.state in _OPEN]


def _entry(look: FileLook, row: Row) -> Entry:
    _ = look.translate
    is_open = row.state in _OPEN
    over = is_open and row.starts_at < look.now
    parts = [_("à noter : a eu lieu ?") if over else look.tell.visit_state(row.state)]
    if row.staff_name:
        parts.append(_("avec {name}").format(name=row.staff_name))
    if row.place:
        parts.append(row.place)
    return Entry(
        at=row.starts_at,
        title=look.tell.visits.get(row.kind, _("Rendez-vous")),
        detail=" · ".join(parts),
        warns=over or row.state == "missed",
        answers=_answers(look, row) if over else (),
        answers_to="appointment-state",
    )


def _answers(look: FileLook, row: Row) -> tuple[tuple[str, str], ...]:
    _ = look.translate
    words = {"done": _("A eu lieu"), "missed": _("N’a pas eu lieu")}
    return tuple((f"{row.id}-{state}", text) for state, text in words.items())
