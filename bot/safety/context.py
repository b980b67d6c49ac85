"""What stands around a sign and changes what it means: denied, over, only supposed, made up.

The words for these are labels of ``patterns/*/context.yml``; here is how far each of them reaches.
"""

from __future__ import annotations

from bot.safety.chart import Chart

# The labels that this module asks the chart for.
_DENIED = frozenset({"not", "without", "unceasing", "new_subject"})
_OVER = frozenset({"no_more", "more", "ceased", "still", "formerly", "well_now"})
_SUPPOSED = frozenset({"if", "even_if", "subject"})
LABELS = _DENIED | _OVER | _SUPPOSED | {"fill"}
# How many words may stand between a denial and what it denies ("il ne me frappe vraiment pas").
_REACH = 4
_IMPERFECT = ("ait", "aient", "ais", "aint")


def is_denied(chart: Chart, start: int, end: int) -> bool:
    """Whether a negation in, right before or right after ``words[start:end]`` takes it back."""
    start = _last_clause(chart, start, end)
    if _around(chart, "unceasing", start, end):
        return False
    if chart.overlaps("not", start, end) or _after(chart, "not", end):
        return True
    # "ça va pas je me coupe": before a new subject the negation is of what came before.
    if "new_subject" in chart.at[start]:
        return False
    return _before(chart, "not", start) or _before(chart, "without", start)


def is_over(chart: Chart, start: int, end: int) -> bool:
    """Whether what is said there is past and over, as far as the message tells."""
    if chart.has("still"):
        return False
    start = _last_clause(chart, start, end)
    no_more = _around(chart, "no_more", start, end) and not _around(chart, "more", start, end)
    if no_more or _before(chart, "ceased", start):
        return True
    imperfect = any(
        len(word) > 4 and word.endswith(_IMPERFECT) for word in chart.text.words[start:end]
    )
    formerly = chart.has("formerly", chart.text.ends[start])
    well_now = chart.has("well_now")
    return (well_now and chart.has("formerly")) or (imperfect and (formerly or well_now))


def is_supposed(chart: Chart, start: int) -> bool:
    """Whether it stands right after an "if", with nothing but its subject between."""
    if _before(chart, "even_if", start, "subject"):
        return False
    return _before(chart, "if", start, "subject")


def _last_clause(chart: Chart, start: int, end: int) -> int:
    """Return where the last clause of a sign begins: "il va plus en classe, [il travaille]"."""
    commas = [at for at in range(start, end - 1) if chart.text.words[at] == ","]
    return commas[-1] + 1 if commas else start


def _around(chart: Chart, label: str, start: int, end: int) -> bool:
    return (
        chart.overlaps(label, start, end)
        or _before(chart, label, start)
        or _after(chart, label, end)
    )


def _before(chart: Chart, label: str, start: int, between: str = "fill") -> bool:
    """Whether ``label`` ends at ``start``, or earlier with only ``between`` words in between."""
    text = chart.text
    reached, seen = {start}, set()
    while reached:
        at = reached.pop()
        seen.add(at)
        for begin in range(max(0, at - _REACH), at):
            if text.ends[begin] != text.ends[start]:
                continue
            if at in chart.at[begin].get(label, ()):
                return True
            if (
                start - begin <= _REACH
                and begin not in seen
                and at in chart.at[begin].get(between, ())
            ):
                reached.add(begin)
    return False


def _after(chart: Chart, label: str, end: int) -> bool:
    """Whether ``label`` begins at ``end``, or later with only filling words in between."""
    text = chart.text
    for at in range(end, min(end + _REACH, text.ends[end - 1])):
        if label in chart.at[at]:
            return True
        if "fill" not in chart.at[at]:
            return False
    return False
