"""Which crisis reply a red flag gets: chosen here, worded elsewhere.

An opening, a time line and a number line (safeguarding, "The crisis reply"). One text for all
would be absurd: "it is not your fault" for a haemorrhage, a children's line for a mother. Every
line is the name of a response in ``domain.yml`` with its typed values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.followup.hours import DutyState
from bot.safety.flags import RedFlag

Line = tuple[str, dict[str, Any]]

# For whoever was harmed: thanks, and no blame.
_NOT_YOUR_FAULT = frozenset({"violence", "sexual_abuse", "exploitation"})
_CHOICES = "utter_crisis_choices"


class Helpline(Protocol):
    """A telephone line that helps, as the helpline table has it."""

    number: str
    audience: str  # child | adult | anyone
    categories: Sequence[str]  # red-flag categories it serves; empty: all
    free: bool
    hours: str


@dataclass(frozen=True)
class Situation:
    """What is known of whoever writes, and of who is there to answer.

    ``form`` is "vous" where the author is unsure; ``child`` is None where the age is unknown.
    """

    form: str
    child: bool | None
    duty: DutyState
    helplines: tuple[Helpline, ...]


@dataclass(frozen=True)
class CrisisReply:
    """The lines to say, in order; the last one carries the choices."""

    form: str
    lines: tuple[Line, ...]


def choose_crisis_reply(flag: RedFlag, situation: Situation) -> CrisisReply:
    """Choose the reply to a flag that alarms."""
    lines: list[Line] = [(_opening(flag), {}), _time(situation.duty)]
    if flag.category == "missing_child":
        # After the first lines: the word must not stand on a locked screen.
        lines.append(("utter_crisis_tell_police", {}))
    lines += [_number(flag, situation), (_CHOICES, {})]
    return CrisisReply(situation.form, tuple(lines))


def choose_helpline(flag: RedFlag, situation: Situation) -> Helpline | None:
    """Return the line to name: by whom the danger concerns, then by what it is about.

    For a child (and where nobody knows the age) a children's line; an adult never calls one for
    themselves. A danger of somebody else's is about a child as a rule: this is a youth programme.
    """
    for_adult = situation.child is False and flag.about == "self"
    fitting = [
        line
        for line in situation.helplines
        if line.audience in (("adult", "anyone") if for_adult else ("child", "anyone"))
        and (not line.categories or flag.category in line.categories)
    ]
    # What serves this category alone knows more about it than what serves all; for a child the
    # children's line comes before the one for anyone.
    fitting.sort(key=lambda line: (line.audience == "anyone", not line.categories))
    return fitting[0] if fitting else None


def _opening(flag: RedFlag) -> str:
    if flag.category == "missing_child":
        case = "missing_child"
    elif flag.about == "working_child":
        case = "working_child"
    elif flag.category == "medical_emergency":
        case = "medical_emergency"
    elif flag.about == "someone_else":
        case = "someone_else"
    elif flag.category in _NOT_YOUR_FAULT:
        case = "not_your_fault"
    else:
        case = flag.category
    return f"utter_crisis_opening_{case}"


def _time(duty: DutyState) -> Line:
    now = _hour(duty.local_now.isoformat(), duty.timezone)
    if duty.duty == "duty":
        return "utter_crisis_time_duty", {}
    if duty.duty == "on_call":
        return "utter_crisis_time_on_call", {"now": now}
    opening = {"moment": duty.next_opening.isoformat(), "timezone": duty.timezone}
    return "utter_crisis_time_nobody", {"now": now, "opening": opening}


def _number(flag: RedFlag, situation: Situation) -> Line:
    line = choose_helpline(flag, situation)
    if line is None:
        return "utter_crisis_number_none", {}
    day_and_night = "_always" if line.hours == "24/7" else ""
    free = "free" if line.free else "paid"
    return f"utter_crisis_number_{free}{day_and_night}", {"number": line.number}


def _hour(moment: str, timezone: str) -> dict[str, str]:
    return {"moment": moment, "timezone": timezone, "show": "hour"}
