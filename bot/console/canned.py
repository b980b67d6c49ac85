"""Replies that are ready to send, in the person's language and form of address."""

from __future__ import annotations

from sqlalchemy.engine import Connection, Row

from bot.console.visit import Visit
from bot.followup import conversations, values
from bot.followup.duty import promise_by
from bot.followup.people import structure_of

NEUTRAL = "neutral"
CANNED = (NEUTRAL, "read", "call", "thanks")


def canned_replies(connection: Connection, visit: Visit, talk: Row) -> dict[str, str]:
    """Return the text of each reply (one of ``CANNED``), its fields filled in."""
    someone = conversations.known_person(connection, talk)
    home = structure_of(connection, someone)
    by = values.by(promise_by(connection, home, visit.now), home, visit.now)
    form = conversations.address_form(someone)
    say = visit.console.wording.say
    return {name: say(f"utter_canned_{name}", talk.language, form, by=by).text for name in CANNED}
