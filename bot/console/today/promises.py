"""Answers that were promised for a date that is near or has passed (safeguarding 24)."""

from __future__ import annotations

from sqlalchemy.engine import Row

from bot.console.today.item import Item, Look
from bot.console.today.links import conversation_link
from bot.followup.agenda import promises_due
from bot.i18n.translator import Translate


def title(_: Translate) -> str:
    """Return the name of the filter."""
    return _("Promesses")


def load(look: Look) -> list[Item]:
    """Return a row for each promise that no open alert tells of."""
    return [_item(look, row) for row in promises_due(look.connection, look.member, look.now)]


def _item(look: Look, row: Row) -> Item:
    _ = look.translate
    return Item(
        key=f"promise-{row.id}",
        severity="high" if row.due_at < look.now else "normal",
        title=look.say.promise(row.subject),
        who=look.say.person(row),
        where=_("réponse promise"),
        wait=look.say.promised(row.due_at, look.now, look.zone),
        until=row.due_at,
        href=conversation_link(row.conversation_id),
        mine=look.is_mine(row.worker_id),
    )
