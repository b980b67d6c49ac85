"""Meta's error codes: who must do what."""

from __future__ import annotations

import pytest

from bot.channels.errors import (
    Misconfigured,
    RecipientGone,
    Retryable,
    SendError,
    Throttled,
    WindowClosed,
)
from bot.channels.whatsapp.failures import failure


@pytest.mark.parametrize(
    ("code", "http_status", "kind"),
    [
        (131047, 400, WindowClosed),
        (131026, 400, RecipientGone),
        (131050, 400, RecipientGone),
        (1, 400, Retryable),
        (2, 503, Retryable),
        (131000, 500, Retryable),
        (131016, 500, Retryable),
        (131057, 500, Retryable),
        (999999, 500, Retryable),
        (None, 502, Retryable),
        ("131047", 504, Retryable),
        (0, 401, Misconfigured),
        (3, 500, Misconfigured),
        (10, 403, Misconfigured),
        (100, 400, Misconfigured),
        (190, 401, Misconfigured),
        (200, 403, Misconfigured),
        (299, 403, Misconfigured),
        (131008, 400, Misconfigured),
        (131009, 400, Misconfigured),
        (132001, 404, Misconfigured),
        (132015, 400, Misconfigured),
        (999999, 400, Misconfigured),
        (None, 404, Misconfigured),
    ],
)
def test_meaning(code, http_status, kind):
    assert type(failure(code, http_status)) is kind


@pytest.mark.parametrize(
    ("code", "http_status", "seconds"),
    [
        (130429, 429, 1),
        (131056, 400, 6),
        (80007, 429, 60),
        (4, 429, 60),
        (131048, 429, 3600),
        (131049, 400, 86_400),
        (None, 429, 60),
    ],
)
def test_how_long_to_wait(code, http_status, seconds):
    error = failure(code, http_status)

    assert isinstance(error, Throttled)
    assert error.retry_after == seconds


def test_the_code_is_kept_for_the_log():
    errors: list[SendError] = [failure(131047), failure(None, 502), failure(130429, 429)]

    assert [error.code for error in errors] == ["131047", "http_502", "130429"]
