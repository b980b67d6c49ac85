"""What a browser posts becomes a message, once, and is acknowledged only when recorded."""

from __future__ import annotations

import pytest

from tests.channels.webchat.visitor import MESSAGES, RECEIPTS, texts_in

SCRIPT = {"X-Requested-With": "fetch"}


def test_a_text_is_handed_in_as_it_was_written(desk, visit):
    visitor = visit()
    assert visitor.post(text="  slt\r\nc koffi 🙏 ").status_code == 303
    (message,) = desk.messages
    assert (message.kind, message.text, message.token) == ("text", "slt\nc koffi 🙏", "")
    assert message.address == visitor.address
    assert message.sent_at.utcoffset() is not None


def test_a_pressed_button_is_handed_in_by_its_token_alone(desk, visit):
    visitor = visit()
    assert visitor.post(token="opaque-oui").status_code == 303
    (message,) = desk.messages
    assert (message.kind, message.text, message.token) == ("choice", "", "opaque-oui")


def test_the_script_gets_its_answer_without_a_page(desk, visit):
    response = visit().post(headers=SCRIPT, text="bonjour")
    assert (response.status_code, response.text) == (200, "")
    assert len(desk.messages) == 1


@pytest.mark.parametrize("headers", [{}, SCRIPT])
def test_what_was_not_recorded_is_not_acknowledged(desk, visit, headers):
    desk.fails = "before"
    assert visit().post(headers=headers, text="bonjour").status_code == 500


def test_a_form_posted_twice_is_one_message_and_another_text_is_another(desk, visit):
    visitor = visit()
    form = visitor.fields()
    for text in ("9", "9", "aidez-moi"):
        visitor.client.post(MESSAGES, data={**form, "text": text})
    assert len(desk.messages) == 3
    assert [row.text for row in desk.written(visitor.address)] == ["9", "aidez-moi"]


def test_two_people_with_the_same_form_number_do_not_hide_each_other(desk, visit):
    one, other = visit(), visit()
    one.post(nonce="1", text="bonjour")
    other.post(nonce="1", text="bonjour")
    assert len({message.provider_id for message in desk.messages}) == 2


@pytest.mark.parametrize("text", ["", "   ", "\r\n"])
def test_nothing_written_is_no_message(desk, visit, text):
    assert visit().post(text=text).status_code == 303
    assert desk.events == []


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"text": "é" * 4001}, 413),
        ({"text": "é" * 40_000}, 413),
        ({"token": "x" * 25}, 400),
        ({"text": "a", "nonce": ""}, 400),
        ({"text": "a", "nonce": "n" * 41}, 400),
        ({"text": "a", "page": ""}, 409),
    ],
)
def test_what_no_form_of_ours_sends_is_refused(desk, visit, fields, status):
    assert visit().post(**fields).status_code == status
    assert desk.events == []


def test_bytes_that_are_no_form_are_refused(visit):
    visitor = visit()
    visitor.page()
    assert visitor.client.post(MESSAGES, content=b"\xff\xfe").status_code == 400


def test_a_reply_is_acknowledged_by_whom_it_was_sent_to(desk, visit):
    visitor = visit("demo-a")
    own = desk.answer("demo-a", "Bonjour")
    others = desk.answer("demo-b", "Bonjour")
    page = visitor.fields()["page"]

    for receipt in ("delivered", "read"):
        form = {"page": page, "receipt": receipt, "id": [own, others, "unheard-of"]}
        assert visitor.client.post(RECEIPTS, data=form).status_code == 200

    assert desk.receipts() == [(own, "delivered"), (own, "read")]


def test_a_read_reply_asks_for_no_receipt_any_more(desk, visit):
    visitor = visit("demo-a")
    reply = desk.answer("demo-a", "Bonjour")
    assert f'data-receipt="{reply}"' in visitor.page()
    form = {"page": visitor.fields()["page"], "receipt": "read", "id": reply}
    visitor.client.post(RECEIPTS, data=form)
    assert texts_in(visitor.page()) == ["Bonjour"]
    assert "data-receipt" not in visitor.page()


@pytest.mark.parametrize("receipt", ["", "failed", "sent"])
def test_a_browser_can_say_no_more_than_delivered_and_read(desk, visit, receipt):
    visitor = visit("demo-a")
    reply = desk.answer("demo-a", "Bonjour")
    form = {"page": visitor.fields()["page"], "receipt": receipt, "id": reply}
    assert visitor.client.post(RECEIPTS, data=form).status_code == 400
    assert desk.receipts() == []
