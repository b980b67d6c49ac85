"""Visits, calls and appointments of today."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Row

from bot.console.today.item import Item, Look
from bot.console.today.links import file_link
from bot.followup.agenda import appointments_between
from bot.i18n.translator import Translate


def title(_: Translate) -> str:
    """Return the name of the filter."""
    return _("Rendez-vous")


def load(look: Look) -> list[Item]:
    """Return a row for each appointment between midnight and midnight, where the structure is."""
    zone = ZoneInfo(look.zone)
    start = datetime.combine(look.now.astimezone(zone).date(), time(), zone)
    rows = appointments_between(look.connection, look.member, start, start + timedelta(days=1))
    return [_item(look, row) for row in rows]


def _item(look: Look, row: Row) -> Item:
    _ = look.translate
    clock = look.say.clock(row.starts_at, look.zone)
    began = row.starts_at < look.now
    return Item(
        key=f"appointment-{row.id}",
        severity="normal",
        title=look.say.appointment(row.kind),
        who=look.say.case(row.case_number),
        where=_("aujourd’hui"),
        wait=_("depuis {clock}").format(clock=clock)
        if began
        else _("à {clock}").format(clock=clock),
        holder=row.staff_name or _("à prendre"),
        until=row.starts_at,
        href=file_link(row.person_id),
        mine=look.is_mine(row.staff_id, row.worker_id),
    )
