"""Voice notes: those that nobody has heard come first among what is urgent (safeguarding 22)."""

from __future__ import annotations

from dataclasses import replace

from bot.console.today.alerts import VOICE, load_where
from bot.console.today.item import Item, Look, Mark
from bot.db.tables import alert
from bot.followup.voice_notes import Heard, heard_of
from bot.i18n.translator import Translate


def title(_: Translate) -> str:
    """Return the name of the filter."""
    return _("À écouter")


def load(look: Look) -> list[Item]:
    """Return a row for each person whose voice notes wait for an answer."""
    items = load_where(look, alert.c.kind == VOICE)
    heard = heard_of(look.connection, [item.alert_id for item in items if item.alert_id])
    return [_with_heard(look, item, heard.get(item.alert_id or 0)) for item in items]


def _with_heard(look: Look, item: Item, heard: Heard | None) -> Item:
    if heard is None:
        return replace(item, first=True)
    when = look.say.moment(heard.at, look.now, look.zone)
    _ = look.translate
    words = _("écouté par {name}, {when}").format(name=heard.name, when=when)
    return replace(item, severity="normal", marks=(*item.marks, Mark("voice", words)))
