"""Whatever goes wrong in a turn, nothing that was written or is known of a person is logged."""

import io
import logging

import pytest

from bot.logs import configure_logging
from tests.dialogue.assistant.actions.topics import SECRET
from tests.dialogue.conftest import Chat

TEXTS = (
    "bonjour",
    "apprendre la couture",
    "je me plains de l'éducateur",
    "ça va pas",
    "merci",
    "au revoir",
    "je viens pas à l'atelier",
    "gnamakoudji",
    "/grade{not json}",
    '/ask_training{"unknown": "Akissi"}',
)


@pytest.fixture
def written():
    """Collect all that is logged, at every level of Rasa."""
    stream = io.StringIO()
    configure_logging(stream)
    logging.getLogger("rasa").setLevel(logging.DEBUG)
    yield stream
    logging.getLogger("rasa").setLevel(logging.NOTSET)
    configure_logging()


async def test_no_turn_leaves_a_word_in_the_logs(mother: Chat, written, capfd):
    for text in TEXTS:
        await mother.say(f"{text} dit Akissi")
    await mother.say("mes nouvelles")
    await mother.say("4")
    output, errors = capfd.readouterr()
    everything = written.getvalue() + output + errors
    assert "action failed" in everything
    for word in ("Akissi", "couture", SECRET, "gnamakoudji", "Kouadio", "éducateur"):
        assert word not in everything, word
