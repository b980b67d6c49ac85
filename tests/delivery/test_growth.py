"""A message costs the same however many came before: nothing on its way reads a table through."""

import pytest
from sqlalchemy import event

from tests.delivery.conftest import Desk, _enrolled
from tests.made_up import make_structure

# They hold a row for each message, person or deed, for ever. (One of a structure has few.)
_GROWING = (
    "alert",
    "alert_event",
    "alert_notice",
    "attachment",
    "audit",
    "checkin",
    "choice",
    "conversation",
    "dialogue_state",
    "inbox",
    "outbox",
    "payment",
    "person",
    "promise",
)
# Of these indexes of what waits alone all is looked at.
_OF_WHAT_WAITS = ("ix_inbox_next", "ix_outbox_queued", "ix_outbox_held")


def _plans(database, seen: dict) -> list[tuple[str, str]]:
    """Return how SQLite carries out each statement, one line a table."""
    with database.read() as connection:
        cursor = connection.connection.dbapi_connection.cursor()
        return [
            (line[3], statement)
            for statement, parameters in seen.items()
            for line in cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]


def _reads_through(plan: str) -> bool:
    words = plan.split()
    return words[0] == "SCAN" and words[1] in _GROWING and not plan.endswith(_OF_WHAT_WAITS)


@pytest.mark.parametrize("words", ["je suis au garage", "mon oncle me frappe chaque soir"])
async def test_nothing_on_the_way_of_a_message_reads_a_growing_table(
    sqlite_database, screen, wording, now, words
):
    with sqlite_database.write() as connection:
        make_structure(connection)
    desk = Desk(sqlite_database, screen, wording, now)
    boy = _enrolled(desk, "900", address_form="tu", case_number="0317")
    seen: dict = {}

    def note(_connection, _cursor, statement, parameters, _context, executemany):
        if statement.startswith(("SELECT", "UPDATE", "INSERT", "DELETE")):
            seen[statement] = parameters[0] if executemany else parameters

    event.listen(sqlite_database.engine, "before_cursor_execute", note)
    for text in (words, "et voilà"):
        desk.take_in(desk.message(boy, text))
        await desk.turns.run_waiting()
        await desk.sender.send_due()
    event.remove(sqlite_database.engine, "before_cursor_execute", note)
    assert len(desk.phone.accepted) >= 1
    assert [plan for plan in _plans(sqlite_database, seen) if _reads_through(plan[0])] == []
