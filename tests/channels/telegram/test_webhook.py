"""The webhook: who may post, and when Telegram is told that it has been taken."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from bot.channels.base import Inbound
from bot.channels.telegram.channel import TelegramChannel
from bot.db.engine import Database
from bot.settings import Settings
from tests.channels.telegram.conftest import AWA, QUICK, Clock, Recorder, until
from tests.platforms.base import ServerThread
from tests.platforms.telegram_server import TelegramServer

FIXTURES = Path(__file__).parent.parent / "fixtures" / "telegram"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
PATH = "/webhooks/telegram"
SECRET = {HEADER: "an-invented-secret"}
TEXT = (FIXTURES / "text.json").read_bytes()


@pytest.fixture
async def channel(
    webhook_settings: Settings, sqlite_database: Database
) -> AsyncIterator[TelegramChannel]:
    channel = TelegramChannel(webhook_settings, sqlite_database, Clock(), QUICK)
    yield channel
    await channel.close()


@pytest.fixture
def intake() -> Recorder:
    return Recorder()


def browser(channel: TelegramChannel, intake: Recorder) -> httpx.AsyncClient:
    app = Starlette(routes=channel.routes(intake))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="https://example.org")


@pytest.fixture
async def web(channel: TelegramChannel, intake: Recorder) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(channel, intake) as web:
        yield web


async def test_an_update_with_the_secret_is_taken(web, intake):
    answer = await web.post(PATH, content=TEXT, headers=SECRET)
    assert answer.status_code == 200
    assert intake.texts == ["l'argent du mois est tombé ?"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {HEADER: ""},
        {HEADER: "another"},
        {HEADER: "an-invented-secret2"},
        {HEADER: "é".encode()},
    ],
)
async def test_without_the_secret_nothing_is_taken(web, intake, headers):
    answer = await web.post(PATH, content=TEXT, headers=headers)
    assert answer.status_code == 403
    assert intake.given == []


async def test_telegram_is_told_only_when_the_intake_has_returned(web, intake):
    returns = asyncio.Event()
    intake.before_it_returns = returns.wait
    post = asyncio.create_task(web.post(PATH, content=TEXT, headers=SECRET))
    await until(lambda: bool(intake.texts))
    assert not post.done()
    returns.set()
    assert (await post).status_code == 200


async def test_what_was_not_recorded_is_not_acknowledged(web, intake):
    intake.refuses = lambda _: True
    assert (await web.post(PATH, content=TEXT, headers=SECRET)).status_code == 500


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b"{}", b'{"update_id": "x"}'])
async def test_what_is_no_update_is_refused(web, intake, body):
    assert (await web.post(PATH, content=body, headers=SECRET)).status_code == 400
    assert intake.given == []


async def test_an_update_that_cannot_be_read_is_not_sent_for_ever(web, intake, logged):
    body = json.dumps({"update_id": 7, "message": {"text": "mon oncle"}}).encode()
    assert (await web.post(PATH, content=body, headers=SECRET)).status_code == 200
    assert intake.given == []
    assert [entry["update_id"] for entry in logged] == [7]
    assert "oncle" not in str(logged)


async def test_a_body_larger_than_any_update_is_refused(web, intake):
    answer = await web.post(PATH, content=b" " * (1024 * 1024 + 1), headers=SECRET)
    assert answer.status_code == 413
    assert intake.given == []


async def test_a_pressed_button_is_answered(web, intake, server: TelegramServer):
    body = (FIXTURES / "choice.json").read_bytes()
    assert (await web.post(PATH, content=body, headers=SECRET)).status_code == 200
    await until(lambda: server.answered == ["4382bfdwdsb323b2d9"])
    [pressed] = intake.events
    assert isinstance(pressed, Inbound)
    assert pressed.token == "c.kq3vT8sZ1mQe"


@pytest.mark.parametrize(("mode", "secret"), [("polling", "an-invented-secret"), ("webhook", "")])
async def test_there_is_no_such_address_in_polling_mode_nor_without_a_secret(
    webhook_settings, sqlite_database, intake, mode, secret
):
    telegram = replace(webhook_settings.telegram, mode=mode, secret=secret)
    settings = replace(webhook_settings, telegram=telegram)
    channel = TelegramChannel(settings, sqlite_database)
    async with browser(channel, intake) as web:
        answer = await web.post(PATH, content=TEXT, headers={HEADER: secret})
    await channel.close()
    assert answer.status_code == 404
    assert intake.given == []


async def test_telegram_is_told_of_the_webhook_until_it_has_understood(channel, intake, server):
    for status in (500, 401, 400):
        server.fail_next(status, method="setWebhook")
    await asyncio.wait_for(channel.run(intake), 10)
    assert server.webhook == {
        "url": "https://example.org/webhooks/telegram",
        "secret_token": "an-invented-secret",
        "allowed_updates": ["message", "edited_message", "callback_query", "my_chat_member"],
        "max_connections": "20",
    }
    assert server.count("getUpdates") == 0


async def test_without_a_secret_it_says_so_and_sends_all_the_same(
    webhook_settings, sqlite_database, intake, server, logged
):
    settings = replace(webhook_settings, telegram=replace(webhook_settings.telegram, secret=""))
    channel = TelegramChannel(settings, sqlite_database)
    await channel.run(intake)
    await channel.close()
    assert [entry["missing"] for entry in logged] == ["AKOMA_TELEGRAM_SECRET"]
    assert server.calls == []


async def test_from_a_phone_to_the_intake_over_real_http(
    webhook_settings, sqlite_database, intake, server
):
    """Also what was written before Telegram was told, and what failed at first."""
    intake.refuses = lambda _: len(intake.given) < 3
    server.say(AWA, "avant")
    receiving = TelegramChannel(webhook_settings, sqlite_database)
    app = ServerThread()
    app.start(Starlette(routes=receiving.routes(intake)))
    channel = TelegramChannel(replace(webhook_settings, public_url=app.url), sqlite_database)
    await channel.run(intake)
    server.say(AWA, "après")
    await until(lambda: sorted(intake.texts) == ["après", "avant"])
    app.stop()
    await channel.close()
