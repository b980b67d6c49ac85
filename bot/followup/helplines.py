"""Telephone lines that help: from ``helplines.yml`` into the table that the crisis reply reads."""

from __future__ import annotations

from pathlib import Path

import yaml
from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection, Row

from bot.db.tables import helpline

FILE = Path(__file__).with_name("helplines.yml")

# Of the countries that have helplines here, and Mali.
_DIALLING_CODES = {"225": "CI", "233": "GH", "226": "BF", "231": "LR", "223": "ML"}


def seed(connection: Connection, file: Path = FILE) -> None:
    """Make the table say what ``file`` says. Called at each migration, so the file is the source.

    Nothing refers to these rows, so they are replaced: a number taken out of the file is given to
    nobody any more.
    """
    countries = yaml.safe_load(file.read_text(encoding="utf-8"))
    connection.execute(delete(helpline))
    connection.execute(
        insert(helpline),
        [{"country": country, **line} for country, lines in countries.items() for line in lines],
    )


def for_country(connection: Connection, country: str) -> list[Row]:
    """Return the helplines of a country ("CI"), in the order of the file."""
    query = select(helpline).where(helpline.c.country == country).order_by(helpline.c.id)
    return connection.execute(query).all()


def free_number(connection: Connection, country: str) -> str | None:
    """Return the number to name to anybody: the first free one for children, None without any."""
    lines = [line for line in for_country(connection, country) if line.free]
    for_children = [line for line in lines if line.audience != "adult"]
    return next((str(line.number) for line in for_children or lines), None)


def country_of_number(number: str) -> str | None:
    """Return the country of a telephone number in international form, if it is one of ours."""
    return _DIALLING_CODES.get(number.lstrip("+")[:3])
