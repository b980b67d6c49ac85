"""The rota of a structure: who is on call, who supervises, from when until when.

One's own; administrators plan every structure's.
"""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection, Row
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.console.fields import id_in, moment_in
from bot.console.visit import Console, Visit, go, guarded
from bot.db.tables import staff
from bot.followup import audit, duty
from bot.followup.access import NotAllowed, rights_of, takes_cases
from bot.followup.duty import RotaRefused
from bot.followup.structures import get_structure


def routes(console: Console) -> list[BaseRoute]:
    """Return the routes of the rota."""
    return [
        guarded(console, "/rota", _page),
        guarded(console, "/rota/add", _add, method="POST"),
        guarded(console, "/rota/{id:int}/remove", _remove, method="POST"),
    ]


def _page(visit: Visit, *, error: str = "", status: int = 200) -> Response:
    if not (rights_of(visit.member).cases or rights_of(visit.member).plans):
        return visit.page("no_cases.html", status=403)
    with visit.console.database.read() as connection:
        home = _home(connection, visit)
        here = staff.c.structure_id == home.id
        members = [row for row in duty.active_members(connection, here) if takes_cases(row)]
        shifts = duty.coming_shifts(connection, home.id, visit.now)
    local = visit.now.astimezone(ZoneInfo(home.timezone))
    written: dict[str, Any] = {name: visit.form.get(name, "") for name in ("who", "duty")}
    return visit.page(
        "rota.html",
        status=status,
        home=home,
        shifts=shifts,
        members=members,
        duties=duty.DUTIES,
        error=error,
        written=written,
        start=visit.form.get("start") or f"{local:%Y-%m-%dT%H:00}",
        end=visit.form.get("end", ""),
    )


def _add(visit: Visit) -> Response:
    _ = visit.pages.translate
    _check(visit)
    with visit.console.database.write() as connection:
        home = _home(connection, visit)
        start = moment_in(visit, "start", home.timezone)
        end = moment_in(visit, "end", home.timezone)
        who = id_in(visit.form.get("who", ""))
        if start is None or end is None or who is None:
            return _page(visit, error=_("Il manque une personne, un début ou une fin."), status=422)
        here = staff.c.structure_id == home.id
        found = duty.active_members(connection, here, staff.c.id == who)
        if not found or not takes_cases(found[0]):
            raise NotAllowed(f"staff {who}")
        try:
            shift = duty.plan_shift(connection, found[0], visit.form.get("duty", ""), start, end)
        except RotaRefused:
            reason = _("La fin vient après le début.")
            return _page(visit, error=reason, status=422)
        audit.record_by(connection, visit.member, "rota.add", "duty_shift", shift, visit.now)
    return _back(visit, home.id)


def _remove(visit: Visit) -> Response:
    _check(visit)
    shift = visit.number("id")
    with visit.console.database.write() as connection:
        home = _home(connection, visit)
        duty.remove_shift(connection, home.id, shift)
        audit.record_by(connection, visit.member, "rota.remove", "duty_shift", shift, visit.now)
    return _back(visit, home.id)


def _home(connection: Connection, visit: Visit) -> Row:
    """Return the structure whose rota it is: the one asked for, where that is allowed."""
    asked = id_in(visit.form.get("structure", "") or visit.query("structure"))
    own: int = visit.member.structure_id
    if asked is None or asked == own:
        return get_structure(connection, own)
    if not rights_of(visit.member).administers:
        raise NotAllowed(f"structure {asked}")
    return get_structure(connection, asked)


def _back(visit: Visit, structure_id: int) -> Response:
    """Lead to the rota that was changed."""
    own = structure_id == visit.member.structure_id
    return go("/rota" if own else f"/rota?structure={structure_id}")


def _check(visit: Visit) -> None:
    if not rights_of(visit.member).plans:
        raise NotAllowed("the rota is planned by others")
