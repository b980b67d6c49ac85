"""Why a message could not be sent, or a file fetched: a closed set. A channel only raises.

What becomes of a message in each case is the sender's to say (``bot.delivery.outbox``), of a file
the fetcher's (``bot.delivery.attachments``).
"""

from __future__ import annotations

# The code of ``TooLarge``, as it is kept beside what did not come.
FILE_TOO_BIG = "file_too_big"


class SendError(Exception):
    """A message was not accepted by the provider. ``code`` is safe to store and to log."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Retryable(SendError):
    """A passing fault (network, 5xx): try again later."""


class Throttled(SendError):
    """The provider asks to wait ``retry_after`` seconds before the next message."""

    def __init__(self, code: str, retry_after: float) -> None:
        super().__init__(code)
        self.retry_after = retry_after


class WindowClosed(SendError):
    """Outside the 24-hour window: only a template may go out; the text is held until then."""


class RecipientGone(SendError):
    """The person blocked the bot or has no such account: never tried again, a sign of silence."""


class TooLarge(SendError):
    """A file that somebody sent is larger than we take: it never comes."""


class Misconfigured(SendError):
    """The provider refuses our token or the request: an administrator must look."""
