"""Money and aid: what somebody says is wrong, and what is near its day or past it."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Row

from bot.console.today.alerts import PAYMENT, load_where
from bot.console.today.item import Item, Look
from bot.console.today.links import file_link
from bot.db.tables import alert
from bot.followup.agenda import REQUEST_WAITS, aid_due, payments_due
from bot.i18n.translator import Translate


def title(_: Translate) -> str:
    """Return the name of the filter."""
    return _("Argent et aides")


def load(look: Look) -> list[Item]:
    """Return a row for each problem, each payment not sent and each request that is late."""
    today = look.say.date(look.now, look.zone)
    sent = payments_due(look.connection, look.member, today)
    asked = aid_due(look.connection, look.member, look.now, today)
    return [
        *load_where(look, alert.c.kind == PAYMENT),
        *(_payment(look, row) for row in sent),
        *(_aid(look, row) for row in asked),
    ]


def _payment(look: Look, row: Row) -> Item:
    _ = look.translate
    due_at = datetime.combine(row.due_on, time(), ZoneInfo(look.zone))
    late = row.due_on < look.say.date(look.now, look.zone)
    day = look.say.day(due_at, look.now, look.zone).lower()
    return Item(
        key=f"payment-{row.id}",
        severity="high" if late else "normal",
        title=_("Paiement pas envoyé"),
        who=look.say.case(row.case_number),
        where=look.say.money(row.amount, row.currency),
        wait=_("prévu {day}").format(day=day),
        until=due_at,
        href=file_link(row.person_id),
        mine=look.is_mine(row.worker_id),
    )


def _aid(look: Look, row: Row) -> Item:
    _ = look.translate
    zone = ZoneInfo(look.zone)
    if row.expected_on is not None:
        due_at = datetime.combine(row.expected_on, time(), zone)
        late = row.expected_on < look.say.date(look.now, look.zone)
        wait = _("prévu {day}").format(day=look.say.day(due_at, look.now, look.zone).lower())
    else:
        due_at, late = row.requested_at + REQUEST_WAITS, True
        length = look.say.duration(look.now - row.requested_at)
        wait = _("demandé il y a {duration}").format(duration=length)
    return Item(
        key=f"aid-{row.id}",
        severity="high" if late else "normal",
        title=_("Aide en retard") if late else _("Aide à donner"),
        who=look.say.case(row.case_number),
        where=row.name,
        wait=wait,
        until=due_at,
        href=file_link(row.person_id),
        mine=look.is_mine(row.worker_id),
    )
