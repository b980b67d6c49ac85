"""Conversations that a colleague has taken, in which somebody waits for an answer."""

from __future__ import annotations

from sqlalchemy.engine import Row

from bot.console.today.item import Item, Look
from bot.console.today.links import conversation_link
from bot.followup.agenda import conversations_waiting
from bot.i18n.translator import Translate


def title(_: Translate) -> str:
    """Return the name of the filter."""
    return _("Conversations")


def load(look: Look) -> list[Item]:
    """Return a row for each conversation that waits; the clock starts at the first message."""
    return [_item(look, row) for row in conversations_waiting(look.connection, look.member)]


def _item(look: Look, row: Row) -> Item:
    _ = look.translate
    mine = row.owner_id == look.member.id
    holder = _("vous répondez") if mine else _("{name} répond").format(name=row.owner_name)
    return Item(
        key=f"conversation-{row.conversation_id}",
        severity="high",
        title=_("Message sans réponse"),
        who=look.say.person(row),
        where=look.say.channel(row.channel),
        wait=look.say.waiting(row.unanswered_since, look.now),
        holder=holder,
        since=row.unanswered_since,
        href=conversation_link(row.conversation_id),
        mine=mine,
        unread=row.read_at is None or row.last_inbound_at > row.read_at,
    )
