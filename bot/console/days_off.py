"""Closed days of a structure and leave of its staff, by those who plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.console.fields import day_in, id_in
from bot.console.visit import Console, Page, Visit, go, guarded, posted
from bot.db.tables import staff
from bot.followup import audit, days_off
from bot.followup.access import NotAllowed, may_plan
from bot.followup.days_off import LONGEST_NAME, DaysRefused
from bot.followup.duty import active_members
from bot.followup.structures import get_structure

_PATH = "/structures/{id:int}/days-off"


def routes(console: Console) -> list[BaseRoute]:
    """Return the routes of the page."""
    done: dict[str, Page] = {
        "close": _close,
        "open": _open,
        "leave": _leave,
        "leave-back": _leave_back,
    }
    return [guarded(console, _PATH, _page), *posted(console, _PATH, done)]


def _page(visit: Visit, *, refused: str = "", reason: str = "") -> Response:
    structure_id = _planned(visit)
    with visit.console.database.read() as connection:
        home = get_structure(connection, structure_id)
        today = visit.now.astimezone(ZoneInfo(home.timezone)).date()
        values: Mapping[str, Any] = {
            "home": home,
            "today": today,
            "runs": _runs(days_off.coming_closed_days(home, today)),
            "leave": days_off.coming_leave(connection, home.id, today),
            "members": active_members(connection, staff.c.structure_id == home.id),
            "alone": days_off.days_without_anybody(connection, home, today),
        }
    return visit.page(
        "days_off.html",
        status=422 if refused else 200,
        refused=refused,
        reason=reason,
        closing=defaultdict(str, visit.form if refused == "close" else {}),
        leaving=defaultdict(str, visit.form if refused == "leave" else {}),
        longest_name=LONGEST_NAME,
        **values,
    )


def _close(visit: Visit) -> Response:
    _ = visit.pages.translate
    structure_id = _planned(visit)
    first = day_in(visit.form.get("first", ""))
    last = day_in(visit.form.get("last", "")) or first
    name = visit.form.get("name", "").strip()
    if first is None or last is None or not name:
        return _page(visit, refused="close", reason=_("Il manque un jour ou un nom."))
    try:
        with visit.console.database.write() as connection:
            days_off.close_days(connection, structure_id, first, last, name)
            _note(connection, visit, "structure.close", structure_id)
    except DaysRefused:
        reason = _("Le dernier jour vient après le premier, et un mois plus tard au plus.")
        return _page(visit, refused="close", reason=reason)
    return _back(structure_id, "closed")


def _open(visit: Visit) -> Response:
    structure_id = _planned(visit)
    first, last = day_in(visit.form.get("first", "")), day_in(visit.form.get("last", ""))
    if first is None or last is None:
        raise NotAllowed("no such days")
    with visit.console.database.write() as connection:
        days_off.open_days(connection, structure_id, first, last)
        _note(connection, visit, "structure.open", structure_id)
    return _back(structure_id, "closed")


def _leave(visit: Visit) -> Response:
    _ = visit.pages.translate
    structure_id = _planned(visit)
    who = id_in(visit.form.get("who", ""))
    first = day_in(visit.form.get("first", ""))
    last = day_in(visit.form.get("last", "")) or first
    if who is None or first is None or last is None:
        return _page(visit, refused="leave", reason=_("Il manque une personne ou un jour."))
    try:
        with visit.console.database.write() as connection:
            here = (staff.c.structure_id == structure_id, staff.c.id == who)
            found = active_members(connection, *here)
            if not found:
                raise NotAllowed(f"staff {who}")
            days_off.add_leave(connection, found[0], first, last)
            _note(connection, visit, "staff.leave", who, "staff")
    except DaysRefused:
        reason = _("Le dernier jour vient après le premier, et un an plus tard au plus.")
        return _page(visit, refused="leave", reason=reason)
    return _back(structure_id, "leave")


def _leave_back(visit: Visit) -> Response:
    structure_id = _planned(visit)
    leave = id_in(visit.form.get("leave", ""))
    if leave is None:
        raise NotAllowed("no such leave")
    with visit.console.database.write() as connection:
        days_off.remove_leave(connection, structure_id, leave)
        _note(connection, visit, "staff.leave_back", leave, "staff_leave")
    return _back(structure_id, "leave")


def _runs(days: list[tuple[date, str]]) -> list[tuple[date, date, str]]:
    """Return days that follow each other under one name as (first, last, name)."""
    runs: list[tuple[date, date, str]] = []
    for day, name in days:
        if runs and runs[-1][2] == name and day - runs[-1][1] == timedelta(days=1):
            runs[-1] = (runs[-1][0], day, name)
        else:
            runs.append((day, day, name))
    return runs


def _planned(visit: Visit) -> int:
    structure_id = visit.number("id")
    if not may_plan(visit.member, structure_id):
        raise NotAllowed(f"structure {structure_id}")
    return structure_id


def _note(
    connection: Connection, visit: Visit, action: str, number: int, kind: str = "structure"
) -> None:
    audit.record_by(connection, visit.member, action, kind, number, visit.now)


def _back(structure_id: int, part: str) -> Response:
    return go(f"/structures/{structure_id}/days-off#{part}")
