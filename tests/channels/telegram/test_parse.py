"""What each kind of update means to us, shown on payloads of the documented form."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from bot.channels.base import Event, Inbound, MessageKind, Reachability
from bot.channels.telegram.parse import Ignored, parse_update

FIXTURES = Path(__file__).parent.parent / "fixtures" / "telegram"
BOT = "7000000001"
AWA = "7000000011"
WRITTEN_AT = datetime.fromtimestamp(1795602600, timezone.utc)


def read(name: str) -> dict[str, Any]:
    return json.loads((FIXTURES / f"{name}.json").read_text())


def parse(name: str, now: datetime) -> Event | Ignored:
    return parse_update(read(name), BOT, now)


CONTENTS: list[tuple[str, MessageKind, str, str]] = [
    ("text", "text", "l'argent du mois est tombé ?", ""),
    ("reply", "text", "oui", ""),
    ("command", "text", "/restart", ""),
    ("start", "text", "/start", ""),
    ("voice", "voice", "écoute", "AwACAgQAAxkBAAIvoice"),
    ("audio", "voice", "", "CQACAgQAAxkBAAIaudio"),
    ("video_note", "voice", "", "DQACAgQAAxkBAAInote"),
    ("photo", "photo", "mon cahier", "AgACAgQAAxkBAAIy"),
    ("video", "photo", "", "BAACAgQAAxkBAAIvideo"),
    ("animation", "photo", "", "CgACAgQAAxkBAAIgif"),
    ("document", "photo", "", "BQACAgQAAxkBAAIdoc"),
    ("sticker", "photo", "😢", "CAACAgQAAxkBAAIsticker"),
    ("poll", "photo", "", ""),
    ("location", "location", "5.345317, -4.024429", ""),
    ("contact", "contact", "+2250000000017", ""),
]


@pytest.mark.parametrize(("name", "kind", "text", "media"), CONTENTS)
def test_a_message(name, kind, text, media, now):
    raw = read(name)
    assert parse(name, now) == Inbound(
        provider_id=f"{BOT}:{raw['update_id']}",
        address=AWA,
        kind=kind,
        sent_at=WRITTEN_AT,
        text=text,
        media=media,
        origin=str(raw["message"]["message_id"]),
    )


def test_a_deep_link_gives_its_code_and_hides_it_from_the_text(now):
    message = parse("start_code", now)
    assert isinstance(message, Inbound)
    assert (message.kind, message.text, message.code) == ("text", "/start", "K7M2-P4QX")


@pytest.mark.parametrize(
    ("typed", "text", "code"),
    [
        ("/start@infos_ecole_bot ABC", "/start", "ABC"),
        ("/start   ABC ", "/start", "ABC"),
        ("/started ABC", "/started ABC", ""),
        ("je tape /start ABC", "je tape /start ABC", ""),
        ("/start ABC DEF", "/start ABC DEF", ""),
    ],
)
def test_what_counts_as_a_deep_link(typed, text, code, now):
    update = read("text")
    update["message"]["text"] = typed
    message = parse_update(update, BOT, now)
    assert isinstance(message, Inbound)
    assert (message.text, message.code) == (text, code)


@pytest.mark.parametrize(
    ("name", "token", "origin"),
    [("choice", "c.kq3vT8sZ1mQe", "1206"), ("choice_old", "c.Xw0aLr5Bn7Jd", "310")],
)
def test_a_pressed_button(name, token, origin, now):
    assert parse(name, now) == Inbound(
        provider_id=f"{BOT}:{read(name)['update_id']}",
        address=AWA,
        kind="choice",
        sent_at=now,
        token=token,
        origin=origin,
    )


def test_an_edited_message_is_no_new_one_and_no_repeat_of_the_first(now):
    first, edited = parse("text", now), parse("edited", now)
    assert isinstance(first, Inbound)
    assert isinstance(edited, Inbound)
    assert edited.kind == "edited"
    assert edited.text == "l'argent du mois n'est pas tombé"
    assert edited.origin == first.origin
    assert edited.provider_id != first.provider_id
    assert edited.sent_at > first.sent_at


@pytest.mark.parametrize(("name", "reachable"), [("blocked", False), ("unblocked", True)])
def test_the_person_blocks_the_bot_or_lets_it_in_again(name, reachable, now):
    at = datetime.fromtimestamp(read(name)["my_chat_member"]["date"], timezone.utc)
    assert parse(name, now) == Reachability(address=AWA, reachable=reachable, at=at)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("group", "not_private"),
        ("group_edited", "not_private"),
        ("group_choice", "not_private"),
        ("added_to_group", "not_private"),
        ("choice_inline", "not_private"),
        ("live_location_moved", "location_moved"),
        ("pinned", "service_message"),
        ("channel_post", "other_update"),
    ],
)
def test_what_is_not_for_us(name, reason, now):
    assert parse(name, now) == Ignored(reason)


def test_every_payload_is_read_by_some_test():
    named = {name for name, *_ in CONTENTS} | {
        "start_code",
        "choice",
        "choice_old",
        "edited",
        "blocked",
        "unblocked",
        "group",
        "group_edited",
        "group_choice",
        "added_to_group",
        "choice_inline",
        "live_location_moved",
        "pinned",
        "channel_post",
    }
    assert named == {path.stem for path in FIXTURES.glob("*.json")}


def test_what_it_does_not_know_in_a_message_does_not_lose_the_words(now):
    update = read("text")
    update["message"] |= {"reply_to_message": {"message_id": 1}, "novelty": {"of": "next year"}}
    message = parse_update(update, BOT, now)
    assert isinstance(message, Inbound)
    assert message.text == "l'argent du mois est tombé ?"


def test_two_bots_on_one_database_do_not_take_each_others_updates_for_repeats(now):
    ours, others = parse("text", now), parse_update(read("text"), "7000000002", now)
    assert isinstance(ours, Inbound)
    assert isinstance(others, Inbound)
    assert ours.provider_id != others.provider_id


def test_nothing_personal_shows_in_what_is_printed(now):
    for name, *_ in CONTENTS:
        shown = repr(parse(name, now))
        assert AWA not in shown
        assert "argent" not in shown
        assert "+225" not in shown
