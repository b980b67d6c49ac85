"""Markdown tables and what stands in their cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tests.evaluate.shares import Share


def table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table."""
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def percent(value: float) -> str:
    """Show a share of 1."""
    return f"{100 * value:.1f} %"


def counted(share: Share) -> str:
    """Show a share with what was counted."""
    return f"{percent(share.value)} ({share.count} of {share.of})"


def quoted(text: str) -> str:
    """Return a message as one cell in which nothing is Markdown or HTML."""
    for character in "\\`*_[]<>|":
        text = text.replace(character, f"\\{character}")
    return " ".join(text.split())
