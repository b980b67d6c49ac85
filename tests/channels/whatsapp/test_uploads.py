"""The same recording for many people is handed in to Meta once."""

import pytest

from tests.channels.harness.whatsapp import WhatsApp


@pytest.fixture
def harness(sqlite_database):
    harness = WhatsApp(sqlite_database)
    with harness.running():
        harness.say("bonjour")
        yield harness


def test_a_recording_is_uploaded_once(harness):
    for sound in (b"OggS one", b"OggS two", b"OggS one"):
        harness.send_audio(sound)

    assert [sent.sound for sent in harness.shown()] == [b"OggS one", b"OggS two", b"OggS one"]
    assert harness.server.uploads == 2
