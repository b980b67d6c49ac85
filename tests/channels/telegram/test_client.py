"""What goes out, and what each refusal means, over real HTTP."""

from __future__ import annotations

import logging
import traceback
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.base import Choice, Outbound, Rendered, label, render
from bot.channels.errors import (
    Misconfigured,
    RecipientGone,
    Retryable,
    SendError,
    Throttled,
    TooLarge,
)
from bot.channels.telegram import build_telegram
from bot.channels.telegram import client as client_module
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.client import TelegramClient
from bot.db.engine import Database
from bot.settings import Settings, TelegramSettings
from tests.channels.telegram.conftest import AWA
from tests.platforms.base import ServerThread
from tests.platforms.telegram_server import TelegramServer

WORDS = "mon oncle me frappe"


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[TelegramClient]:
    client = TelegramClient(settings.telegram)
    yield client
    await client.close()


@pytest.fixture
async def hasty_client(settings: Settings) -> AsyncIterator[TelegramClient]:
    client = TelegramClient(settings.telegram, answer_seconds=0.3)
    yield client
    await client.close()


@pytest.fixture
def garbage() -> Iterator[str]:
    """Give the address of something that is not Telegram, such as a captive portal."""

    async def say_something(request: Request) -> Response:
        status = 200 if request.path_params["method"] == "sendMessage" else 502
        return Response(f"<html>{WORDS}</html>", status)

    server = ServerThread()
    server.start(Starlette(routes=[Route("/bot{token}/{method}", say_something, methods=["POST"])]))
    yield server.url
    server.stop()


async def test_a_message_reaches_the_phone_and_its_id_comes_back(client, server: TelegramServer):
    message_id = await client.send(AWA, Rendered("Ta semaine ? <b>5</b> *4* _3_"))
    [sent] = server.sent(AWA)
    assert (sent.message_id, sent.text, sent.buttons) == (
        message_id,
        "Ta semaine ? <b>5</b> *4* _3_",
        (),
    )


async def test_choices_are_buttons_one_a_row_with_tokens_of_the_full_length(client, server):
    choices = tuple(Choice(str(n), f"Réponse {n}", f"{n}{'x' * 63}") for n in range(3))
    [message] = render(Outbound("Choisis.", choices), TelegramChannel.limits)
    await client.send(AWA, message)
    [sent] = server.sent(AWA)
    assert sent.buttons == tuple((label(choice), choice.token) for choice in choices)
    _, parameters = server.calls[-1]
    assert [len(row) for row in parameters["reply_markup"]["inline_keyboard"]] == [1, 1, 1]


async def test_no_link_is_previewed(client, server):
    await client.send(AWA, Rendered("https://example.org"))
    assert '"is_disabled": true' in server.calls[-1][1]["link_preview_options"]


@pytest.mark.parametrize(
    ("status", "description", "kind", "code"),
    [
        (403, "Forbidden: bot was blocked by the user", RecipientGone, "blocked"),
        (403, "Forbidden: user is deactivated", RecipientGone, "deactivated"),
        (400, "Bad Request: chat not found", RecipientGone, "chat_not_found"),
        (400, "Bad Request: message is too long", Misconfigured, "bad_request"),
        (401, "Unauthorized", Misconfigured, "invalid_token"),
        (404, "Not Found", Misconfigured, "invalid_token"),
        (409, "Conflict: terminated by setWebhook request", Retryable, "conflict"),
        (500, "Internal Server Error", Retryable, "network"),
        (502, "Bad Gateway", Retryable, "network"),
    ],
)
async def test_a_refusal(client, server, status, description, kind, code):
    server.fail_next(status, description=description)
    with pytest.raises(kind) as refused:
        await client.send(AWA, Rendered("Bonjour."))
    assert (type(refused.value), refused.value.code) == (kind, code)
    assert server.sent(AWA) == []


@pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")
async def test_a_flood_says_how_long_to_wait(client, server):
    server.fail_next(429, retry_after=17)
    with pytest.raises(Throttled) as refused:
        await client.send(AWA, Rendered("Bonjour."))
    assert (refused.value.code, refused.value.retry_after) == ("flood", 17)


async def test_a_time_out_is_tried_again_though_telegram_may_have_accepted(hasty_client, server):
    server.hang_next(accept=True)
    with pytest.raises(Retryable) as refused:
        await hasty_client.send(AWA, Rendered("Bonjour."))
    assert refused.value.code == "timed_out"
    assert len(server.sent(AWA)) == 1


async def test_nobody_there_is_tried_again(client, server):
    server.stop()
    with pytest.raises(Retryable) as refused:
        await client.send(AWA, Rendered("Bonjour."))
    assert refused.value.code == "network"


@pytest.mark.parametrize(
    ("call", "code"), [("send", "unreadable_answer"), ("delete_webhook", "network")]
)
async def test_an_answer_that_is_not_telegrams_is_tried_again(
    settings, garbage, caplog, call, code
):
    client = TelegramClient(replace(settings.telegram, base_url=garbage))
    arguments = (AWA, Rendered("Bonjour.")) if call == "send" else ()
    with caplog.at_level(logging.DEBUG), pytest.raises(Retryable) as refused:
        await getattr(client, call)(*arguments)
    await client.close()
    assert refused.value.code == code
    assert WORDS not in caplog.text + "".join(traceback.format_exception(refused.value))


async def test_neither_token_nor_words_are_logged_or_raised(settings, server, caplog):
    logging.getLogger("aiohttp").setLevel(logging.DEBUG)
    words = Rendered(WORDS)
    client = TelegramClient(settings.telegram)
    stranger = TelegramClient(replace(settings.telegram, token="7000000009:another-token"))
    with caplog.at_level(logging.DEBUG):
        await client.send(AWA, words)
        with pytest.raises(SendError) as refused:
            await stranger.send(AWA, words)
    server.stop()
    with pytest.raises(SendError) as unreachable:
        await client.send(AWA, words)
    await client.close()
    await stranger.close()
    shown = caplog.text + "".join(
        line
        for error in (refused.value, unreachable.value)
        for line in traceback.format_exception(error)
    )
    for secret in (settings.telegram.token, "another-token", WORDS, AWA):
        assert secret not in shown


async def test_erasing_goes_in_hundreds(client, server):
    await client.erase(AWA, [str(n) for n in range(1, 251)])
    assert server.deleted == [(AWA, n) for n in range(1, 251)]
    assert server.count("deleteMessages") == 3


async def test_erasing_nothing_asks_nothing(client, server):
    await client.erase(AWA, [])
    assert server.calls == []


async def test_what_is_too_old_to_be_erased_does_not_keep_the_rest(client, server):
    server.make_undeletable(2)
    await client.erase(AWA, ["1", "2", "3"])
    assert server.deleted == [(AWA, 1), (AWA, 3)]


async def test_erasing_that_did_not_get_through_is_told(client, server):
    server.fail_next(500, method="deleteMessages")
    with pytest.raises(Retryable):
        await client.erase(AWA, ["1", "2", "3"])


async def test_a_voice_note_is_fetched(client, server):
    file_id = server.keep_media(b"OggS an invented voice")
    assert await client.fetch_media(file_id) == b"OggS an invented voice"


async def test_a_file_that_is_not_there(client):
    with pytest.raises(Misconfigured):
        await client.fetch_media("nothing")


async def test_a_file_that_is_too_big_for_bots(client, server):
    server.fail_next(400, method="getFile", description="Bad Request: file is too big")
    with pytest.raises(TooLarge):
        await client.fetch_media("film")


async def test_a_file_that_is_too_big_for_us(client, server, monkeypatch):
    monkeypatch.setattr(client_module, "LARGEST_FILE", 1000)
    with pytest.raises(TooLarge):
        await client.fetch_media(server.keep_media(bytes(1001)))
    assert await client.fetch_media(server.keep_media(bytes(1000))) == bytes(1000)


def test_without_a_token_there_is_no_channel(settings: Settings, sqlite_database: Database):
    off = replace(settings, telegram=TelegramSettings())
    assert build_telegram(off, sqlite_database) is None


async def test_with_a_token_there_is_one_that_sends(settings, sqlite_database, server):
    channel = build_telegram(settings, sqlite_database)
    assert channel is not None
    await channel.send(AWA, Rendered("Bonjour."))
    await channel.close()
    assert [sent.text for sent in server.sent(AWA)] == ["Bonjour."]
