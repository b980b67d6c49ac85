"""Every held-out message whose flag, intent or entities are not the expected ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.safety.flags import SEVERITIES, RedFlag
from tests.evaluate.entities import Extracted, Span
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
    """Return the misses of each language: dangers, the worst first, intents, entities."""
    return "\n\n".join(
        f"### Every miss, {LANGUAGES[language]}\n\n{_of_language(outcome)}"
        for language, outcome in outcomes.items()
    )


def _of_language(outcome: Outcome) -> str:
    return "\n\n".join(
        (
            _of_screen(
                [
                    *outcome.dangers,
                    *outcome.everyday,
                    *outcome.hard,
                    *outcome.ordinary,
                    # A task that one alone gives is listed with that one.
                    *filter(lambda pair: pair.alarms, outcome.together),
                    *(case for case in outcome.polite.dangers if not case.found),
                    *(case for case in outcome.polite.ordinary if case.alarms),
                ]
            ),
            _of_intents(
                [
                    *outcome.intents,
                    *outcome.of_strangers,
                    *outcome.polite.intents,
                    *outcome.by_ear,
                ]
            ),
            _of_entities(outcome.entities),
        )
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


def _of_entities(extracted: Iterable[Extracted]) -> str:
    return table(
        ["entities missed", "found wrongly", "message"],
        (
            [_words(case.text, case.missed), _words(case.text, case.false), quoted(case.text)]
            for case in extracted
            if case.missed or case.false
        ),
    )


def _words(text: str, spans: Iterable[Span]) -> str:
    return ", ".join(f"{span.entity} {quoted(text[span.start : span.end])}" for span in spans)


def _severity(flag: RedFlag | None) -> int:
    return SEVERITIES.index(flag.severity) if flag else len(SEVERITIES)


def _named(flag: RedFlag | None) -> str:
    return f"{flag.category} {flag.severity}" if flag else "none"
