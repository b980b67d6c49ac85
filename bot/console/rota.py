"""The rota of a structure: who is on call, who supervises, from when until when."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.console.fields import id_in, moment_in
from bot.console.visit import Console, Visit, go, guarded
from bot.db.tables import staff
from bot.followup import audit, duty
from bot.followup.access import NotAllowed, rights_of, takes_cases
from bot.followup.duty import RotaRefused


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
        own = staff.c.structure_id == visit.member.structure_id
        members = [row for row in duty.active_members(connection, own) if takes_cases(row)]
        shifts = duty.coming_shifts(connection, visit.member.structure_id, visit.now)
    local = visit.now.astimezone(ZoneInfo(visit.member.timezone))
    written: dict[str, Any] = {name: visit.form.get(name, "") for name in ("who", "duty")}
    return visit.page(
        "rota.html",
        status=status,
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
    start, end = moment_in(visit, "start"), moment_in(visit, "end")
    who = id_in(visit.form.get("who", ""))
    if start is None or end is None or who is None:
        return _page(visit, error=_("Il manque une personne, un début ou une fin."), status=422)
    with visit.console.database.write() as connection:
        own = staff.c.structure_id == visit.member.structure_id
        found = duty.active_members(connection, own, staff.c.id == who)
        if not found or not takes_cases(found[0]):
            raise NotAllowed(f"staff {who}")
        try:
            shift = duty.plan_shift(connection, found[0], visit.form.get("duty", ""), start, end)
        except RotaRefused:
            reason = _("La fin vient après le début.")
            return _page(visit, error=reason, status=422)
        audit.record_by(connection, visit.member, "rota.add", "duty_shift", shift, visit.now)
    return go("/rota")


def _remove(visit: Visit) -> Response:
    _check(visit)
    shift = visit.number("id")
    with visit.console.database.write() as connection:
        duty.remove_shift(connection, visit.member.structure_id, shift)
        audit.record_by(connection, visit.member, "rota.remove", "duty_shift", shift, visit.now)
    return go("/rota")


def _check(visit: Visit) -> None:
    if not rights_of(visit.member).plans:
        raise NotAllowed("the rota is planned by others")
