"""What Telegram's refusals mean for a message, as a table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from telegram import error

from bot.channels.errors import (
    FILE_TOO_BIG,
    Misconfigured,
    RecipientGone,
    Retryable,
    SendError,
    Throttled,
    TooLarge,
)

# (the library's exception, words in Telegram's description, our error, its code): the first row
# that fits counts. BadRequest and TimedOut are NetworkErrors to the library, so they come before.
# The descriptions are those of the server (tdlib/telegram-bot-api, Client.cpp).
_MEANING: tuple[tuple[type[error.TelegramError], str, type[SendError], str], ...] = (
    (error.Forbidden, "user is deactivated", RecipientGone, "deactivated"),
    (error.Forbidden, "", RecipientGone, "blocked"),
    (error.BadRequest, "chat not found", RecipientGone, "chat_not_found"),
    (error.BadRequest, "file is too big", TooLarge, FILE_TOO_BIG),
    (error.BadRequest, "", Misconfigured, "bad_request"),
    (error.InvalidToken, "", Misconfigured, "invalid_token"),
    (error.Conflict, "", Retryable, "conflict"),
    (error.TimedOut, "", Retryable, "timed_out"),
    (error.NetworkError, "", Retryable, "network"),
    (error.TelegramError, "", Retryable, "unreadable_answer"),
)


@contextmanager
def raising_send_errors() -> Iterator[None]:
    """Turn the library's exceptions into ours, which carry a code and nothing else.

    The library's own name addresses that hold the token, and may quote what was sent.
    """
    try:
        yield
    except error.TelegramError as refusal:
        raise _send_error(refusal) from None


def _send_error(refusal: error.TelegramError) -> SendError:
    if isinstance(refusal, error.RetryAfter):
        pause = refusal.retry_after
        seconds = pause.total_seconds() if isinstance(pause, timedelta) else pause
        return Throttled("flood", retry_after=seconds)
    description = refusal.message.lower()
    return next(
        ours(code)
        for theirs, words, ours, code in _MEANING
        if isinstance(refusal, theirs) and words in description
    )
