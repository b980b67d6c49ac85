"""The webhook: who may post, and when it says 200."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from bot.channels.base import Event, Inbound, Intake
from bot.channels.whatsapp import build_whatsapp
from bot.channels.whatsapp.webhook import PATH, webhook_routes
from bot.settings import Settings, SettingsError, WhatsAppSettings
from tests.platforms.whatsapp_payloads import sign

FIXTURES = Path(__file__).parent.parent / "fixtures" / "whatsapp"
SETTINGS = WhatsAppSettings(
    token="EAAG-made-up-token",
    phone_id="106540352242922",
    app_secret="a-made-up-app-secret",
    verify_token="a-made-up-verify-token",
)
BATCH = (FIXTURES / "batch.json").read_bytes()


class Recorder(Intake):
    """Keeps what is handed in; fails while ``broken``."""

    def __init__(self) -> None:
        self.calls: list[list[Event]] = []
        self.broken = False

    async def __call__(self, channel: str, events: Sequence[Event]) -> None:
        assert channel == "whatsapp"
        if self.broken:
            raise RuntimeError("the database is away")
        self.calls.append(list(events))


@pytest.fixture
def intake() -> Recorder:
    return Recorder()


@pytest.fixture
async def client(intake: Recorder) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=webhook_routes(SETTINGS, intake))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://akoma.test") as client:
        yield client


async def post(client: httpx.AsyncClient, body: bytes, signature: str | None = None) -> int:
    signature = sign(body, SETTINGS.app_secret) if signature is None else signature
    headers = {"X-Hub-Signature-256": signature} if signature else {}
    return (await client.post(PATH, content=body, headers=headers)).status_code


async def test_verification_returns_the_challenge(client):
    answer = await client.get(
        PATH,
        params={
            "hub.mode": "subscribe",
            "hub.verify_token": SETTINGS.verify_token,
            "hub.challenge": "1158201444",
        },
    )

    assert (answer.status_code, answer.text) == (200, "1158201444")
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"hub.mode": "subscribe", "hub.challenge": "1"},
        {"hub.mode": "subscribe", "hub.verify_token": "another", "hub.challenge": "1"},
        {"hub.mode": "subscribe", "hub.verify_token": "é😀", "hub.challenge": "1"},
        {"hub.mode": "unsubscribe", "hub.verify_token": SETTINGS.verify_token},
        {"hub.verify_token": SETTINGS.verify_token, "hub.challenge": "1"},
    ],
)
async def test_verification_refuses_others(client, query):
    answer = await client.get(PATH, params=query)

    assert (answer.status_code, answer.text) == (403, "")


async def test_a_batch_is_handed_in_at_once(client, intake):
    assert await post(client, BATCH) == 200

    (events,) = intake.calls
    assert [event.text for event in events if isinstance(event, Inbound)] == [
        "un",
        "",
        "trois",
        "quatre",
    ]


async def test_nothing_is_acknowledged_that_was_not_recorded(client, intake):
    intake.broken = True
    assert await post(client, BATCH) == 500

    intake.broken = False
    assert await post(client, BATCH) == 200
    assert len(intake.calls) == 1


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "sha256=",
        "sha256=" + "0" * 64,
        sign(BATCH, "another-secret"),
        sign(BATCH + b" ", SETTINGS.app_secret),
        sign(BATCH, SETTINGS.app_secret).removeprefix("sha256="),
        sign(BATCH, SETTINGS.app_secret).upper(),
    ],
)
async def test_a_wrong_signature_is_refused(client, intake, signature):
    assert await post(client, BATCH, signature) == 403
    assert intake.calls == []


async def test_a_signature_beyond_ascii_is_refused(client, intake):
    answer = await client.post(
        PATH, content=BATCH, headers={"X-Hub-Signature-256": "sha256=\xe9".encode("latin-1")}
    )

    assert answer.status_code == 403


async def test_the_signature_covers_the_bytes_as_they_came(client, intake):
    """Meta escapes non-ASCII letters; parsing and printing again would change the bytes."""
    text = json.loads((FIXTURES / "text.json").read_text())
    escaped = json.dumps(text, ensure_ascii=True, separators=(",", ":")).encode()
    assert b"\\u00e9" in escaped

    assert await post(client, escaped) == 200
    assert len(intake.calls) == 1


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b"\xff\xfe", b"null"])
async def test_what_is_no_json_object_is_refused(client, intake, body):
    assert await post(client, body) == 400
    assert intake.calls == []


async def test_an_unsigned_post_is_refused_before_it_is_read_as_json(client):
    assert await post(client, b"{", "") == 403


async def test_a_post_for_another_number_is_acknowledged_and_left(client, intake):
    assert await post(client, (FIXTURES / "other_number.json").read_bytes()) == 200
    assert intake.calls == []


async def test_a_post_larger_than_meta_sends_is_refused(client, intake):
    assert await post(client, b" " * (3 * 1024 * 1024 + 1)) == 413
    assert intake.calls == []


@pytest.mark.parametrize("missing", ["app_secret", "verify_token"])
async def test_without_a_secret_there_is_no_webhook(intake, missing):
    values = {
        "token": "t",
        "phone_id": "1",
        "app_secret": "s",
        "verify_token": "v",
        missing: "",
    }

    assert webhook_routes(WhatsAppSettings(**values), intake) == []


def test_the_channel_is_off_without_a_token(sqlite_database):
    settings = Settings("sqlite://", ("k" * 32,), whatsapp=WhatsAppSettings(phone_id="1"))

    assert build_whatsapp(settings, sqlite_database) is None


def test_a_token_without_a_phone_id_is_refused_with_what_to_do(sqlite_database):
    settings = Settings("sqlite://", ("k" * 32,), whatsapp=WhatsAppSettings(token="t"))

    with pytest.raises(SettingsError, match="AKOMA_WHATSAPP_PHONE_ID"):
        build_whatsapp(settings, sqlite_database)
