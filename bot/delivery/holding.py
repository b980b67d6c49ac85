"""Whether a row may leave now, must wait, or must first be announced by the neutral notice.

All of it is one pure decision over what is known at that moment (safeguarding 3, 11, 12, 14).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Row

from bot.channels.base import Limits
from bot.delivery.queue import Priority
from bot.followup.freezing import Freeze

Fate = Literal["send", "hold", "notice", "cancel"]

# Later than this after the person's own message, somebody else may hold the phone.
DISCREET_AFTER = timedelta(seconds=60)
STAFF_SAFE_HOURS_AFTER = timedelta(minutes=30)


def fate_of(
    row: Row,
    talk: Row,
    someone: Row | None,
    limits: Limits,
    now: datetime,
    freeze: Freeze | None = None,
) -> Fate:
    """Decide over a queued row.

    - ``hold``: wait until the person writes, the safe hours begin, or staff release the contact.
    - ``notice``: hold it and send « Bonjour. Il y a une réponse pour vous. » instead.

    Args:
        row: of the outbox, to a conversation.
        talk: its conversation.
        someone: the person's row (safe-contact profile), if known.
        limits: of the channel (its window for writing freely).
        freeze: what a danger freezes of this contact (safeguarding 14).
    """
    if row.kind == "erase":
        return "send"
    # All but the 👋 itself: a turn may have been answering while the person left.
    if talk.left_at is not None and (row.author == "staff" or row.created_at != talk.left_at):
        return "hold"
    if row.kind == "notice":
        return "send"
    started_by_us = row.priority == Priority.STARTED_BY_US
    if started_by_us and talk.opted_out_at is not None:
        return "cancel"
    if freeze is not None and is_frozen(freeze, row.priority, row.created_at):
        return "hold"
    since = now - talk.last_written_at if talk.last_written_at else timedelta.max
    if limits.window is not None and since >= limits.window:
        return "notice"
    if row.priority == Priority.CRISIS:
        return "send"
    if (started_by_us or since > STAFF_SAFE_HOURS_AFTER) and not in_safe_hours(someone, now):
        return "hold"
    return "notice" if since > DISCREET_AFTER else "send"


def is_frozen(freeze: Freeze, priority: int, written_at: datetime) -> bool:
    """Tell whether what was written to a frozen contact stays until staff release the contact."""
    if priority == Priority.CRISIS:
        return False
    return priority == Priority.STARTED_BY_US or freeze.holds_written_at(written_at)


def may_be_frozen(row: Row, someone: Row | None) -> bool:
    """Tell whether a row's fate may hang on what is frozen: nobody need look it up else.

    To a child only what we start is; a crisis reply never.
    """
    if someone is None or row.priority == Priority.CRISIS:
        return False
    return row.priority == Priority.STARTED_BY_US or someone.kind == "caregiver"


def in_safe_hours(someone: Row | None, now: datetime, timezone: str = "Africa/Abidjan") -> bool:
    """Tell whether it is safe to write to a person now; without a profile it always is."""
    if someone is None or someone.safe_from_hour is None or someone.safe_until_hour is None:
        return True
    hour = now.astimezone(ZoneInfo(timezone)).hour
    start, end = someone.safe_from_hour, someone.safe_until_hour
    return start <= hour < end if start <= end else hour >= start or hour < end


def next_safe_moment(someone: Row, now: datetime, timezone: str = "Africa/Abidjan") -> datetime:
    """Return when the person's safe hours begin next."""
    local = now.astimezone(ZoneInfo(timezone))
    start = local.replace(hour=someone.safe_from_hour, minute=0, second=0, microsecond=0)
    return (start if start > local else start + timedelta(days=1)).astimezone(now.tzinfo)
