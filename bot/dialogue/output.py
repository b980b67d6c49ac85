"""Where replies go: into a list, as the wording said them."""

from __future__ import annotations

from typing import Any

import structlog
from rasa.core.channels.channel import OutputChannel

from bot.i18n.wording import Said

_log = structlog.get_logger(__name__)


class Replies(OutputChannel):
    """Collects the replies of one turn.

    It never raises: Rasa would lose the whole turn. What it cannot read is counted as a failure.
    """

    def __init__(self) -> None:
        self.said: list[Said] = []
        self.expects_number = False
        self.failed = False

    @classmethod
    def name(cls) -> str:
        """Name of the channel for Rasa."""
        return "akoma"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep one reply."""
        try:
            said = Said(
                message["text"],
                tuple(
                    (button.get("key", str(position)), button["title"], button["payload"])
                    for position, button in enumerate(message.get("buttons") or (), start=1)
                ),
                message.get("voice", ""),
            )
            expects_number = message.get("expects") == "number" or _asks_for_a_grade(said)
        except (KeyError, TypeError, AttributeError) as error:
            self.failed = True
            _log.error("malformed reply", error=type(error).__name__)
            return
        self.said.append(said)
        self.expects_number = expects_number


def _asks_for_a_grade(said: Said) -> bool:
    """Tell whether the digits mean more than the place in the list: five faces, amounts."""
    return any(
        key.isdigit() and key != str(position)
        for position, (key, _title, _payload) in enumerate(said.choices, start=1)
    )
