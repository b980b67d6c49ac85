"""Hearing and speaking on real processes: a voice on each messenger, a voice note into the file.

The dialogue does not run: none of this waits for it.
"""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.db.tables import attachment
from tests.e2e.conftest import BOY, MOTHER
from tests.e2e.processes import Akoma

NOTE = b"OggS" + bytes(range(256))
JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256))


@pytest.fixture(scope="module")
def web(installed, trained_screen, telegram, whatsapp):
    """Run the web role alone."""
    akoma = Akoma(installed.url.render_as_string(False), trained_screen, telegram, whatsapp)
    akoma.start("web")
    yield akoma
    akoma.stop()


def test_a_message_is_heard_on_telegram(web, telegram):
    telegram.say(BOY, "stop")
    telegram.wait_for(BOY, lambda sent: sent.text.startswith("D'accord, je n'écris plus"))
    telegram.say(BOY, "écouter")

    voice = telegram.wait_for(BOY, lambda sent: sent.kind == "voice", timeout=30)
    assert voice.sound.startswith(b"OggS")
    assert telegram.count("sendVoice") == 1


def test_a_message_is_heard_on_whatsapp(web, whatsapp):
    whatsapp.say(MOTHER, "stop")
    whatsapp.wait_for(MOTHER, lambda sent: sent.text.startswith("D'accord, je n'écris plus"))
    whatsapp.say(MOTHER, "🔊")

    voice = whatsapp.wait_for(MOTHER, lambda sent: sent.kind == "voice", timeout=30)
    assert voice.sound.startswith(b"OggS")
    assert whatsapp.uploads == 1


@pytest.fixture
def kept(installed):
    """Give a function that tells whether something was fetched and kept."""

    def is_kept(content: bytes) -> bool:
        with installed.read() as connection:
            return content in connection.execute(select(attachment.c.content)).scalars().all()

    return is_kept


def test_a_voice_note_is_fetched_by_itself(web, telegram, kept):
    telegram.voice(BOY, NOTE)
    telegram.wait_for(BOY, lambda sent: sent.text.startswith("J'ai ton vocal."), timeout=30)

    web.wait_until(lambda: kept(NOTE))


@pytest.mark.parametrize("messenger", ["telegram", "whatsapp"])
def test_a_picture_is_fetched_by_itself(web, kept, request, messenger):
    phone = request.getfixturevalue(messenger)
    address = {"telegram": BOY, "whatsapp": MOTHER}[messenger]
    picture = JPEG + messenger.encode()
    phone.photo(address, picture, "regardez")
    phone.wait_for(address, lambda sent: "C'est bien arrivé." in sent.text, timeout=30)

    web.wait_until(lambda: kept(picture))
