"""The chat page in a real browser: on a small phone, on a desk, by keyboard, without scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bot.channels.webchat.identity import COOKIE, PATH
from tests.browser import assert_accessible, assert_fits, browser, collect_complaints
from tests.channels.harness.base import wait_until
from tests.channels.webchat.visitor import Visitor

__all__ = ["browser"]

pytestmark = pytest.mark.browser

PHONE, TABLE = {"width": 320, "height": 568}, {"width": 1280, "height": 800}
ME = "demo-me"

OpenChat = Callable[..., Page]


@pytest.fixture
def complaints() -> list[str]:
    """Collect what the pages of a test complain of."""
    return []


@pytest.fixture
def open_chat(
    browser: Browser, url: str, visit: Callable[[str], Visitor], complaints: list[str]
) -> Iterator[OpenChat]:
    """Give a function that opens the chat as ``ME`` in a browser of its own."""
    contexts: list[BrowserContext] = []

    def open_page(viewport: Any = PHONE, **options: Any) -> Page:
        context = browser.new_context(viewport=viewport, base_url=url, **options)
        contexts.append(context)
        _become(context, url, visit(ME))
        page = context.new_page()
        collect_complaints(page, complaints)
        page.goto(PATH)
        return page

    yield open_page
    for context in contexts:
        context.close()


def _become(context: BrowserContext, url: str, visitor: Visitor) -> None:
    cookie = visitor.client.cookies[COOKIE]
    context.add_cookies([{"name": COOKIE, "value": cookie, "url": url + PATH}])


def _write(page: Page, text: str) -> None:
    page.get_by_label("Message", exact=True).fill(text)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("viewport", [PHONE, TABLE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_conversation_fits_the_screen_and_is_readable(
    desk, open_chat, complaints, viewport, scheme
):
    page = open_chat(viewport, color_scheme=scheme, reduced_motion="reduce")
    _write(page, "l'argent du mois est tombé ? " + "e" * 60)
    expect(page.locator(".own .mark")).to_have_text("envoyé")
    desk.answer(ME, "25 000 F envoyés.", "Bien reçu", "Pas le bon montant", in_reply_to=1)
    expect(page.locator(".reply .text")).to_have_text("25 000 F envoyés.")
    expect(page.locator(".own .mark")).to_have_text("lu")
    assert_fits(page)
    assert_accessible(page)
    assert complaints == []


def test_the_chat_says_nothing_of_what_it_is_for(open_chat):
    page = open_chat()
    expect(page).to_have_title("Infos école et formation")
    assert "akoma" not in page.content().lower()


def test_a_reload_shows_the_thread_again(desk, open_chat):
    page = open_chat()
    _write(page, "slt")
    expect(page.locator(".own")).to_have_count(1)
    desk.answer(ME, "Bonjour 👋")
    expect(page.locator(".text")).to_have_text(["slt", "Bonjour 👋"])
    page.reload()
    expect(page.locator(".text")).to_have_text(["slt", "Bonjour 👋"])


def test_a_button_is_pressed_once_and_then_gone(desk, open_chat):
    page = open_chat()
    desk.answer(ME, "On garde les messages ?", "Oui", "Non")
    page.get_by_role("button", name="1 Oui").click()
    expect(page.locator(".choices")).to_have_count(0)
    expect(page.locator(".own")).to_have_count(1)
    assert [message.token for message in desk.messages] == ["opaque-oui"]


def test_all_can_be_done_by_keyboard(desk, open_chat):
    page = open_chat()
    desk.answer(ME, "On garde les messages ?", "Oui", "Non")
    expect(page.get_by_role("button", name="2 Non")).to_be_visible()
    page.get_by_label("Message", exact=True).focus()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="2 Non")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".own")).to_have_count(1)
    # The button is gone; whoever uses a keyboard is not thrown to the top of the page.
    expect(page.get_by_label("Message", exact=True)).to_be_focused()
    page.keyboard.type("une ligne")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("une autre")
    page.keyboard.press("Enter")
    expect(page.locator(".own")).to_have_count(2)
    assert desk.messages[-1].text == "une ligne\nune autre"


def test_new_messages_are_read_aloud(desk, open_chat):
    log = open_chat().get_by_role("log")
    expect(log).to_have_attribute("aria-live", "polite")
    desk.answer(ME, "Bonjour")
    expect(log).to_contain_text("Réponse : Bonjour")


def test_what_is_on_the_screen_is_acknowledged_as_read(desk, open_chat):
    page = open_chat()
    reply = desk.answer(ME, "Bonjour")
    expect(page.locator(".reply .text")).to_have_text("Bonjour")
    wait_until(lambda: desk.receipts() == [(reply, "read")])


@pytest.mark.parametrize(
    "fail",
    [lambda route: route.abort(), lambda route: route.fulfill(status=503)],
    ids=["no network", "out of order"],
)
def test_what_could_not_be_acknowledged_is_acknowledged_later(desk, open_chat, fail):
    page = open_chat()
    page.route("**/receipts", fail, times=1)
    # Not even the first acknowledgement came through, and no other message will follow.
    with page.expect_request("**/receipts"):
        reply = desk.answer(ME, "Bonjour")
    assert desk.receipts() == []
    # The browser is asked meanwhile: what it posts passes through this thread.
    wait_until(lambda: page.title() and desk.receipts() == [(reply, "read")])


def test_x_empties_the_screen_at_once_even_where_nothing_can_be_sent(desk, open_chat):
    page = open_chat()
    desk.answer(ME, "Merci de ton message.")
    expect(page.locator(".text")).to_have_count(1)
    page.route("**/messages", lambda route: route.abort())
    page.get_by_role("button", name="X").click()
    expect(page.locator(".text")).to_have_count(0)


def test_x_is_sent_like_any_message(desk, open_chat):
    page = open_chat()
    with page.expect_response("**/messages"):
        page.get_by_role("button", name="X").click()
    assert [message.text for message in desk.messages] == ["X"]


def test_what_was_erased_leaves_the_screen(desk, open_chat):
    page = open_chat()
    desk.answer(ME, "Merci de ton message.")
    expect(page.locator(".text")).to_have_count(1)
    desk.answer(ME, "", kind="erase")
    desk.answer(ME, "👋")
    expect(page.locator(".text")).to_have_text(["👋"])


def test_a_message_that_could_not_be_sent_is_kept_and_sent_once(desk, open_chat):
    page = open_chat()
    desk.fails = "after"
    _write(page, "mon oncle me frappe")
    expect(page.get_by_role("alert")).to_contain_text("Pas envoyé")
    expect(page.get_by_label("Message", exact=True)).to_have_value("mon oncle me frappe")

    desk.fails = ""
    page.get_by_role("button", name="Envoyer").click()
    expect(page.locator(".own .text")).to_have_text("mon oncle me frappe")
    expect(page.get_by_role("alert")).to_be_hidden()
    assert len({message.provider_id for message in desk.messages}) == 1


def test_the_same_words_twice_are_two_messages(desk, open_chat):
    page = open_chat()
    for count in (1, 2):
        _write(page, "oui")
        expect(page.locator(".own")).to_have_count(count)


def test_without_scripts_forms_do_it_all(desk, open_chat):
    page = open_chat(java_script_enabled=False)
    page.get_by_label("Message", exact=True).fill("slt")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.locator(".own .text")).to_have_text("slt")
    desk.answer(ME, "Bonjour", "Oui")
    page.get_by_role("link", name="voir les nouveaux messages").click()
    page.get_by_role("button", name="1 Oui").click()
    expect(page.locator(".own")).to_have_count(2)
    page.get_by_role("button", name="X").click()
    assert [(message.text, message.token) for message in desk.messages] == [
        ("slt", ""),
        ("", "opaque-oui"),
        ("X", ""),
    ]


def test_words_are_never_code(desk, open_chat, complaints):
    page = open_chat()
    attack = "<img src=x onerror=\"document.title='pwned'\"><script>document.title='pwned'</script>"
    _write(page, attack)
    expect(page.locator(".own .text")).to_have_text(attack)
    desk.answer(ME, attack, attack)
    expect(page.locator(".reply .text")).to_have_text(attack)
    page.reload()
    expect(page.locator(".text")).to_have_count(2)
    expect(page).to_have_title("Infos école et formation")
    assert complaints == []


def test_a_tab_of_somebody_else_turns_into_who_the_browser_is_now(desk, open_chat, url, visit):
    page = open_chat()
    desk.answer(ME, "pour moi seul")
    expect(page.locator(".text")).to_have_text(["pour moi seul"])
    desk.answer("demo-other", "pour l'autre")
    _become(page.context, url, visit("demo-other"))
    _write(page, "pour moi aussi")
    expect(page.locator(".text")).to_have_text(["pour l'autre"])
    assert desk.messages == []
