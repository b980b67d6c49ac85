"""The pattern layer: sees what the grammar describes, and what stands around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.safety.chart import Chart
from bot.safety.context import LABELS, is_denied, is_over, is_supposed
from bot.safety.flags import About, RedFlag, Severity
from bot.safety.grammar import Grammar, Sign
from bot.safety.pattern import PatternError

# How many words after a sign may name whom it concerns ("exciser [ma fille]").
_NEAR = 4
_DONE_BY_SOMEBODY = frozenset({"violence", "sexual_abuse", "exploitation"})
_FELT = frozenset({"fear", "self_harm"})
# The labels that tell whom it concerns.
_PEOPLE = frozenset({"first_person", "another", "they"})


class PatternLayer:
    """Sees what the grammar describes."""

    def __init__(self, grammar: Grammar) -> None:
        if missing := (LABELS | _PEOPLE) - grammar.labels:
            raise PatternError(f"no file defines these labels: {sorted(missing)}")
        self._grammar = grammar

    def flags(self, *readings: Chart) -> Iterator[RedFlag]:
        """Yield a flag for every sign found in what a message may say."""
        for chart in readings:
            for _, flag in self.signs(chart):
                yield flag

    def sees_no_danger(self, *readings: Chart) -> bool:
        """Tell nothing of the kind: what has no word for a danger may be one all the same."""
        return False

    def signs(self, chart: Chart) -> Iterator[tuple[Sign, RedFlag]]:
        """Yield the flags of one reading, with the sign that was found: to see why."""
        for sign, pattern in self._grammar.said(chart):
            for start, end in _shortest(pattern.find(chart)):
                severity = _severity(sign, chart, start, end)
                if severity is not None:
                    about = sign.about or _about(sign, chart, start, end)
                    yield sign, RedFlag(sign.category, severity, about, sign.certain)


def _shortest(found: Iterable[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    """Return the shortest of what begins at the same word.

    What is denied within a few words ("il ne vient pas dans ma chambre, la nuit je dors") is not
    taken up again by a gap that reaches further.
    """
    ends: dict[int, int] = {}
    for start, end in found:
        ends[start] = min(end, ends.get(start, end))
    return ends.items()


def _severity(sign: Sign, chart: Chart, start: int, end: int) -> Severity | None:
    sentence = chart.text.ends[start]
    if any(chart.has(label, sentence) for label in sign.unless):
        return None
    if any(chart.overlaps(label, start, end) for label in sign.not_as):
        return None
    if sign.only_with and not any(map(chart.has, sign.only_with)):
        return None
    if sign.can_be_denied:
        if is_over(chart, start, end):
            return sign.over
        if is_denied(chart, start, end):
            return None
        if sign.category != "self_harm" and is_supposed(chart, start):
            return "normal"
    if any(chart.has(label, sentence) for label in sign.normal_with):
        return "normal"
    if any(map(chart.has, sign.critical_with)):
        return "critical"
    if any(map(chart.has, sign.high_with)):
        return "high"
    return sign.severity


def _about(sign: Sign, chart: Chart, start: int, end: int) -> About:
    """Tell whom it concerns by the person named in the sign, else by the nearest one.

    Where somebody does harm, the one before the verb does it and the one after it suffers it.
    With a fear or a wish to die it is the one who has it.
    """
    done = sign.category in _DONE_BY_SOMEBODY
    others = {"another"} if done else {"another", "they"}
    inside, before = range(start, end), range(start - 1, -1, -1)
    after = range(end, min(end + _NEAR, chart.text.ends[start]))
    if any("first_person" in chart.at[at] for at in inside):
        return "self"
    if sign.category in _FELT:
        order = [*before, *inside, *after]
    else:
        order = [*inside, *after, *before] if done else [*inside, *before, *after]
    for at in order:
        if "first_person" in chart.at[at]:
            return "self"
        if not others.isdisjoint(chart.at[at]):
            return "working_child" if sign.category == "exploitation" else "someone_else"
    return "self"
