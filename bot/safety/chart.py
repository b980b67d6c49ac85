"""A message cut into words, and the chart of what was found where in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """A message cut into words; ``ends[i]`` is where the sentence of word ``i`` ends.

    A comma is a word: what is said in one breath does not reach over it, a gap does.
    """

    words: tuple[str, ...]
    ends: tuple[int, ...]

    @classmethod
    def cut(cls, parts: Iterable[str]) -> Text:
        """Cut the words and marks that ``text.expand`` returned."""
        words: list[str] = []
        ends: list[int] = []
        for part in parts:
            if part in ".!?":
                ends += [len(words)] * (len(words) - len(ends))
            else:
                words.append(part)
        ends += [len(words)] * (len(words) - len(ends))
        return cls(tuple(words), tuple(ends))


class Chart:
    """Which labels were found in a text, and where.

    ``at[start]`` maps each label that begins at a word to where it can end.
    """

    def __init__(self, text: Text) -> None:
        self.text = text
        self.at: list[dict[str, set[int]]] = [{} for _ in range(len(text.words) + 1)]
        self.starts: dict[str, set[int]] = {}

    def add(self, label: str, start: int, end: int) -> None:
        """Note that ``words[start:end]`` says ``label``."""
        self.at[start].setdefault(label, set()).add(end)
        self.starts.setdefault(label, set()).add(start)

    def has(self, label: str, sentence_end: int | None = None) -> bool:
        """Whether the text (or the sentence that ends there) says ``label``."""
        starts = self.starts.get(label, ())
        if sentence_end is None:
            return bool(starts)
        return any(self.text.ends[start] == sentence_end for start in starts)

    def overlaps(self, label: str, start: int, end: int) -> bool:
        """Whether something found for ``label`` shares a word with ``words[start:end]``."""
        return any(
            at < end and any(stop > start for stop in self.at[at][label])
            for at in self.starts.get(label, ())
        )
