"""What falls due is done in one go, whatever else waits."""

from datetime import timedelta

from sqlalchemy import func, select

from bot.db.slots import FORGOTTEN_AFTER, reserve
from bot.db.tables import send_slot
from bot.delivery.clock import WITHOUT_CONSENT, do_what_is_due


def test_all_that_is_due_is_done(desk):
    desk.take_in(desk.message("77", "bonjour"))
    with desk.database.write() as connection:
        reserve(connection, "telegram:chat:77", desk.now, timedelta(seconds=1))
        do_what_is_due(connection, desk.now)
        assert connection.execute(select(func.count()).select_from(send_slot)).scalar() == 1
    assert desk.messages[0].text == "bonjour"
    with desk.database.write() as connection:
        do_what_is_due(connection, desk.now + WITHOUT_CONSENT + 2 * FORGOTTEN_AFTER)
        assert connection.execute(select(func.count()).select_from(send_slot)).scalar() == 0
    assert desk.messages[0].text is None
