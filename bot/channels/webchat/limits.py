"""What the chat page shows."""

from __future__ import annotations

from bot.channels.base import Limits
from bot.channels.webchat.requests import LONGEST_TEXT

LIMITS = Limits(text=LONGEST_TEXT, buttons=10, button_title=40, audio=1024 * 1024)
