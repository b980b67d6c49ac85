"""The figures as Markdown: a column a language, beside the level to reach."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from bot.review.overlap import is_short
from bot.safety.flags import CATEGORIES
from tests.evaluate import entities, flags, intents
from tests.evaluate.heldout import LANGUAGES
from tests.evaluate.intents import Recognised
from tests.evaluate.measure import Outcome, Speed
from tests.evaluate.shares import Share
from tests.evaluate.tables import counted, percent, table
from tests.nlu.taxonomy import ENTITIES

BEGIN = "<!-- measured: written by tests.evaluate from here -->"
END = "<!-- to here -->"

_WORST = 10
_NOT_REACHED = " ✗"

Outcomes = Mapping[str, Outcome]


@dataclass(frozen=True)
class Level:
    """What a figure must reach, or with ``most`` must not exceed."""

    bound: float
    most: bool = False

    def reached(self, value: float) -> bool:
        """Whether a figure is good enough."""
        return value <= self.bound if self.most else value >= self.bound

    def __str__(self) -> str:
        return f"{'at most ' if self.most else ''}{self.bound:.0%}".replace("%", " %")


@dataclass(frozen=True)
class Row:
    """One figure for each language, and its level by language where there is one."""

    label: str
    figure: Callable[[Outcome], Share | float]
    levels: Mapping[str, Level] = field(default_factory=dict)


def _in_all(level: Level) -> dict[str, Level]:
    return dict.fromkeys(LANGUAGES, level)


def _found(severity: str) -> Callable[[Outcome], Share]:
    return lambda outcome: flags.found(flags.of_severity(outcome.dangers, severity))


_SCREEN = (
    Row("critical: alarm raised", _found("critical"), _in_all(Level(1))),
    Row("high: alarm raised", _found("high"), _in_all(Level(0.98))),
    Row("normal: any flag", _found("normal")),
    Row("all dangers: found", lambda o: flags.found(o.dangers)),
    Row(
        "category right, of the flagged",
        lambda o: flags.category_right(o.dangers),
        _in_all(Level(0.95)),
    ),
    Row("severity right, of the flagged", lambda o: flags.severity_right(o.dangers)),
    Row("critical: flagged critical", lambda o: flags.exactly(o.dangers, "critical")),
    Row("normal: flagged normal", lambda o: flags.exactly(o.dangers, "normal")),
    Row("normal: over-alarm", lambda o: flags.alarms(flags.of_severity(o.dangers, "normal"))),
    Row(
        "everyday messages: false alarm",
        lambda o: flags.alarms(o.everyday),
        _in_all(Level(0.01, most=True)),
    ),
    Row(
        "messages of strangers that are no danger: false alarm",
        lambda o: flags.alarms(o.ordinary),
        _in_all(Level(0.01, most=True)),
    ),
    Row(
        "two of them within a minute, alone none: false alarm",
        lambda o: flags.alarms(o.together),
        _in_all(Level(0.01, most=True)),
    ),
    Row(
        "hard negatives: false alarm",
        lambda o: flags.alarms(o.hard),
        _in_all(Level(0.05, most=True)),
    ),
    Row("dangers seen: seen with courtesies around too", lambda o: flags.found(o.polite.dangers)),
    Row(
        "messages of strangers, no alarm: an alarm with courtesies around",
        lambda o: flags.alarms(o.polite.ordinary),
    ),
    Row("both: needless task", lambda o: flags.tasks((*o.everyday, *o.hard))),
)


def _of_others(by: str, messages: Callable[[Outcome], Sequence[Recognised]]) -> tuple[Row, ...]:
    """Return what is counted of messages that others wrote, or wrote otherwise."""
    return (
        Row(f"{by}: accuracy", lambda o: intents.accuracy(messages(o))),
        Row(f"{by}: wrongly answered out_of_scope", lambda o: intents.given_up(messages(o))),
        Row(f"{by}: taken for another", lambda o: intents.mistaken(messages(o))),
    )


_MACRO_F1 = {"fr": Level(0.93), "en": Level(0.92)}
_INTENTS = (
    Row("macro-F1", lambda o: intents.macro_f1(o.intents), _MACRO_F1),
    Row("accuracy", lambda o: intents.accuracy(o.intents)),
    Row("wrongly answered out_of_scope", lambda o: intents.given_up(o.intents)),
    Row(
        "calibration error of `confidence`, all answers",
        lambda o: intents.calibration_error(o.intents),
    ),
    Row(
        "the same without the answers out_of_scope",
        lambda o: intents.calibration_error(intents.named(o.intents)),
    ),
    Row("by strangers: macro-F1", lambda o: intents.macro_f1(o.of_strangers), _MACRO_F1),
    *_of_others("by strangers", attrgetter("of_strangers")),
    *_of_others("understood ones, courtesies around", attrgetter("polite.intents")),
    *_of_others("written by ear", attrgetter("by_ear")),
)


def show_figures(
    outcomes: Outcomes,
    understanding: Speed,
    screening: Speed,
    loading: float,
    layers: str,
    strangers: str,
    model: str,
    coinciding: Sequence[str],
) -> str:
    """Return all figures.

    Args:
        outcomes: what became of the messages, by language.
        understanding: how fast messages are understood.
        screening: how fast messages are screened.
        loading: the seconds that loading the screen takes.
        layers: the table of what each layer of the screen adds.
        strangers: the table of what the screen sees of authors of whom nothing is ever learned.
        model: the name of the model that was measured.
        coinciding: the held-out messages that also stand in the training data.
    """
    longer = sum(not is_short(text) for text in coinciding)
    names = [LANGUAGES[language] for language in outcomes]
    return "\n\n".join(
        (
            f"Model `{model}`. {len(coinciding)} of the messages also stand in the training data,"
            f" {longer} of them with more than two words.{_NOT_REACHED}: level not reached.",
            "### Safety screen",
            _figures(_SCREEN, outcomes),
            "Dangers found, by category:",
            table(["category", *names], _by_category(outcomes)),
            "What each layer of the screen sees alone:",
            layers,
            "Authors of whom nothing is ever learned (`tests/heldout/strangers/`):",
            strangers,
            "### Intents",
            _figures(_INTENTS, outcomes),
            *(_worst_intents(language, outcome) for language, outcome in outcomes.items()),
            "### Entities",
            table(["entity", *_twice(names)], _by_entity(outcomes)),
            table(["figure", *names], [_exact(outcomes)]),
            "### Speed",
            table(
                ["one message at a time", "median", "95 of 100 within"],
                [
                    ["understanding", *_milliseconds(understanding)],
                    ["safety screen", *_milliseconds(screening)],
                ],
            ),
            f"Loading the safety screen: {loading:.2f} s.",
        )
    )


def replace_measured(document: str, measured: str) -> str:
    """Return the document with what stands between its two markers written anew.

    Raises:
        ValueError: the document lacks a marker.
    """
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"no section between {BEGIN!r} and {END!r}")
    return f"{before}{BEGIN}\n\n{measured}\n\n{END}{after}"


def _figures(rows: Iterable[Row], outcomes: Outcomes) -> str:
    names = [LANGUAGES[language] for language in outcomes]
    return table(
        ["figure", *names, "to reach"],
        (
            [
                row.label,
                *_cells(row, outcomes),
                ", ".join(dict.fromkeys(map(str, row.levels.values()))),
            ]
            for row in rows
        ),
    )


def _cells(row: Row, outcomes: Outcomes) -> Iterable[str]:
    for language, outcome in outcomes.items():
        figure = row.figure(outcome)
        value = figure.value if isinstance(figure, Share) else figure
        level = row.levels.get(language)
        yield _shown(figure) + ("" if level is None or level.reached(value) else _NOT_REACHED)


def _shown(figure: Share | float) -> str:
    return counted(figure) if isinstance(figure, Share) else percent(figure)


def _by_category(outcomes: Outcomes) -> Iterable[list[str]]:
    for category in CATEGORIES:
        due = (flags.of_category(outcome.dangers, category) for outcome in outcomes.values())
        yield [category, *(_shown(flags.found(cases)) for cases in due)]


def _twice(names: Iterable[str]) -> Iterable[str]:
    for name in names:
        yield from (f"{name}: found", f"{name}: right when given")


def _by_entity(outcomes: Outcomes) -> Iterable[list[str]]:
    for entity in (*ENTITIES, None):
        cells = [entity or "all"]
        for outcome in outcomes.values():
            cells.append(_shown(entities.recall(outcome.entities, entity)))
            cells.append(_shown(entities.precision(outcome.entities, entity)))
        yield cells


def _exact(outcomes: Outcomes) -> list[str]:
    shares = (entities.exact(outcome.entities) for outcome in outcomes.values())
    return ["found with all their words and no more", *map(_shown, shares)]


def _worst_intents(language: str, outcome: Outcome) -> str:
    rows = []
    for score in intents.intent_scores(outcome.intents)[:_WORST]:
        wrong = intents.taken_for(outcome.intents, score.name)
        rows.append(
            [
                score.name,
                percent(score.f1),
                f"{score.recall.count} of {score.recall.of}",
                f"{score.precision.count} of {score.precision.of}",
                ", ".join(f"{name} {count}" for name, count in wrong.most_common()),
            ]
        )
    heading = ["intent", "F1", "recognised", "right when given", "taken for"]
    return f"The {_WORST} worst intents, {LANGUAGES[language]}:\n\n{table(heading, rows)}"


def _milliseconds(speed: Speed) -> list[str]:
    return [f"{speed.median:.1f} ms", f"{speed.slow:.1f} ms"]
