"""What Meta posts, fixture by fixture, and what becomes of it."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from bot.channels.base import DeliveryUpdate, Event, Inbound
from bot.channels.errors import RecipientGone, Retryable, WindowClosed
from bot.channels.whatsapp.parse import parse

FIXTURES = Path(__file__).parent.parent / "fixtures" / "whatsapp"
PHONE_ID = "106540352242922"
ADDRESS = "2250000000011"
SENT_AT = datetime(2025, 11, 25, 10, 30, tzinfo=timezone.utc)
RECEIVED_AT = datetime(2025, 11, 25, 10, 31, tzinfo=timezone.utc)


def load(name: str) -> Any:
    return json.loads((FIXTURES / f"{name}.json").read_text())


def parsed(payload: Any) -> list[Event]:
    return parse(payload, PHONE_ID, RECEIVED_AT)


def wamid(number: int) -> str:
    return f"wamid.HBgNMjI1MDAwMDAwMDAxMRUCABIYFDNBNEE2NTk5QUVFMDM4MTAxNDQ{number:02d}"


def inbound(number: int, kind: Any, **content: str) -> Inbound:
    return Inbound(wamid(number), ADDRESS, kind, SENT_AT, **content)


def update(receipt: Any, error: str = "") -> DeliveryUpdate:
    return DeliveryUpdate(wamid(90), receipt, SENT_AT, error, address=ADDRESS)


EXPECTED: dict[str, list[Event]] = {
    "text": [inbound(1, "text", text="l'argent du mois est tombé ?")],
    "button_reply": [inbound(2, "choice", token="dG9rZW4tb25l")],
    "list_reply": [inbound(3, "choice", token="dG9rZW4tdHdv")],
    "template_button": [inbound(4, "choice", text="Lire", token="Lire")],
    "voice": [inbound(5, "voice", media="1003383421387256")],
    "image": [inbound(6, "photo", text="mon bulletin", media="1003383421387257")],
    "video": [inbound(7, "photo", media="1003383421387258")],
    "document": [inbound(8, "photo", text="le papier", media="1003383421387259")],
    "sticker": [inbound(9, "photo", media="1003383421387260")],
    "location": [
        inbound(10, "location", text="5.359952, -4.008256\nLa grande pharmacie\nRue inventée")
    ],
    "contacts": [inbound(11, "contact", text="Tante Adjoua +225 00 00 00 00 22")],
    "reaction": [inbound(12, "text", text="🙂")],
    "reaction_removed": [],
    "number_changed": [
        inbound(14, "contact", text="User Contact changed from 2250000000011 to 2250000000033")
    ],
    "unsupported": [inbound(15, "photo")],
    "order": [inbound(16, "photo")],
    "form_reply": [inbound(17, "photo")],
    "hidden_number": [Inbound(wamid(18), "CI.1349120865530274", "text", SENT_AT, text="bonjour")],
    "status_sent": [update("sent")],
    "status_delivered": [update("delivered")],
    "status_read": [update("read")],
    "status_failed": [update("failed", "131047")],
    "status_played": [],
    "other_number": [],
    "other_field": [],
    # All entries and changes, in order; the second message lacks its text and loses nobody else.
    "batch": [
        inbound(21, "text", text="un"),
        inbound(22, "photo"),
        inbound(23, "text", text="trois"),
        update("read"),
        update("delivered"),
        inbound(24, "text", text="quatre"),
    ],
}


def test_every_fixture_is_expected():
    assert {path.stem for path in FIXTURES.glob("*.json")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_fixture(name):
    assert parsed(load(name)) == EXPECTED[name]


def test_a_repeated_post_gives_the_same_events():
    assert parsed(load("batch")) == parsed(load("batch"))


@pytest.mark.parametrize(
    ("code", "failure"),
    [(131047, WindowClosed), (131026, RecipientGone), (131000, Retryable)],
)
def test_a_late_failure_says_what_send_would_have_raised(code, failure):
    payload = load("status_failed")
    status = payload["entry"][0]["changes"][0]["value"]["statuses"][0]
    status["errors"] = [{"code": code}]

    (event,) = parsed(payload)

    assert isinstance(event, DeliveryUpdate)
    assert event.error == str(code)
    assert type(event.failure) is failure


def test_a_message_delivered_at_last_has_no_failure():
    (event,) = parsed(load("status_delivered"))

    assert isinstance(event, DeliveryUpdate)
    assert event.failure is None


@pytest.mark.parametrize("stamp", [None, "", "soon", "9" * 40, {}])
def test_a_broken_time_becomes_the_time_of_receipt(stamp):
    payload = load("text")
    payload["entry"][0]["changes"][0]["value"]["messages"][0]["timestamp"] = stamp

    (event,) = parsed(payload)

    assert isinstance(event, Inbound)
    assert event.sent_at == RECEIVED_AT


@pytest.mark.parametrize("content", [None, [], "text", 7, {"body": None}, {"body": {"a": 1}}])
def test_a_message_of_an_unknown_shape_still_reaches_a_person(content):
    payload = load("text")
    payload["entry"][0]["changes"][0]["value"]["messages"][0]["text"] = content

    assert parsed(payload) == [inbound(1, "photo")]


@pytest.mark.parametrize("missing", ["id", "from"])
def test_what_nobody_sent_is_left_out_and_the_rest_kept(missing):
    payload = load("batch")
    first = payload["entry"][0]["changes"][0]["value"]["messages"][0]
    first.pop("from_user_id")
    del first[missing]

    assert parsed(payload) == EXPECTED["batch"][1:]


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"entry": None},
        {"entry": {}},
        {"entry": [7, {"changes": "x"}, {"changes": [{"field": "messages", "value": []}]}]},
    ],
)
def test_a_post_without_messages_gives_none(payload):
    assert parsed(payload) == []


def test_nothing_personal_shows_in_an_event_that_is_printed():
    for name in ("text", "contacts", "location", "image"):
        (event,) = parsed(load(name))
        assert ADDRESS not in repr(event)
        assert isinstance(event, Inbound)
        assert event.text not in repr(event)
