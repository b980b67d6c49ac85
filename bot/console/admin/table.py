"""One table of administration: its list, a form for one row, and what saving it means.

Our own few lines in place of a framework of tables: rows hold sealed columns, every form carries
our token, every page asks our rights and the code again, and nothing is deleted, only switched off.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.engine import Connection, Row
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.console.admin.fields import Field, FieldRefused, read_all
from bot.console.admin.words import OfficeWords
from bot.console.visit import Console, Visit, go, guarded
from bot.console.words import Words
from bot.followup import audit
from bot.followup.access import NotAllowed, rights_of
from bot.followup.sessions import CONFIRMED_FOR, IDLE_LIMIT
from bot.i18n.review import to_translate
from bot.i18n.translator import Translate

# A form that was opened with a code may be sent for as long as a session lives without use: what
# was written in it must not be lost.
_WRITING = IDLE_LIMIT


@dataclass(frozen=True)
class Desk:
    """What a table is shown and changed with.

    ``languages`` are those to translate into, by their codes: what they call themselves.
    """

    connection: Connection
    member: Row
    now: datetime
    say: Words
    tell: OfficeWords
    translate: Translate
    languages: Mapping[str, str]


@dataclass(frozen=True)
class Line:
    """One row in the list. ``warns`` says what somebody should do about it; ``off``: not in use."""

    title: str
    detail: str
    warns: str = ""
    off: bool = False


@dataclass(frozen=True)
class Titles:
    """What a table, and one new row of it, are called."""

    many: str
    new: str
    about: str


@dataclass(frozen=True)
class Table:
    """A table of administration.

    Attributes:
        name: in addresses and in the audit.
        rows: all rows, in the order of the list.
        get: one row.
        line: how a row is told in the list.
        fields: of the form for a row, or for a new one.
        save: keeps what the form says, and returns the row's id; raises ``FieldRefused``.
        aside: a template beside the form of a row, and what it shows.
        done: what is shown after a new row was made; without one, the list.
    """

    name: str
    titles: Callable[[Translate], Titles]
    rows: Callable[[Connection], Sequence[Row]]
    get: Callable[[Connection, int], Row]
    line: Callable[[Desk, Row], Line]
    fields: Callable[[Desk, Row | None], list[Field]]
    save: Callable[[Desk, Row | None, dict[str, Any]], int]
    aside: str = ""
    shows: Callable[[Desk, Row], Mapping[str, Any]] | None = None
    done: Callable[[Visit, int], Response] | None = None


def table_routes(console: Console, table: Table) -> list[BaseRoute]:
    """Return the routes of a table."""

    def listed(visit: Visit) -> Response:
        check(visit)
        with visit.console.database.read() as connection:
            desk = desk_of(visit, connection)
            lines = [(row.id, table.line(desk, row)) for row in table.rows(connection)]
        return visit.page(
            "admin_table.html",
            table=table.name,
            titles=table.titles(visit.pages.translate),
            lines=lines,
            done=visit.query("done"),
        )

    def new(visit: Visit) -> Response:
        check(visit)
        return _form(visit, table, None)

    def shown(visit: Visit) -> Response:
        check(visit)
        return _form(visit, table, visit.number("id"))

    def add(visit: Visit) -> Response:
        check(visit, _WRITING)
        return _save(visit, table, None)

    def change(visit: Visit) -> Response:
        check(visit, _WRITING)
        return _save(visit, table, visit.number("id"))

    path = f"/admin/{table.name}"
    return [
        guarded(console, path, listed),
        guarded(console, f"{path}/new", new),
        guarded(console, f"{path}/new", add, method="POST"),
        guarded(console, f"{path}/{{id:int}}", shown),
        guarded(console, f"{path}/{{id:int}}", change, method="POST"),
    ]


def check(visit: Visit, within: timedelta = CONFIRMED_FOR) -> None:
    """Go on only for administrators who gave their code within this time.

    Raises:
        NotAllowed: another role.
    """
    if not rights_of(visit.member).administers:
        raise NotAllowed("administration")
    visit.ask_code(within)


def in_languages(desk: Desk, name: str, label: str, longest: int) -> Field:
    """Return the field in which a row carries the translations of one of its texts."""
    _ = desk.translate
    hint = _("Ce qui reste vide se lit en français.")
    return Field(
        f"{name}_in",
        label,
        "languages",
        required=False,
        hint=hint,
        longest=longest,
        options=desk.languages,
    )


def desk_of(visit: Visit, connection: Connection) -> Desk:
    """Return what a table is shown with, to this visitor."""
    translate = visit.pages.translate
    locale = visit.console.wording.catalogs.locale(visit.pages.code)
    tell = OfficeWords(translate, locale)
    languages = {each.code: each.name for each in to_translate(visit.console.wording.catalogs)}
    return Desk(connection, visit.member, visit.now, visit.pages.words, tell, translate, languages)


def _form(
    visit: Visit, table: Table, row_id: int | None, refused: FieldRefused | None = None
) -> Response:
    with visit.console.database.read() as connection:
        desk = desk_of(visit, connection)
        row = None if row_id is None else table.get(connection, row_id)
        fields = table.fields(desk, row)
        written: dict[str, str] = {}
        if refused is not None:
            written = dict(visit.form)
        elif row is not None:
            for field in fields:
                written |= field.write(getattr(row, field.name))
        shown = table.shows(desk, row) if table.shows is not None and row is not None else {}
        title = table.titles(visit.pages.translate).new
        if row is not None:
            title = table.line(desk, row).title
    return visit.page(
        "admin_row.html",
        status=200 if refused is None else 422,
        table=table.name,
        titles=table.titles(visit.pages.translate),
        title=title,
        row=row,
        fields=fields,
        written=written,
        refused=refused,
        aside=table.aside if row is not None else "",
        weekdays=desk.tell.weekdays,
        **shown,
    )


def _save(visit: Visit, table: Table, row_id: int | None) -> Response:
    try:
        with visit.console.database.write() as connection:
            desk = desk_of(visit, connection)
            row = None if row_id is None else table.get(connection, row_id)
            values = read_all(table.fields(desk, row), visit.form, visit.pages.translate)
            saved = table.save(desk, row, values)
            verb = "add" if row is None else "change"
            audit.record_by(
                connection, visit.member, f"{table.name}.{verb}", table.name, saved, visit.now
            )
    except FieldRefused as refused:
        return _form(visit, table, row_id, refused)
    if row_id is None and table.done is not None:
        return table.done(visit, saved)
    return go(f"/admin/{table.name}?done={saved}")
