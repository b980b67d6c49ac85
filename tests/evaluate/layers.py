"""What each layer of the safety screen adds: the same messages, with one layer and with both."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from bot.safety.grammar import load_grammar
from bot.safety.screen import PATTERNS, Screen
from tests.evaluate import flags
from tests.evaluate.flags import Screened
from tests.evaluate.heldout import LANGUAGES, HeldOut
from tests.evaluate.shares import Share
from tests.evaluate.tables import percent, table

Figure = Callable[[Screen, HeldOut], Share]


def show_layers(screen: Screen, heldout: Mapping[str, HeldOut]) -> str:
    """Return a table: a row a figure and language, a column for each layer and for all."""
    grammar = load_grammar(PATTERNS)
    alone = [Screen(grammar, [layer], screen.respell) for layer in screen.layers]
    rows = []
    for name, figure in _FIGURES.items():
        for language, messages in heldout.items():
            shares = (percent(figure(s, messages).value) for s in (*alone, screen))
            rows.append([name, LANGUAGES[language], *shares])
    return table(["figure", "language", "learned alone", "patterns alone", "both"], rows)


def _found(severity: str) -> Figure:
    def figure(screen: Screen, messages: HeldOut) -> Share:
        due = [(text, flag) for text, flag in messages.red_flags if flag.severity == severity]
        return flags.found(Screened(text, flag, screen.screen(text)) for text, flag in due)

    return figure


def _false_alarms(texts: Callable[[HeldOut], tuple[str, ...]]) -> Figure:
    def figure(screen: Screen, messages: HeldOut) -> Share:
        return flags.alarms(_screened(screen, texts(messages)))

    return figure


def _screened(screen: Screen, texts: tuple[str, ...]) -> Iterator[Screened]:
    return (Screened(text, None, screen.screen(text)) for text in texts)


_FIGURES: Mapping[str, Figure] = {
    "critical: alarm raised": _found("critical"),
    "high: alarm raised": _found("high"),
    "everyday messages: false alarm": _false_alarms(lambda messages: messages.everyday),
    "hard negatives: false alarm": _false_alarms(lambda messages: messages.hard),
}
