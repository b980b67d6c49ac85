"""Sentences for a person, from rooms that know no language: said where they are shown.

The settings, the database and the domain refuse with one of these, in French with values; whoever
shows it hands over how to translate.
"""

from __future__ import annotations

from collections.abc import Callable


def mark(source: str) -> str:
    """Return a French sentence as it is: it is translated later, and found by extraction."""
    return source


class Reason(Exception):
    """What is wrong or refused, and what to do: a marked French sentence and its values.

    A value that is itself a reason is said in the same language.
    """

    def __init__(self, source: str, /, **values: object) -> None:
        super().__init__(source)
        self._source, self._values = source, values

    def told(self, translate: Callable[[str], str]) -> str:
        """Say it in another language than French."""
        values = {
            name: value.told(translate) if isinstance(value, Reason) else value
            for name, value in self._values.items()
        }
        return translate(self._source).format(**values)

    def __str__(self) -> str:
        return self.told(mark)
