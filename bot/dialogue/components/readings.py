"""What a message may say, by the names under which its readings stand on it."""

from __future__ import annotations

from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

# Without the courtesies around it; where there are none, the text as typed is it.
SAID = "said"
# As school spells it, without them too.
SPELT = "spelt"


def readings(message: Message) -> list[str]:
    """Return under which names a message has what it may say: as typed first."""
    typed = SAID if message.get(SAID) else TEXT
    return [name for name in (typed, SPELT) if message.get(name)]
