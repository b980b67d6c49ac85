"""Alerts, from a task to a cry for help; voice notes and money have rows of their own kinds."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.engine import Row
from sqlalchemy.sql import ColumnElement

from bot.console.clusters import sign_of
from bot.console.today.item import Item, Look, Mark
from bot.db.tables import alert
from bot.followup.alerts import list_alerts
from bot.followup.closing import QUICK_OUTCOMES, may_close_quickly
from bot.followup.safe_word import SAFE_WORD
from bot.i18n.translator import Translate

VOICE, PAYMENT = "voice", "payment"


def title(_: Translate) -> str:
    """Return the name of the filter."""
    return _("Alertes")


def load(look: Look) -> list[Item]:
    """Return a row for each open alert of no other source."""
    return load_where(look, alert.c.kind.not_in((VOICE, PAYMENT)))


def load_where(look: Look, where: ColumnElement) -> list[Item]:
    """Return a row for each open alert that fulfils a condition."""
    return [_item(look, row) for row in list_alerts(look.connection, look.member, where=where)]


def _item(look: Look, row: Row) -> Item:
    is_new = row.state == "open"
    item = Item(
        key=f"alert-{row.id}",
        severity=row.severity,
        title=look.say.subject(row),
        who=look.say.person(row),
        where=f"{look.say.channel(row.channel)}, {look.say.messages(row.message_count)}",
        wait=look.say.waiting(row.waits_since, look.now),
        holder=look.say.holder(row, look.member.id),
        since=row.waits_since,
        href=f"/alerts/{row.id}",
        marks=tuple(_marks(look, row)),
        mine=look.is_mine(row.owner_id, row.assigned_to),
        unread=row.read_at is None or row.changed_at > row.read_at,
        alert_id=row.id,
        closes=tuple(outcome for outcome in QUICK_OUTCOMES if may_close_quickly(row, outcome)),
        sign=sign_of(row, look.zone),
    )
    return replace(item, rings=is_new and row.severity == "critical")


def _marks(look: Look, row: Row) -> list[Mark]:
    _ = look.translate
    marks = []
    if row.kind == SAFE_WORD:
        marks.append(Mark("warn", _("n’appelez pas, n’écrivez rien là-dessus")))
    if row.taken_back_at:
        words = look.say.taken_back(row.taken_back_at, look.now, look.zone)
        marks.append(Mark("warn", words))
    if row.author_unsure:
        marks.append(Mark("warn", _("on ne sait pas qui écrit")))
    if row.answer_by is not None and row.answer_by < look.now and row.waits_since is not None:
        when = look.say.moment(row.answer_by, look.now, look.zone)
        marks.append(Mark("clock", _("réponse promise avant {when} : dépassé").format(when=when)))
    if row.restricted:
        marks.append(Mark("lock", _("réservé à la protection")))
    return marks
