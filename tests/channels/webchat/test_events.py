"""Replies arrive live, also from another process; a browser that was away gets what it missed."""

from __future__ import annotations

from bot.db.engine import Database
from tests.channels.webchat.desk import Desk
from tests.channels.webchat.visitor import cursor_of, texts_in
from tests.conftest import KEYS

ME = "demo-me"


def test_a_reply_sent_by_another_process_arrives_while_the_page_is_open(
    desk, visit, sqlite_database
):
    elsewhere = Desk(Database(str(sqlite_database.url), KEYS), desk.clock)
    with visit(ME).following() as events:
        assert next(events).name == "whose"
        elsewhere.answer(ME, "Bonjour\n\n<b>25 000 F</b>", "Bien reçu")
        entry = next(events)
    assert entry.name == "entry"
    assert entry.texts == ["Bonjour\n\n<b>25 000 F</b>"]
    assert "<b>" not in entry.data
    assert "Bien reçu" in entry.data
    elsewhere.database.close()


def test_ones_own_message_comes_back_from_every_tab(desk, visit):
    visitor = visit(ME)
    with visit(ME).following() as events:
        next(events)
        visitor.post(text="slt")
        assert next(events).texts == ["slt"]


def test_nothing_of_anybody_else_arrives(desk, visit):
    with visit(ME).following() as events:
        next(events)
        desk.answer("demo-other", "Pas pour moi")
        desk.answer(ME, "Pour moi")
        assert next(events).texts == ["Pour moi"]


def test_a_page_that_connects_does_not_get_again_all_that_it_shows(desk, visit, now):
    for hour, text in ((8, "ce matin"), (9, "tout à l'heure")):
        desk.clock = lambda hour=hour: now.replace(hour=hour)
        desk.answer(ME, text)
    visitor = visit(ME)
    page = visitor.page()
    desk.clock = lambda: now
    desk.answer(ME, "entre la page et le flux")
    with visitor.following(after=cursor_of(page)) as events:
        next(events)
        seen = next(events).texts + next(events).texts
    assert texts_in(page) == ["ce matin", "tout à l'heure"]
    assert seen == ["tout à l'heure", "entre la page et le flux"]


def test_a_browser_that_was_away_gets_what_it_missed(desk, visit):
    visitor = visit(ME)
    with visitor.following() as events:
        next(events)
        desk.answer(ME, "un")
        last_event_id = next(events).id
    assert last_event_id
    desk.answer(ME, "deux")
    desk.answer(ME, "trois")
    with visitor.following(last_event_id=last_event_id) as events:
        seen = [text for _ in range(4) for text in next(events).texts]
    # "un" again: what is less than a minute old is repeated, and the page knows it by its id.
    assert seen == ["un", "deux", "trois"]


def test_a_batch_cut_off_half_way_is_sent_again_whole(desk, visit):
    visitor = visit(ME)
    for text in ("un", "deux", "trois"):
        desk.answer(ME, text)
    with visitor.following() as events:
        next(events)
        batch = [next(events) for _ in range(3)]
    assert [bool(event.id) for event in batch] == [False, False, True]


def test_an_erasure_empties_the_page_and_leaves_what_came_after(desk, visit):
    with visit(ME).following() as events:
        next(events)
        desk.answer(ME, "Merci de ton message.")
        assert next(events).name == "entry"
        desk.answer(ME, "", kind="erase")
        desk.answer(ME, "👋")
        erased, wave = next(events), next(events)
    assert erased.name == "erase"
    assert wave.texts == ["👋"]


def test_an_erasure_while_the_browser_was_away_is_told_on_return(desk, visit):
    visitor = visit(ME)
    desk.answer(ME, "Merci de ton message.")
    page = visitor.page()
    desk.answer(ME, "", kind="erase")
    with visitor.following(after=cursor_of(page)) as events:
        assert [next(events).name, next(events).name] == ["whose", "erase"]


def test_a_page_learns_that_the_browser_is_somebody_else_now(visit, identity):
    visitor = visit("demo-koffi")
    token = visitor.fields()["page"]
    visitor.take_cookie(identity, "demo-mariam")
    with visitor.following() as events:
        whose = next(events)
    assert whose.name == "whose"
    assert whose.data == identity.page_token("demo-mariam") != token
