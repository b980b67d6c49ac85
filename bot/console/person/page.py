"""The file of one person: who it is, how they are, what happened, what is under way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.engine import Connection, Row
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.console.fields import moment_at, number_of
from bot.console.person.entry import Entry, FileLook
from bot.console.person.sources import TIMELINE, UNDER_WAY
from bot.console.person.wellbeing import wellbeing_of
from bot.console.person.words import FileWords
from bot.console.visit import Console, Visit, guarded
from bot.db.tables import alert
from bot.delivery.volume import conversations_of
from bot.followup import audit
from bot.followup.access import readable_person
from bot.followup.aid import open_kinds
from bot.followup.alerts import list_alerts
from bot.followup.caller import Caller
from bot.followup.consent import consents_of
from bot.followup.enrolment import talks_to_confirm
from bot.followup.family import RELATIONS, RIGHTS, links_of
from bot.followup.freezing import frozen_around
from bot.followup.notes import LONGEST_NOTE, notes_of
from bot.followup.payments import currency_of
from bot.followup.people import age, is_child, structure_of
from bot.followup.sharing import staff_who_take_cases
from bot.followup.training import open_programmes

PAGE_SIZE = 20
NOTES_SHOWN = 3
_MOST_ALERTS = 20
# A day without an hour stands at noon, which may be later than now.
_A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Refused:
    """A form of the page that was not accepted: which, why, and what was written in it."""

    form: str
    reason: str
    written: Mapping[str, str] = field(default_factory=dict, repr=False)


def routes(console: Console) -> list[BaseRoute]:
    """Return the route of the page."""
    return [guarded(console, "/people/{id:int}", person_page)]


def person_page(visit: Visit, *, refused: Refused | None = None) -> Response:
    """Show a file, with the form that was refused of it."""
    person_id = visit.number("id")
    with visit.console.database.turn() as connection:
        someone = readable_person(connection, visit.member, person_id)
        shown = _file(connection, visit, someone)
        audit.record_reading(connection, visit.member, "person", person_id, visit.now)
    return visit.page(
        "person.html",
        status=200 if refused is None else 422,
        someone=someone,
        refused=refused,
        written=defaultdict(str, refused.written if refused else {}),
        longest_note=LONGEST_NOTE,
        relations=RELATIONS,
        rights_of_links=RIGHTS,
        **shown,
    )


def _file(connection: Connection, visit: Visit, someone: Row) -> dict[str, Any]:
    before = moment_at(visit.query("before"))
    look = _look(connection, visit, someone, before or visit.now + _A_DAY)
    show = visit.query("show")
    wanted = [source for source in TIMELINE if show in ("", source.name)] or list(TIMELINE)
    entries = sorted(
        (entry for source in wanted for entry in source.load(look)),
        key=lambda entry: entry.at,
        reverse=True,
    )
    shown = _one_page(entries)
    _ = visit.pages.translate
    under_way = [entry for load in UNDER_WAY for entry in load(look)]
    unresolved = alert.c.person_id == someone.id
    home = structure_of(connection, someone)
    return {
        "tell": look.tell,
        "home": home,
        "age": age(someone, visit.now),
        "is_child": is_child(someone, visit.now),
        "language_name": _language_name(visit, someone.language),
        "talks": conversations_of(connection, someone.id),
        "unsure_talks": talks_to_confirm(connection, someone.id),
        "alerts": list_alerts(connection, visit.member, where=unresolved, limit=_MOST_ALERTS),
        "frozen": frozen_around(connection, someone),
        "wellbeing": wellbeing_of(connection, someone.id, visit.now),
        "under_way": sorted(under_way, key=lambda entry: (not entry.warns, entry.at)),
        "entries": shown,
        "older": number_of(shown[-1].at) if len(shown) < len(entries) else None,
        "is_newest": before is None,
        "filters": [("", _("Tout")), *((source.name, source.title(_)) for source in TIMELINE)],
        "show": show if len(wanted) == 1 else "",
        "links": links_of(connection, someone),
        "consents": consents_of(connection, someone.id),
        "notes": notes_of(connection, someone.id, NOTES_SHOWN),
        "colleagues": staff_who_take_cases(connection, someone.structure_id),
        "aid_kinds": open_kinds(connection),
        "programmes": _programmes(connection, visit, someone),
        "currency": currency_of(home.country),
    }


def _look(connection: Connection, visit: Visit, someone: Row, before: datetime) -> FileLook:
    return FileLook(
        connection=connection,
        member=visit.member,
        someone=someone,
        now=visit.now,
        say=visit.pages.words,
        tell=FileWords(visit.pages.translate),
        translate=visit.pages.translate,
        before=before,
        limit=PAGE_SIZE + 1,
    )


def _one_page(entries: list[Entry]) -> list[Entry]:
    if len(entries) <= PAGE_SIZE:
        return entries
    # Entries of one moment stand on one page: the page before begins with what is older.
    next_at = entries[PAGE_SIZE].at
    return [entry for entry in entries if entry.at > next_at] or entries[:PAGE_SIZE]


def _language_name(visit: Visit, code: str) -> str:
    known = visit.console.wording.catalogs.languages.get(code)
    return known.name if known else code


def _programmes(connection: Connection, visit: Visit, someone: Row) -> list[Row]:
    if someone.kind != "beneficiary":
        return []
    return open_programmes(Caller(connection, visit.now, None, someone))
