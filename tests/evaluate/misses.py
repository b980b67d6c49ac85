"""Every held-out message whose flag or intent is not the expected one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.safety.flags import SEVERITIES, RedFlag
from tests.evaluate.flags import Screened
from tests.evaluate.heldout import LANGUAGES
from tests.evaluate.intents import Recognised
from tests.evaluate.measure import Outcome
from tests.evaluate.tables import quoted, table

_WORST_FIRST = (
    "missed",
    "not severe enough",
    "false alarm",
    "over-alarm",
    "too severe",
    "category",
    "needless task",
)


def list_misses(outcomes: Mapping[str, Outcome]) -> str:
    """Return the misses of each language: dangers, the worst first, then intents."""
    return "\n\n".join(
        f"### Every miss, {LANGUAGES[language]}\n\n"
        f"{_of_screen([*outcome.dangers, *outcome.everyday, *outcome.hard])}\n\n"
        f"{_of_intents(outcome.intents)}"
        for language, outcome in outcomes.items()
    )


def _of_screen(screened: Iterable[Screened]) -> str:
    faults = sorted(
        ((case.fault, case) for case in screened if case.fault is not None),
        key=lambda pair: (_WORST_FIRST.index(pair[0]), _severity(pair[1].expected)),
    )
    return table(
        ["safety screen", "expected", "got", "message"],
        (
            [fault, _named(case.expected), _named(case.got), quoted(case.text)]
            for fault, case in faults
        ),
    )


def _of_intents(recognised: Iterable[Recognised]) -> str:
    return table(
        ["intent expected", "got", "confidence", "message"],
        (
            [case.expected, case.got, f"{case.confidence:.2f}", quoted(case.text)]
            for case in recognised
            if not case.right
        ),
    )


def _severity(flag: RedFlag | None) -> int:
    return SEVERITIES.index(flag.severity) if flag else len(SEVERITIES)


def _named(flag: RedFlag | None) -> str:
    return f"{flag.category} {flag.severity}" if flag else "none"
