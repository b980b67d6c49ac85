"""Voice notes and pictures: those that nobody has opened come first among what is urgent (22)."""

from __future__ import annotations

from dataclasses import replace

from bot.console.today.alerts import VOICE, load_where
from bot.console.today.item import Item, Look, Mark
from bot.db.tables import alert
from bot.followup.attachments import Opened, opened_of
from bot.i18n.translator import Translate


def title(_: Translate) -> str:
    """Return the name of the filter."""
    return _("À ouvrir")


def load(look: Look) -> list[Item]:
    """Return a row for each person whose voice notes or pictures wait for an answer."""
    items = load_where(look, alert.c.kind == VOICE)
    opened = opened_of(look.connection, [item.alert_id for item in items if item.alert_id])
    return [_with_opened(look, item, opened.get(item.alert_id or 0)) for item in items]


def _with_opened(look: Look, item: Item, opened: Opened | None) -> Item:
    if opened is None:
        return replace(item, first=True)
    when = look.say.moment(opened.at, look.now, look.zone)
    _ = look.translate
    words = _("ouvert par {name}, {when}").format(name=opened.name, when=when)
    return replace(item, severity="normal", marks=(*item.marks, Mark("voice", words)))
