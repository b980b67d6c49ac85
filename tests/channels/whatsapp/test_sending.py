"""Sending and fetching, against a local server that refuses what the Cloud API refuses."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from starlette.responses import HTMLResponse, JSONResponse

from bot.channels.base import Choice, Outbound, Rendered, render
from bot.channels.errors import (
    Misconfigured,
    RecipientGone,
    Retryable,
    Throttled,
    TooLarge,
    WindowClosed,
)
from bot.channels.whatsapp import client as client_module
from bot.channels.whatsapp.channel import (
    TEMPLATE_FALLBACK,
    TEMPLATE_LANGUAGES,
    WhatsAppChannel,
)
from tests.platforms.base import ServerThread

LANGUAGES = Path(__file__).parents[3] / "locales" / "languages.yml"
ADDRESS = "2250000000011"
HIDDEN = "CI.1349120865530274"


def choices(*titles: str) -> tuple[Choice, ...]:
    return tuple(
        Choice(str(number), title, f"token-{number}") for number, title in enumerate(titles, 1)
    )


@pytest.fixture
def open_window(server):
    """The person wrote a moment ago."""
    for address in (ADDRESS, HIDDEN):
        server.write(address, "text", {"body": "bonjour"})


@pytest.mark.usefixtures("open_window")
class TestInTheWindow:
    async def test_a_text(self, server, channel):
        message_id = await channel.send(ADDRESS, Rendered("Voici https://exemple.test"))

        (sent,) = server.sent(ADDRESS)
        assert (sent.message_id, sent.text, sent.buttons) == (
            message_id,
            "Voici https://exemple.test",
            (),
        )
        # A preview would fetch and show what stands behind a link.
        assert server.request(message_id)["text"]["preview_url"] is False

    async def test_three_short_choices_are_buttons(self, server, channel):
        shown = choices("Oui", "Non", "Je ne sais pas")

        await channel.send(ADDRESS, Rendered("C'est reçu ?", buttons=shown))

        (sent,) = server.sent(ADDRESS)
        assert sent.titles == ["1 Oui", "2 Non", "3 Je ne sais pas"]
        assert [token for _, token in sent.buttons] == ["token-1", "token-2", "token-3"]
        assert sent.kind == "buttons"

    async def test_more_choices_are_a_list(self, server, channel):
        shown = choices("Mes nouvelles", "Mes paiements", "Ma formation", "Parler à quelqu'un")

        await channel.send(ADDRESS, Rendered("Bonjour", rows=shown))

        (sent,) = server.sent(ADDRESS)
        assert sent.titles[3] == "4 Parler à quelqu'un"
        assert sent.kind == "list"

    async def test_choices_that_fit_no_list_are_in_the_text(self, server, channel):
        titles = [f"Choix numéro {number} de douze" for number in range(1, 13)]

        for part in render(Outbound("Choisir :", choices(*titles)), channel.limits):
            await channel.send(ADDRESS, part)

        text = "\n".join(sent.text for sent in server.sent(ADDRESS))
        assert all(f"{number} {title}" in text for number, title in enumerate(titles, 1))

    async def test_a_person_who_hides_the_number_is_reached_by_id(self, server, channel):
        message_id = await channel.send(HIDDEN, Rendered("Bonjour"))

        assert server.sent(HIDDEN)[0].message_id == message_id
        assert "to" not in server.request(message_id)

    @pytest.mark.parametrize(
        ("code", "http_status", "kind"),
        [
            (131047, 400, WindowClosed),
            (131056, 400, Throttled),
            (131026, 400, RecipientGone),
            (132001, 404, Misconfigured),
            (131016, 500, Retryable),
        ],
    )
    async def test_a_refusal_is_raised(self, server, channel, code, http_status, kind):
        server.fail_next(code, http_status)

        with pytest.raises(kind) as caught:
            await channel.send(ADDRESS, Rendered("Bonjour"))

        assert caught.value.code == str(code)
        assert server.sent(ADDRESS) == []

    async def test_a_wrong_token_is_misconfiguration(self, intruder):
        with pytest.raises(Misconfigured, match="190"):
            await intruder.send(ADDRESS, Rendered("Bonjour"))


class TestOutsideTheWindow:
    async def test_a_text_is_refused(self, server, channel):
        with pytest.raises(WindowClosed):
            await channel.send(ADDRESS, Rendered("Bonjour"))

    async def test_the_notice_goes_out_with_a_button_that_brings_our_token_back(
        self, server, channel
    ):
        message_id = await channel.send_template(ADDRESS, "fr", "n'est pas envoyé", "token-1")

        (sent,) = server.sent(ADDRESS)
        assert sent.message_id == message_id
        assert sent.text == "Bonjour. Il y a une réponse pour vous."
        assert sent.buttons == (("Lire", "token-1"),)

    async def test_without_a_token_the_button_brings_its_own_words(self, server, channel):
        await channel.send_template(ADDRESS, "en", "")

        (sent,) = server.sent(ADDRESS)
        assert sent.buttons == (("Read", "Read"),)

    async def test_every_language_of_ours_gets_the_template_it_falls_back_to(self, server, channel):
        languages = yaml.safe_load(LANGUAGES.read_text())
        approved = {TEMPLATE_FALLBACK, *TEMPLATE_LANGUAGES.values()}
        for code in languages:
            readable = code
            while readable not in approved:
                readable = languages[readable]["fallback"]

            message_id = await channel.send_template(ADDRESS, code, "")

            assert server.request(message_id)["template"]["language"]["code"] == readable


class TestWithoutAProperAnswer:
    async def test_nobody_there_is_passing(self, server, channel):
        server.stop()

        with pytest.raises(Retryable, match="network"):
            await channel.send(ADDRESS, Rendered("Bonjour"))

    @pytest.mark.parametrize(
        ("answer", "kind", "code"),
        [
            (HTMLResponse("<p>Bienvenue sur notre wifi</p>"), Retryable, "answer_not_json"),
            (JSONResponse([]), Retryable, "answer_not_json"),
            (JSONResponse({"messages": []}), Retryable, "answer_without_id"),
            (HTMLResponse("<p>Bad gateway</p>", 502), Retryable, "http_502"),
            (JSONResponse({"error": "no"}, 403), Misconfigured, "http_403"),
            (JSONResponse({}, 429), Throttled, "http_429"),
        ],
    )
    async def test_something_else_answers(self, settings, stranger, answer, kind, code):
        channel = WhatsAppChannel(replace(settings, base_url=stranger.url))
        stranger.start(answer)

        with pytest.raises(kind) as caught:
            await channel.send(ADDRESS, Rendered("Bonjour"))

        assert caught.value.code == code
        await channel.close()

    async def test_no_answer_at_all_is_passing(self, settings, stranger, monkeypatch):
        monkeypatch.setattr(client_module, "_TIMEOUT", 0.05)
        channel = WhatsAppChannel(replace(settings, base_url=stranger.url))
        stranger.start(_silence)

        with pytest.raises(Retryable, match="timeout"):
            await channel.send(ADDRESS, Rendered("Bonjour"))

        await channel.close()


async def _silence(scope, receive, send):
    await asyncio.Event().wait()


@pytest.fixture
def stranger() -> Iterator[ServerThread]:
    """Something that is not the Cloud API; a test says what it answers."""
    stranger = ServerThread()
    yield stranger
    stranger.stop()


class TestMedia:
    async def test_a_voice_note_is_fetched(self, server, channel):
        media_id = server.keep_media(b"OggS" + bytes(100_000))

        assert await channel.fetch_media(media_id) == b"OggS" + bytes(100_000)

    async def test_one_that_is_gone(self, channel):
        with pytest.raises(Misconfigured, match="100"):
            await channel.fetch_media("1003383421387256")

    @pytest.mark.parametrize(
        "url",
        [
            "https://fbsbx.com.exemple.test/file",
            "http://lookaside.fbsbx.com/file",
            "https://exemple.test/lookaside.fbsbx.com",
            "http://127.0.0.1:1/file",
            "file:///etc/passwd",
            "http://[",
            "",
        ],
    )
    async def test_the_token_goes_to_no_other_host(self, server, channel, url):
        media_id = server.keep_media(b"OggS")
        server.media_url = url or "."

        with pytest.raises(Misconfigured, match="media_host"):
            await channel.fetch_media(media_id)

    async def test_an_id_cannot_name_another_host(self, channel):
        with pytest.raises(Misconfigured, match="404"):
            await channel.fetch_media("/exemple.test/file")

    @pytest.mark.parametrize("tells_size", [True, False])
    async def test_a_file_that_would_fill_the_memory(
        self, server, channel, monkeypatch, tells_size
    ):
        monkeypatch.setattr(client_module, "LARGEST_FILE", 1000)
        server.tells_size = tells_size
        media_id = server.keep_media(bytes(1001))

        with pytest.raises(TooLarge, match="file_too_big"):
            await channel.fetch_media(media_id)
        assert await channel.fetch_media(server.keep_media(bytes(1000))) == bytes(1000)


async def test_nothing_can_be_erased_on_whatsapp(server, channel):
    await channel.erase(ADDRESS, ["wamid.1"])

    assert server.sent(ADDRESS) == []


async def test_nothing_secret_or_personal_is_in_an_error(server, settings):
    channel = WhatsAppChannel(replace(settings, api_version="v0.0"))

    with pytest.raises(Misconfigured) as caught:
        await channel.send(ADDRESS, Rendered("Bonjour"))

    shown = repr(caught.value) + repr(caught.value.__cause__)
    assert not any(part in shown for part in (ADDRESS, "Bonjour", settings.token))
    await channel.close()
