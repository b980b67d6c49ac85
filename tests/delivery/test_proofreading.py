"""All words of the project, read by the rules; and a running process that follows corrections."""

import threading
from types import SimpleNamespace

import pytest

from bot.channels.registry import LIMITS
from bot.delivery.corrections import Corrections, follow
from bot.delivery.proofreading import Proofreader
from bot.followup import translations
from bot.i18n.wording import load_wording
from bot.settings import PROJECT
from tests.made_up import make_member, make_structure

WORDS = {"context": "utter_ok", "source": "D'accord."}


@pytest.fixture
def words():
    """Give words of this test's own: it lays corrections over them."""
    return load_wording(PROJECT)


def test_all_words_are_as_they_must_be(words):
    assert list(map(str, Proofreader(words, LIMITS.values()).read_all())) == []


def test_a_title_has_the_room_of_the_strictest_channel(words):
    proofreader = Proofreader(words, LIMITS.values())
    assert proofreader.room_for("utter_menu|button") == 18
    assert proofreader.room_for("utter_languages|button") == 22
    assert proofreader.room_for("utter_menu") is None


def test_a_draft_on_a_button_needs_room_for_its_stand_in_until_it_is_signed(words):
    proofreader = Proofreader(words, LIMITS.values())
    title = ("utter_label_talk_to_human", "Une personne", "mɔgɔ", "dyu")
    assert [p.code for p in proofreader.read(*title, draft=True)] == ["title too long"]
    assert proofreader.read(*title, draft=False) == []


def test_what_is_wrong_is_found_in_every_language(words):
    wrong = [
        SimpleNamespace(**WORDS, language=code, text=text, replaces=filed, signed=True)
        for code, text in (("en", "He is here."), ("ak", "aane 9"))
        for filed in [words.catalogs.filed(WORDS["context"], WORDS["source"], code)]
    ]
    words.catalogs.correct(wrong)
    found = Proofreader(words, LIMITS.values()).read_all()
    assert [(each.language, each.context, each.problem.code) for each in found] == [
        ("en", "utter_ok", "gender"),
        ("ak", "utter_ok", "digits"),
    ]


def test_a_running_process_says_what_was_signed_just_now(database, words, now):
    with database.write() as connection:
        awa = make_member(connection, make_structure(connection))
    corrections = Corrections(database, words.catalogs)
    corrections.refresh()
    replaces = words.catalogs.filed("utter_ok", "D'accord.", "dyu")
    signed = {
        **WORDS,
        "language": "dyu",
        "text": "Une phrase signée.",
        "replaces": replaces,
        "signed": True,
    }
    with database.write() as connection:
        translations.record(connection, awa, now, **signed)
    corrections.refresh()
    assert words.say("utter_ok", "dyu", "tu").text == "Une phrase signée."


def test_a_worker_follows_in_a_thread_of_its_own(database, words, now):
    with database.write() as connection:
        awa = make_member(connection, make_structure(connection))
    stopping, read = threading.Event(), threading.Event()
    words.catalogs.correct = lambda rows: read.set()
    thread = threading.Thread(target=follow, args=(database, words.catalogs, stopping))
    thread.start()
    try:
        with database.write() as connection:
            translations.record(
                connection,
                awa,
                now,
                **WORDS,
                language="dyu",
                text="ayiwa",
                replaces="",
                signed=False,
            )
        assert read.wait(20)
    finally:
        stopping.set()
        with database.write() as connection:
            translations.record(
                connection,
                awa,
                now,
                **WORDS,
                language="dyu",
                text="ayiwa",
                replaces="",
                signed=True,
            )
        thread.join(20)
    assert not thread.is_alive()
