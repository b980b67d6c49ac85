"""What the delivery room asks of the dialogue, which stands to its right and is handed to it.

Only plain values cross: the dialogue may be Rasa in the worker, or anything else that keeps these
promises.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.followup.caller import Caller
from bot.i18n.wording import Said

Memory = dict[str, Any]


@dataclass(frozen=True)
class Understood:
    """What a message means: the classifier's best name, calibrated, with what it found in it.

    ``parse`` is the dialogue's own full result, handed back to it unread.
    """

    intent: str
    confidence: float
    entities: tuple[dict[str, Any], ...] = ()
    parse: dict[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Answer:
    """What one message led to.

    ``memory`` is what the dialogue wants to find again at the next message. ``expects_number``:
    the last question is answered by a digit, so a lone 9 must be checked. ``in_form``: a form has
    asked something and waits. ``failed``: an action raised; the reply says so honestly and a human
    must look.
    """

    said: tuple[Said, ...]
    memory: Memory
    expects_number: bool = False
    in_form: bool = False
    failed: bool = False


class Dialogue(Protocol):
    """Understands messages and answers them."""

    async def understand(self, text: str) -> Understood:
        """Classify one message, as it was typed: never as a command. Touches no database."""

    async def answer(
        self, message: Understood | str, caller: Caller, memory: Memory | None
    ) -> Answer:
        """Answer one message in the caller's transaction, language and form of address.

        Args:
            message: an understood text, or the payload of a choice ("/intent{...}").
            caller: who writes, with the open transaction.
            memory: what the last answer asked to remember; None at the start.
        """
