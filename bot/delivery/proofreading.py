"""Reading all words, or one sentence, against what every channel and every screen allows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.channels.base import Limits, room_for_titles
from bot.i18n.lints import (
    Problem,
    Rules,
    labels_of,
    lacks_vous,
    source_problems,
    translation_problems,
)
from bot.i18n.wording import VOUS, Wording
from bot.safety.discretion import betraying_words


@dataclass(frozen=True)
class Finding:
    """A problem, and the sentence that has it."""

    language: str
    context: str
    source: str
    problem: Problem

    @property
    def where(self) -> str:
        """Where the sentence is used, and how it begins."""
        return f"{self.language} {self.context or 'page'} « {self.source[:40]} »"

    def __str__(self) -> str:
        return f"{self.where}: {self.problem}"


class Proofreader:
    """Knows the rules. ``channels`` are the limits of every channel, switched on or not."""

    def __init__(self, wording: Wording, channels: Iterable[Limits]) -> None:
        self._catalogs = wording.catalogs
        self._responses = wording.responses
        limits = tuple(channels)

        def room(count: int) -> int | None:
            rooms = [room_for_titles(each, count) for each in limits]
            return min((each for each in rooms if each is not None), default=None)

        self._rules = Rules(room, betraying_words, labels_of(wording.responses))

    def read(
        self, context: str, source: str, text: str, language: str, *, draft: bool
    ) -> list[Problem]:
        """Return what is wrong with a sentence as somebody would have it in a language."""
        fallback = self._catalogs.fallback(language)
        beneath = None
        if draft and fallback is not None:
            beneath = self._catalogs.find(context, source, fallback).text
        found = translation_problems(context, source, text, language, self._rules, fallback=beneath)
        return list(found)

    def room_for(self, context: str) -> int | None:
        """Return how long a title may be; None for what is no choice."""
        if context not in self._rules.labels:
            return None
        count, key = self._rules.labels[context]
        room = self._rules.room(count)
        return None if room is None else room - key - 1

    def read_all(self) -> Iterator[Finding]:
        """Yield what is wrong with the French, and with each translation."""
        for context, source in self._catalogs.sentences:
            for problem in source_problems(context, source, self._rules):
                yield Finding("fr", context, source, problem)
            for language in self._catalogs.languages:
                own = self._catalogs.own(context, source, language)
                if own is None:
                    continue
                for problem in self.read(context, source, own.text, language, draft=own.draft):
                    yield Finding(language, context, source, problem)
        yield from self._without_vous()
        yield from self._without_fallback()

    def _without_vous(self) -> Iterator[Finding]:
        for name, variants in self._responses.items():
            text = variants[0]["text"]
            if lacks_vous(text, VOUS in variants[0].get("metadata", {})):
                yield Finding("fr", name, text, Problem("no vous form"))

    def _without_fallback(self) -> Iterator[Finding]:
        """Yield languages whose drafts would stand alone."""
        for code, language in self._catalogs.languages.items():
            if code != "fr" and language.fallback not in self._catalogs.languages:
                yield Finding(code, "", "", Problem("no fall-back language"))
