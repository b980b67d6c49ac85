"""Wording: from the name of a response and typed values to the sentence a person reads.

Every sentence of the chat stands once, in French, under ``responses:`` in ``domain.yml``: with a
``vous`` form in its metadata where it differs from the ``tu`` form. The catalogs in ``locales/``
translate it (message context: the response's name, with ``|vous`` for that form). Both the web
role (crisis replies, stop, welcome) and the dialogue (``bot.dialogue.nlg``) word through this.

Values are formatted here, in the person's language: an amount, a date, an hour never arrives as
words. Actions send them as JSON so that they survive ``rasa run actions``:
``{"money": "25000", "currency": "XOF"}``, ``{"date": "2026-11-04"}``, ``{"time": "17:00"}``,
``{"moment": "2026-11-04T17:00:00+00:00", "timezone": "Africa/Abidjan"}``,
``{"say": "utter_name", ...}`` for a response inside another, ``{"own": {"fr": "Couture", "en":
"Sewing"}}`` for what staff wrote into a row, with the translations that it carries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.i18n.catalogs import Catalogs, Translation
from bot.i18n.speech import form_name, reference, said_behind, voice_names
from bot.i18n.typography import typeset
from bot.i18n.values import format_value
from bot.i18n.voice_files import VoiceFiles

VOUS = "vous"
# The title of a button, or as short: a button has no second line.
_SHORT = 20
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Said:
    """A worded reply: its text and its choices as (key, title, payload).

    ``voice`` is the reference of the recording that says it ("fr/utter_menu"); "" for none.
    """

    text: str
    choices: tuple[tuple[str, str, str], ...] = ()
    voice: str = field(default="", compare=False)


def load_wording(project: Path) -> Wording:
    """Read the responses and the catalogs of the project in a folder."""
    locales = project / "locales"
    return Wording(load_responses(project / "domain.yml"), Catalogs(locales), VoiceFiles(locales))


def shown_draft(text: str, fallback: str) -> str:
    """Return a draft with what stands in for it: beneath, or beside it where both are short."""
    gap = " " if max(len(text), len(fallback)) <= _SHORT else "\n"
    return f"{text}{gap}({fallback})"


class UnknownResponse(KeyError):
    """No response of that name in ``domain.yml``."""


def load_responses(domain_file: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the ``responses:`` of a Rasa domain without importing Rasa."""
    with domain_file.open(encoding="utf-8") as file:
        return yaml.load(file, _LOADER)["responses"]  # noqa: S506 (a safe loader)


class Wording:
    """Says responses in a language and a form of address."""

    def __init__(
        self,
        responses: Mapping[str, list[dict[str, Any]]],
        catalogs: Catalogs,
        voices: VoiceFiles | None = None,
    ) -> None:
        self.responses = responses
        self.catalogs = catalogs
        self.voices = voices or VoiceFiles()
        self.voice_names = frozenset(voice_names(responses))

    def say(self, name: str, language: str, form: str, /, **values: Any) -> Said:
        """Word the response ``name``.

        Args:
            name: a response of ``domain.yml`` ("utter_...").
            language: a code of ``locales/languages.yml``.
            form: "tu" or "vous".
            values: what the text's ``{placeholders}`` stand for, typed as the module says.

        Raises:
            UnknownResponse: ``domain.yml`` has no such response.
        """
        context, source = self._source(name, form)
        choices = tuple(
            (
                button.get("key", str(position)),
                self._shown(f"{name}|button", button["title"], language, form, values),
                button["payload"],
            )
            for position, button in enumerate(self.responses[name][0].get("buttons", ()), start=1)
        )
        text = self._shown(context, source, language, form, values)
        return Said(text, choices, self._voice(name, language, form, values))

    def value(self, value: Any, language: str, form: str) -> str:
        """Word a typed value by itself."""
        return self._part(value, language, form).text

    def _voice(self, name: str, language: str, form: str, values: Mapping[str, Any]) -> str:
        response = self.responses[name][0]
        own = form_name(response, name, form)
        if own not in self.voice_names:
            return ""
        behind = said_behind(response, values)
        return "" if behind is None else reference(language, (own, *behind))

    def _source(self, name: str, form: str) -> tuple[str, str]:
        """Return a response's message context and its French text in a form of address."""
        try:
            response = self.responses[name][0]
        except (KeyError, IndexError):
            raise UnknownResponse(name) from None
        vous = response.get("metadata", {}).get(VOUS)
        return (f"{name}|{VOUS}", vous) if form == VOUS and vous else (name, response["text"])

    def _shown(
        self, context: str, source: str, language: str, form: str, values: Mapping[str, Any]
    ) -> str:
        """Word a text; a draft, which may say something else, never stands alone."""
        worded = self._worded(context, source, language, form, values)
        fallback = self.catalogs.fallback(language)
        if fallback is None or not worded.draft:
            return worded.text
        return shown_draft(worded.text, self._shown(context, source, fallback, form, values))

    def _worded(
        self, context: str, source: str, language: str, form: str, values: Mapping[str, Any]
    ) -> Translation:
        found = self.catalogs.find(context, source, language)
        parts = {key: self._part(value, language, form) for key, value in values.items()}
        texts = {key: part.text for key, part in parts.items()}
        try:
            text = typeset(found.text, self._written(found.language)).format_map(texts)
        except (LookupError, ValueError, AttributeError, TypeError):
            # A broken translation must never silence a reply; the tests find it.
            return Translation(typeset(source, "fr").format_map(texts))
        drafts = (part.draft for key, part in parts.items() if f"{{{key}}}" in found.text)
        return Translation(text, found.draft or any(drafts), found.language)

    def _written(self, language: str) -> str:
        """Return whose spaces a language takes: that of its locale (Dioula takes French ones)."""
        return self.catalogs.locale(language).language

    def _part(self, value: Any, language: str, form: str) -> Translation:
        if isinstance(value, Mapping) and "say" in value:
            inner = {key: item for key, item in value.items() if key != "say"}
            return self._worded(*self._source(value["say"], form), language, form, inner)
        if isinstance(value, Mapping) and "own" in value:
            return Translation(self._own(value["own"], language))
        return Translation(format_value(value, self.catalogs.locale(language)))

    def _own(self, texts: Mapping[str, str], language: str) -> str:
        """Return the text of a language, else of the one that stands in for it."""
        wanted: str | None = language
        while wanted is not None and wanted not in texts:
            wanted = self.catalogs.fallback(wanted)
        return texts[wanted or "fr"]
