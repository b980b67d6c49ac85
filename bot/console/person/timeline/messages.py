"""Days on which something was written: how much, never what."""

from __future__ import annotations

from bot.console.fields import number_of
from bot.console.person.entry import Entry, FileLook
from bot.delivery.volume import Day, messages_by_day
from bot.i18n.translator import Translate


def title(_: Translate) -> str:
    """Return the name of the filter."""
    return _("Messages")


def load(look: FileLook) -> list[Entry]:
    """Return an entry for each day and conversation, which leads to that day."""
    days = messages_by_day(
        look.connection,
        look.member,
        look.someone.id,
        look.zone,
        look.limit,
        before=look.before,
    )
    return [_entry(look, day) for day in days]


def _entry(look: FileLook, day: Day) -> Entry:
    _ = look.translate
    counted = _("{came} de la personne, {went} de nous").format(came=day.came, went=day.went)
    after = number_of(day.last_at) + 1
    return Entry(
        at=day.last_at,
        title=look.say.messages(day.came + day.went),
        detail=f"{counted} · {look.say.channel(day.channel)}",
        href=f"/conversations/{day.conversation_id}?before={after}",
    )
