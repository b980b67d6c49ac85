"""What the Cloud API's error codes mean to the sender.

Source: Meta's "Error codes" page (developers.facebook.com, business messaging, WhatsApp, support).
The same codes come in the answer to a request and, often, only later in a "failed" status.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.channels.errors import (
    Misconfigured,
    RecipientGone,
    Retryable,
    SendError,
    Throttled,
    WindowClosed,
)

_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86_400.0

# How long to wait, in seconds.
_THROTTLED: Mapping[int, float] = {
    4: _MINUTE,  # the app's calls
    80007: _MINUTE,  # the business account's calls
    130429: 1.0,  # messages a second of our number
    130472: _DAY,  # the person is in an experiment of Meta's that withholds templates
    131048: _HOUR,  # our number was reported or blocked too often
    131049: _DAY,  # this person gets no more for now; sooner attempts count against us
    131056: 6.0,  # messages to one person: one slot comes free every 6 s
}

_MEANINGS: Mapping[int, type[SendError]] = {
    0: Misconfigured,  # token not recognised
    1: Retryable,  # unknown, possibly Meta's
    2: Retryable,  # service down or overloaded
    3: Misconfigured,  # capability missing
    10: Misconfigured,  # permission missing or withdrawn
    33: Misconfigured,  # our number was deleted
    100: Misconfigured,  # invalid parameter
    190: Misconfigured,  # token expired
    368: Misconfigured,  # account restricted for a breach of policy
    131000: Retryable,  # something went wrong
    131005: Misconfigured,  # access denied
    131008: Misconfigured,  # parameter missing
    131009: Misconfigured,  # parameter value invalid
    131016: Retryable,  # service unavailable
    131026: RecipientGone,  # no such account, blocked us, or terms not accepted
    131031: Misconfigured,  # account locked
    131042: Misconfigured,  # payment method
    131047: WindowClosed,  # more than 24 hours since the person's last message
    131050: RecipientGone,  # the person stopped messages of this kind
    131057: Retryable,  # account in maintenance
}

# Whole families: permissions, templates (missing, not approved, paused).
_MISCONFIGURED = (range(200, 300), range(132000, 133000))


def failure(code: Any, http_status: int = 400) -> SendError:
    """Return the error for a code of Meta's, or for the HTTP status where the code tells nothing.

    Unknown refusals (4xx) count as misconfiguration: repeating them unchanged cannot help, and an
    administrator sees them.
    """
    if not isinstance(code, int):
        return _by_status(f"http_{http_status}", http_status)
    if code in _THROTTLED:
        return Throttled(str(code), _THROTTLED[code])
    if any(code in family for family in _MISCONFIGURED):
        return Misconfigured(str(code))
    if code in _MEANINGS:
        return _MEANINGS[code](str(code))
    return _by_status(str(code), http_status)


def _by_status(code: str, http_status: int) -> SendError:
    if http_status == 429:
        return Throttled(code, _MINUTE)
    if http_status >= 500:
        return Retryable(code)
    return Misconfigured(code)
