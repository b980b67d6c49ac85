"""What our files know by name: people, staff, places. For taking these out of texts."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.db.tables import appointment, person, programme, staff, structure
from bot.review.redaction import Known


def known_names(connection: Connection) -> Known:
    """Return all names of people and places, whosesoever file they are in."""
    people = (person.c.first_name, person.c.family_name), (staff.c.name, staff.c.shown_name)
    places = (
        (structure.c.name,),
        (programme.c.place, programme.c.town),
        (appointment.c.place,),
    )
    return Known(
        names={name for columns in people for name in _values(connection, *columns)},
        places={name for columns in places for name in _values(connection, *columns)},
    )


def _values(connection: Connection, *columns: object) -> set[str]:
    return {value for row in connection.execute(select(*columns)) for value in row if value}
