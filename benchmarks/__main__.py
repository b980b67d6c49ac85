"""Measures Akoma and stock Rasa in one run and prints both, side by side."""

from __future__ import annotations

import platform
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from benchmarks.akoma import Akoma
from benchmarks.measure import AT_ONCE, HISTORY, Figures, Side, measure, people
from benchmarks.stock.side import StockRasa

_SHORT = 150


def main() -> None:
    """Measure both sides by turns. ``--short``: a history of 150 messages."""
    history = _SHORT if "--short" in sys.argv else HISTORY
    with tempfile.TemporaryDirectory() as folder, ExitStack() as started:
        sides = [StockRasa(Path(folder)), Akoma(Path(folder))]
        seconds = [_start(side, started) for side in sides]
        print("measuring both by turns ...", file=sys.stderr)
        figures = measure(sides, history)
    stock, akoma = (replace(found, start_s=s) for found, s in zip(figures, seconds, strict=True))
    print(_table(stock, akoma, history))


def _start(side: Side, started: ExitStack) -> float:
    print(f"preparing and starting {side.name} ...", file=sys.stderr)
    side.prepare(people())
    started.callback(side.stop)
    return side.start()


def _table(stock: Figures, akoma: Figures, history: int) -> str:
    def row(label: str, a: float, b: float, unit: str, factor: float | None = None) -> str:
        shown = "" if factor is None else f"{factor:.1f} x"
        return f"| {label} | {a:.1f} {unit} | {b:.1f} {unit} | {shown} |"

    def memory(figures: Figures) -> str:
        return ", ".join(f"{role} {mb} MB" for role, mb in figures.memory_mb.items())

    lines = [
        f"Python {platform.python_version()}, {platform.machine()}, one run",
        "",
        f"| | {stock.name} | {akoma.name} | better by |",
        "|---|---|---|---|",
        row("one at a time, median", stock.median_ms, akoma.median_ms, "ms",
            stock.median_ms / akoma.median_ms),
        row("one at a time, 90th of 100", stock.slowest_tenth_ms, akoma.slowest_tenth_ms, "ms",
            stock.slowest_tenth_ms / akoma.slowest_tenth_ms),
        row(f"{AT_ONCE} at once", stock.per_second, akoma.per_second, "turns/s",
            akoma.per_second / stock.per_second),
        row("one person, first 100 messages", stock.first_ms, akoma.first_ms, "ms",
            stock.first_ms / akoma.first_ms),
        row(f"one person, last 100 of {history}", stock.last_ms, akoma.last_ms, "ms",
            stock.last_ms / akoma.last_ms),
        row("start to first answer", stock.start_s, akoma.start_s, "s"),
        f"| resident memory | {memory(stock)} | {memory(akoma)} | |",
    ]  # fmt: skip
    return "\n".join(lines)


main()
