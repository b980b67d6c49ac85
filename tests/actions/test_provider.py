"""Behind ``rasa run actions`` alone, everybody is a stranger and nothing is recorded."""

import asyncio

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy import func, select

from actions import provider
from actions.aid import AskAid
from actions.human import TalkToHuman
from actions.menu import Menu
from actions.payments import AskPayment
from actions.training import AskTraining
from bot.db.tables import alert, promise
from bot.followup.caller import Caller
from tests.conftest import KEYS
from tests.made_up import make_structure


@pytest.fixture(params=["demo", "in service"])
def at_a_desk(request, sqlite_database, monkeypatch):
    """Give the environment of ``rasa run actions`` on a database with one structure."""
    monkeypatch.setenv("AKOMA_DATABASE_URL", str(sqlite_database.url))
    monkeypatch.delenv("AKOMA_SECRET_KEY", raising=False)
    if request.param == "in service":
        monkeypatch.setenv("AKOMA_SECRET_KEY", KEYS[0])
    with sqlite_database.write() as connection:
        make_structure(connection)
    provider._database.cache_clear()
    yield sqlite_database
    provider._database().close()
    provider._database.cache_clear()


async def test_who_writes_is_told_to_one_task_and_for_its_time(at_a_desk, now):
    with at_a_desk.turn() as connection:
        caller = Caller(connection, now, talk=None, person=None)

        async def in_the_meantime():
            with provider.who_writes() as another:
                return another

        waiting = asyncio.create_task(in_the_meantime())
        with provider.telling(caller):
            another = await waiting
            with provider.who_writes() as told:
                assert told is caller
        with provider.who_writes() as stranger:
            assert caller not in (another, stranger)


def test_a_stranger_is_answered_and_nothing_recorded(at_a_desk):
    said = []
    for action in (TalkToHuman(), AskPayment(), Menu(), AskTraining(), AskAid()):
        dispatcher = CollectingDispatcher()
        tracker = Tracker("desk", {}, {"text": "…"}, [], False, None, {}, "action_listen")
        asyncio.run(action.run(dispatcher, tracker, {}))
        said += [message["response"] for message in dispatcher.messages]
    assert said[0].startswith("utter_person_asked")
    assert said[1] == "utter_not_here"
    with at_a_desk.read() as connection:
        for table in (alert, promise):
            assert connection.execute(select(func.count()).select_from(table)).scalar_one() == 0
