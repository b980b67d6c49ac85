"""The grammar of the screen, read from ``patterns/*.yml``: labels, and the signs of danger.

::

    labels:                      # what can be said, built from words and from other labels
      weapon: [machette*, couteau*]
      hits_me: ["<me> <fill>* <hit>"]
    category: violence           # of the signs of this file
    signs:
      blow:
        severity: high
        critical_with: [weapon]  # these labels anywhere in the message make it critical
        normal_with: [chores]    # in the same sentence: only a task
        unless: [film]           # in the same sentence: nothing
        not_as: [idiom]          # the words found are part of this: nothing
        only_with: [group]       # without one of these in the message: nothing
        certain: true            # said plainly: the learned layer may not doubt it
        about: self              # whom it concerns, where the words do not tell
        negation: ignored        # "je ne veux plus vivre" is meant as it is said
        over: high               # severity of what is past and over (default: normal)
        says: ["<hits_me>"]

The same label in two files is one label. A label may not stand for itself.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from pathlib import Path
from typing import Any

import yaml

from bot.safety.chart import Chart, Text
from bot.safety.flags import CATEGORIES, SEVERITIES, About, Category, Severity
from bot.safety.function_words import FUNCTION_WORDS
from bot.safety.lexicon import Lexicon
from bot.safety.origins import names_origin
from bot.safety.pattern import Pattern, PatternError, is_word, term_of, word_label
from bot.safety.reading import parse

# Every scalar is text: YAML would read the French "on" as true.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
# Languages that people write as they hear them: folders of ``patterns``.
_WRITTEN_BY_EAR = frozenset({"fr"})
# A folded word, part of one, a number, a comma, an emoji.
_TERM = re.compile(r"[a-z0-9]+\*?~?|#|###|,|[\u2190-\U0001faff]")
_OPTIONS = frozenset(
    [
        "severity",
        "critical_with",
        "high_with",
        "normal_with",
        "unless",
        "not_as",
        "only_with",
        "certain",
        "about",
        "negation",
        "over",
        "says",
    ]
)


@dataclass(frozen=True)
class Sign:
    """Something said that shows a danger, and how severe it is in which company."""

    name: str
    category: Category
    severity: Severity
    says: tuple[Pattern, ...]
    critical_with: tuple[str, ...] = ()
    high_with: tuple[str, ...] = ()
    normal_with: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    not_as: tuple[str, ...] = ()
    only_with: tuple[str, ...] = ()
    certain: bool = False
    about: About | None = None
    can_be_denied: bool = True
    over: Severity = "normal"


class Grammar:
    """Labels and signs, prepared so that a message costs only the patterns it can hold."""

    def __init__(
        self,
        labels: Mapping[str, list[Pattern]],
        signs: Iterable[Sign],
        by_ear: Iterable[Pattern] = (),
    ) -> None:
        """Prepare the grammar; words of the patterns in ``by_ear`` are also heard."""
        self.signs = tuple(signs)
        self.labels = frozenset(labels)
        _check_names(labels, self.signs)
        self._order = _in_order(labels)
        # Word of the patterns -> labels that it alone says.
        self._said_by: dict[str, list[str]] = defaultdict(list)
        # Label -> patterns to try as soon as it is found, with the place of what they say.
        self._tried_on: dict[str, list[tuple[int, Pattern]]] = defaultdict(list)
        # Label -> what signs say, to look for in a text that has it.
        self._shown_by: dict[str, list[int]] = defaultdict(list)
        self._says = [(sign, pattern) for sign in self.signs for pattern in sign.says]
        common = _common(self._order, labels)
        spoken: set[str] = set()
        for place, label in enumerate(self._order):
            for pattern in labels[label]:
                if pattern.word:
                    self._said_by[pattern.word].append(label)
                    continue
                spoken |= pattern.labels
                for trigger in _triggers(pattern, common):
                    self._tried_on[trigger].append((place, pattern))
        for number, (_, pattern) in enumerate(self._says):
            spoken |= pattern.labels
            for trigger in _triggers(pattern, common):
                self._shown_by[trigger].append(number)
        for name in filter(is_word, spoken):
            self._said_by[term_of(name)].append(name)
        heard = {term_of(n) for pattern in by_ear for n in pattern.labels if is_word(n)}
        self._lexicon = Lexicon(self._said_by, heard)

    def chart(self, expanded: str) -> Chart:
        """Return everything that a text says, by label; ``text.expand`` returned the text.

        Where people come from is not read: no layer is to take it for a sign of danger.
        """
        tokens = (token for token in expanded.split() if not names_origin(token))
        words = (word for token in tokens for word in self._lexicon.split(token))
        text = Text.cut(words)
        chart = Chart(text)
        # By place: what a label is made of is found before it.
        to_try: dict[int, dict[Pattern, None]] = {}
        places: list[int] = []

        def found(label: str, start: int, end: int) -> None:
            if label not in chart.starts:
                for place, pattern in self._tried_on.get(label, ()):
                    if place not in to_try:
                        to_try[place] = {}
                        heappush(places, place)
                    to_try[place][pattern] = None
            chart.add(label, start, end)

        for at, word in enumerate(text.words):
            for term in self._lexicon.terms(word):
                for label in self._said_by[term]:
                    found(label, at, at + 1)
        while places:
            place = heappop(places)
            for pattern in to_try[place]:
                for start, end in pattern.find(chart):
                    found(self._order[place], start, end)
        return chart

    def said(self, chart: Chart) -> Iterator[tuple[Sign, Pattern]]:
        """Yield the signs that a text may show, each with what it would say."""
        shown = chart.starts.keys() & self._shown_by.keys()
        for number in sorted({number for label in shown for number in self._shown_by[label]}):
            yield self._says[number]


def load_grammar(folder: Path) -> Grammar:
    """Read all files of ``folder``.

    Raises:
        PatternError: a pattern, label or option is malformed or unknown.
    """
    labels: dict[str, list[Pattern]] = {}
    signs: list[Sign] = []
    by_ear: list[Pattern] = []
    for path in sorted(folder.rglob("*.yml")):
        content = yaml.load(path.read_text(encoding="utf-8"), _LOADER)  # noqa: S506 (text only)
        for label, patterns in content.get("labels", {}).items():
            parsed = [parse(pattern) for pattern in _flat(patterns)]
            labels.setdefault(label, []).extend(parsed)
            if path.parent.name in _WRITTEN_BY_EAR:
                by_ear += parsed
        for name, options in content.get("signs", {}).items():
            signs.append(_sign(f"{path.stem}.{name}", content.get("category"), options))
    return Grammar(labels, signs, by_ear)


def _flat(patterns: Iterable[str | list[str]]) -> Iterator[str]:
    for entry in patterns:
        yield from [entry] if isinstance(entry, str) else entry


def _sign(name: str, category: Any, options: Mapping[str, Any]) -> Sign:
    if category not in CATEGORIES or options.get("severity") not in SEVERITIES:
        raise PatternError(f"{name}: no such category or severity")
    if unknown := options.keys() - _OPTIONS:
        raise PatternError(f"{name}: unknown options {sorted(unknown)}")
    return Sign(
        name=name,
        category=category,
        severity=options["severity"],
        says=tuple(map(parse, _flat(options["says"]))),
        critical_with=tuple(options.get("critical_with", ())),
        high_with=tuple(options.get("high_with", ())),
        normal_with=tuple(options.get("normal_with", ())),
        unless=tuple(options.get("unless", ())),
        not_as=tuple(options.get("not_as", ())),
        only_with=tuple(options.get("only_with", ())),
        certain=options.get("certain") == "true",
        about=options.get("about"),
        can_be_denied=options.get("negation") != "ignored",
        over=options.get("over", "normal"),
    )


def _check_names(labels: Mapping[str, list[Pattern]], signs: Iterable[Sign]) -> None:
    named = set[str]().union(*(p.labels for patterns in labels.values() for p in patterns))
    for sign in signs:
        named = named.union(*(pattern.labels for pattern in sign.says))
        named |= {*sign.critical_with, *sign.high_with, *sign.normal_with}
        named |= {*sign.unless, *sign.not_as, *sign.only_with}
    if unknown := {name for name in named if not is_word(name)} - labels.keys():
        raise PatternError(f"labels that no file defines: {sorted(unknown)}")
    terms = {term_of(name) for name in named if is_word(name)}
    if impossible := {term for term in terms if not _TERM.fullmatch(term)}:
        raise PatternError(f"words that no message can hold (not folded?): {sorted(impossible)}")


def _common(order: Iterable[str], labels: Mapping[str, list[Pattern]]) -> set[str]:
    """Return the labels that function words alone can say: most messages have them."""
    common = {word_label(word) for word in FUNCTION_WORDS}
    for label in order:
        if any(all(need & common for need in pattern.needs) for pattern in labels[label]):
            common.add(label)
    return common


def _triggers(pattern: Pattern, common: set[str]) -> frozenset[str]:
    """Return the labels of which a text must have one to be worth a try: rare ones if possible."""
    return next((need for need in pattern.needs if need.isdisjoint(common)), pattern.needs[0])


def _in_order(labels: Mapping[str, list[Pattern]]) -> list[str]:
    """Return the labels so that each stands after those that its patterns use."""
    done: dict[str, None] = {}
    open_labels: list[str] = []

    def visit(label: str) -> None:
        if label in done or label not in labels:
            return
        if label in open_labels:
            raise PatternError(f"a label that stands for itself: {[*open_labels, label]}")
        open_labels.append(label)
        for name in sorted({name for pattern in labels[label] for name in pattern.labels}):
            visit(name)
        open_labels.pop()
        done[label] = None

    for label in labels:
        visit(label)
    return list(done)
