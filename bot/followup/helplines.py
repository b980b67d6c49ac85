"""Telephone lines that help, in the table that the crisis reply reads.

They begin as ``helplines.yml`` says; administrators dial them, correct and add to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.engine import Connection, Row

from bot.db.inserts import insert_if_absent
from bot.db.tables import helpline, helpline_change, staff
from bot.followup.access import NotAllowed

FILE = Path(__file__).with_name("helplines.yml")
AUDIENCES = ("child", "adult", "anyone")
# Somebody dials each line within this time, and notes the day.
GOOD_FOR = timedelta(days=90)

# Of the countries that have helplines here, and Mali.
_DIALLING_CODES = {"225": "CI", "233": "GH", "226": "BF", "231": "LR", "223": "ML"}


class HelplineTaken(ValueError):
    """The country has this number for these people already."""


def seed(connection: Connection, file: Path = FILE) -> None:
    """Make the table say what ``file`` says. Called at each migration.

    The file is the source until staff change a line: what they changed stays as they left it, and
    a line that is still the file's own goes when it is taken out of the file.
    """
    countries = yaml.safe_load(file.read_text(encoding="utf-8"))
    lines = {
        _seed_key(country, line): {"country": country, **line}
        for country, of_country in countries.items()
        for line in of_country
    }
    theirs = helpline.c.edited_at.is_(None)
    connection.execute(
        delete(helpline).where(
            theirs, or_(helpline.c.seed_key.is_(None), helpline.c.seed_key.not_in(lines))
        )
    )
    for key, line in lines.items():
        if not insert_if_absent(connection, helpline, {**line, "seed_key": key}):
            # In place: the order of the lines says which is named first.
            connection.execute(
                update(helpline).where(theirs, helpline.c.seed_key == key).values(**line)
            )


def for_country(connection: Connection, country: str) -> list[Row]:
    """Return the helplines of a country ("CI") that are given, in the order they were noted."""
    query = select(helpline).where(helpline.c.country == country, helpline.c.active.is_(True))
    return connection.execute(query.order_by(helpline.c.id)).all()


def all_helplines(connection: Connection) -> list[Row]:
    """Return all helplines, also those that are not given any more, by country."""
    order = (helpline.c.country, helpline.c.active.desc(), helpline.c.id)
    return connection.execute(select(helpline).order_by(*order)).all()


def to_verify(connection: Connection, now: datetime) -> list[Row]:
    """Return the helplines that nobody has dialled for too long, by country."""
    old = helpline.c.last_verified < (now - GOOD_FOR).date()
    query = select(helpline).where(helpline.c.active.is_(True), old)
    return connection.execute(query.order_by(helpline.c.country, helpline.c.id)).all()


def get_helpline(connection: Connection, helpline_id: int) -> Row:
    """Return a helpline.

    Raises:
        NotAllowed: there is none.
    """
    row = connection.execute(select(helpline).where(helpline.c.id == helpline_id)).one_or_none()
    if row is None:
        raise NotAllowed(f"helpline {helpline_id}")
    return row


def save_helpline(
    connection: Connection, row: Row | None, values: Mapping[str, Any], staff_id: int, now: datetime
) -> int:
    """Keep a helpline, new or changed by a member of staff; return its id.

    Raises:
        HelplineTaken: the country has this number for these people already.
    """
    same = select(helpline.c.id).where(
        *(helpline.c[name] == values[name] for name in ("country", "number", "audience"))
    )
    taken = connection.execute(same).scalar_one_or_none()
    if taken is not None and (row is None or taken != row.id):
        raise HelplineTaken("number")
    if row is None:
        made = connection.execute(insert(helpline).values(**values, edited_at=now))
        return made.inserted_primary_key[0]
    connection.execute(
        update(helpline).where(helpline.c.id == row.id).values(**values, edited_at=now)
    )
    if row.number != values["number"]:
        connection.execute(
            insert(helpline_change).values(
                helpline_id=row.id,
                staff_id=staff_id,
                number_before=row.number,
                number_after=values["number"],
                at=now,
            )
        )
    return row.id


def note_verified(connection: Connection, helpline_id: int, now: datetime) -> None:
    """Note that somebody dialled a helpline today, and that it answered."""
    connection.execute(
        update(helpline)
        .where(helpline.c.id == helpline_id)
        .values(last_verified=now.date(), edited_at=now)
    )


def number_changes(connection: Connection, helpline_id: int) -> list[Row]:
    """Return how the number of a helpline was changed, with ``shown_name``, the last first."""
    query = (
        select(helpline_change, staff.c.shown_name)
        .join(staff, staff.c.id == helpline_change.c.staff_id)
        .where(helpline_change.c.helpline_id == helpline_id)
    )
    return connection.execute(query.order_by(helpline_change.c.id.desc())).all()


def free_number(connection: Connection, country: str) -> str | None:
    """Return the number to name to anybody: the first free one for children, None without any."""
    lines = [line for line in for_country(connection, country) if line.free]
    for_children = [line for line in lines if line.audience != "adult"]
    return next((str(line.number) for line in for_children or lines), None)


def country_of_number(number: str) -> str | None:
    """Return the country of a telephone number in international form, if it is one of ours."""
    return _DIALLING_CODES.get(number.lstrip("+")[:3])


def _seed_key(country: str, line: Mapping[str, Any]) -> str:
    return f"{country} {line['number']} {line['audience']}"
