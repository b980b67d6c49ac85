"""How sure a component before this one is of what a message means."""

from __future__ import annotations

from rasa.shared.nlu.constants import INTENT, PREDICTED_CONFIDENCE_KEY
from rasa.shared.nlu.training_data.message import Message

# The setting of components that pass over what is understood already.
UNLESS_SURER = "unless_surer_than"


def is_surer(message: Message, than: float) -> bool:
    """Tell whether a message has an intent already, and one surer than that."""
    intent = message.get(INTENT) or {}
    return intent.get(PREDICTED_CONFIDENCE_KEY, 0.0) > than
