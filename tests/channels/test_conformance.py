"""What every channel of the registry does alike, whatever its protocol.

A channel gets these tests by its module in ``tests/channels/harness``.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.channels.base import Choice, Outbound, Rendered, label, render
from bot.channels.errors import SendError
from bot.channels.registry import BUILDERS
from bot.settings import Settings
from tests.channels.harness import harnesses_of
from tests.channels.harness.base import Harness, wait_until
from tests.conftest import KEYS

KINDS = [kind for name in BUILDERS for kind in harnesses_of(name)]
FAILURES = [(kind, error) for kind in KINDS for error in kind.failures]
AUDIO_FAILURES = [(kind, error) for kind in KINDS for error in kind.audio_failures]
# As large as a spoken sentence, and like every file of OGG at its beginning.
PICTURE = b"\xff\xd8\xff\xe0 an invented picture"
SOUND = b"OggS" + bytes(range(256)) * 16


@pytest.fixture
def harness(request, sqlite_database) -> Iterator[Harness]:
    harness: Harness = request.param(sqlite_database)
    with harness.running():
        yield harness


@pytest.mark.parametrize("name", BUILDERS)
def test_every_channel_has_a_harness(name):
    assert harnesses_of(name), f"write tests/channels/harness/{name}.py: see base.py beside it"


@pytest.mark.parametrize("name", BUILDERS)
def test_a_channel_that_is_not_configured_is_off(name, sqlite_database):
    assert BUILDERS[name](Settings("", KEYS), sqlite_database) is None


@pytest.mark.parametrize("harness", KINDS, indirect=True)
class TestReceiving:
    def test_a_text_arrives_once(self, harness):
        harness.say("l'argent du mois est tombé ? 🙏")
        wait_until(harness.acknowledged)

        (message,) = harness.intake.messages
        assert (message.kind, message.address) == ("text", harness.address)
        assert message.text == "l'argent du mois est tombé ? 🙏"
        assert message.provider_id
        assert message.sent_at.utcoffset() is not None
        assert harness.intake.channels == {harness.name}

    def test_two_messages_have_two_ids(self, harness):
        harness.say("oui")
        wait_until(harness.acknowledged)
        harness.say("oui")
        wait_until(lambda: len(harness.intake.messages) == 2)

        first, second = harness.intake.messages
        assert first.provider_id != second.provider_id

    def test_what_was_not_recorded_is_not_acknowledged_and_comes_again(self, harness):
        harness.intake.fails = "before"
        harness.say("mon oncle me frappe")
        wait_until(lambda: harness.intake.calls > 0)
        assert not harness.acknowledged()

        harness.intake.fails = ""
        harness.repeat()
        wait_until(harness.acknowledged)

        assert [message.text for message in harness.intake.messages] == ["mon oncle me frappe"]

    def test_a_repeated_delivery_is_known_by_its_id(self, harness):
        harness.intake.fails = "after"
        harness.say("bonjour")
        wait_until(lambda: harness.intake.calls > 0)

        harness.intake.fails = ""
        harness.repeat()
        wait_until(harness.acknowledged)

        assert len(harness.intake.messages) >= 2
        assert len({message.provider_id for message in harness.intake.messages}) == 1

    def test_a_forged_post_is_refused(self, harness):
        assert harness.post_forged() in (401, 403, 404)
        assert harness.intake.calls == 0


@pytest.mark.parametrize("harness", KINDS, indirect=True)
class TestSending:
    @pytest.fixture(autouse=True)
    def greeted(self, harness):
        """The person has written: some platforms let nobody else be written to."""
        harness.say("bonjour")
        wait_until(harness.acknowledged)

    def test_a_text(self, harness):
        message_id = harness.send(Rendered("Bonjour 🙂\nVoici 25 000 F & <rien> *de* plus_"))

        (sent,) = harness.shown()
        assert sent.message_id == message_id
        assert sent.text == "Bonjour 🙂\nVoici 25 000 F & <rien> *de* plus_"

    @pytest.mark.parametrize("number", [2, 8])
    def test_a_pressed_choice_comes_back_as_its_token(self, harness, number):
        titles = ["Oui", "Non", "Peut-être", "Passer", "Plus tard", "Aide", "Menu", "Stop"]
        choices = tuple(
            Choice(str(key), title, f"opaque-{key}") for key, title in enumerate(titles[:number], 1)
        )
        for part in render(Outbound("C'est reçu ?", choices), harness.channel.limits):
            harness.send(part)

        harness.press("Non")
        wait_until(lambda: len(harness.intake.messages) == 2)

        pressed = harness.intake.messages[1]
        assert (pressed.kind, pressed.token) == ("choice", "opaque-2")
        assert pressed.address == harness.address

    @pytest.mark.parametrize("shape", ["buttons", "more than buttons", "more than anything"])
    def test_the_platform_takes_what_fills_the_limits(self, harness, shape):
        limits = harness.channel.limits
        number, length = {
            "buttons": (limits.buttons, limits.button_title),
            "more than buttons": (max(limits.list_rows, limits.buttons + 1), limits.list_title),
            "more than anything": (12, 60),
        }[shape]
        choices = tuple(
            Choice(str(key), "a" * max(1, length - len(f"{key} ")), f"opaque-{key}")
            for key in range(1, number + 1)
        )
        message = Outbound(f"Bonjour\n\n{'é' * limits.text}", choices)

        parts = render(message, limits)
        for part in parts:
            harness.send(part)

        shown = harness.shown()
        assert len(shown) == len(parts) > 1
        seen = "".join("".join([sent.text, *sent.titles]) for sent in shown)
        said = "".join([message.text, *map(label, choices)])
        assert "".join(seen.split()) == "".join(said.split())


@pytest.mark.parametrize("harness", KINDS, indirect=True)
class TestVoices:
    @pytest.fixture(autouse=True)
    def greeted(self, harness):
        harness.say("bonjour")
        wait_until(harness.acknowledged)

    def test_a_recording_is_heard_as_it_was_sent(self, harness):
        message_id = harness.send_audio(SOUND)

        (sent,) = harness.shown()
        assert (sent.kind, sent.message_id) == ("voice", message_id)
        assert sent.sound == SOUND

    def test_the_platform_takes_the_largest_recording(self, harness):
        largest = SOUND + bytes(harness.channel.limits.audio - len(SOUND))
        harness.send_audio(largest)

        (sent,) = harness.shown()
        assert sent.sound == largest

    def test_a_voice_note_is_fetched_as_it_was_spoken(self, harness):
        if not harness.sends_notes:
            with pytest.raises(NotImplementedError):
                harness.fetch("x")
            return
        harness.send_note(SOUND)
        wait_until(lambda: len(harness.intake.messages) == 2)

        note = harness.intake.messages[1]
        assert note.kind == "voice"
        assert harness.fetch(note.media) == SOUND

    def test_a_picture_is_fetched_as_it_was_taken(self, harness):
        if not harness.sends_notes:
            return
        harness.send_picture(PICTURE, "mon bras")
        wait_until(lambda: len(harness.intake.messages) == 2)

        picture = harness.intake.messages[1]
        assert (picture.kind, picture.text) == ("photo", "mon bras")
        assert harness.fetch(picture.media) == PICTURE


@pytest.mark.parametrize(("harness", "error"), AUDIO_FAILURES, indirect=["harness"])
def test_a_refusal_of_a_voice_has_its_meaning(harness: Harness, error: type[SendError]):
    harness.say("bonjour")
    wait_until(harness.acknowledged)
    harness.audio_failures[error](harness)

    with pytest.raises(error) as caught:
        harness.send_audio(SOUND)

    assert type(caught.value) is error
    assert harness.shown() == []


@pytest.mark.parametrize(("harness", "error"), FAILURES, indirect=["harness"])
def test_a_refusal_has_its_meaning(harness: Harness, error: type[SendError]):
    harness.say("bonjour")
    wait_until(harness.acknowledged)
    harness.failures[error](harness)

    with pytest.raises(error) as caught:
        harness.send(Rendered("Bonjour"))

    assert type(caught.value) is error
    assert harness.address not in repr(caught.value)
    assert harness.shown() == []
