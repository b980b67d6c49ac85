"""What Telegram can show, and how fast it takes messages."""

from __future__ import annotations

from datetime import timedelta

from bot.channels.base import Limits

# https://core.telegram.org/bots/api#sendmessage and
# https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
# A larger voice than 1 MB is shown as a file.
LIMITS = Limits(
    text=4096,
    buttons=10,
    button_title=60,
    per_second=30,
    per_chat_interval=timedelta(seconds=1),
    audio=1024 * 1024,
)
