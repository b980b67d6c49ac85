"""The fields of a form of administration: how each is shown, and read again with care."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any, Literal

from bot.console.fields import day_in, id_in, number_in
from bot.followup.hours import WEEKDAYS
from bot.i18n.translator import Translate

Form = Mapping[str, str]
Kind = Literal["text", "email", "number", "day", "check", "choice", "several", "week", "languages"]


class FieldRefused(ValueError):
    """What was written does not do. The message says what to write, in the reader's language."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field, self.reason = field, reason


@dataclass(frozen=True)
class Field:
    """One field.

    Attributes:
        hint: a sentence below the label.
        longest: of a text, in characters.
        least, most: of a number.
        options: of a choice, or of several: what is kept, and the word for it; of languages: their
            codes and names.
        numbers: what is kept of a choice is the id of a row.
    """

    name: str
    label: str
    kind: Kind = "text"
    required: bool = True
    hint: str = ""
    longest: int = 80
    least: int = 0
    most: int = 1000
    options: Mapping[str, str] | None = None
    numbers: bool = False

    def read(self, form: Form, _: Translate) -> Any:
        """Return what was written.

        Raises:
            FieldRefused: it does not do.
        """
        if self.kind == "check":
            return form.get(self.name, "") == "yes"
        if self.kind == "several":
            return [code for code in self.options or () if form.get(f"{self.name}-{code}")]
        if self.kind == "week":
            return self._read_week(form, _)
        if self.kind == "languages":
            return self._read_languages(form, _)
        text = form.get(self.name, "").strip()
        if not text:
            if self.required:
                raise FieldRefused(self.name, _("Il manque quelque chose ici."))
            return None if self.kind in ("day", "number") else ""
        return self._read_text(text, _)

    def write(self, value: Any) -> dict[str, str]:
        """Return a value as the form would send it, by the names of its inputs."""
        if value is None:
            return {}
        if self.kind == "check":
            return {self.name: "yes"} if value else {}
        if self.kind == "several":
            return {f"{self.name}-{code}": "yes" for code in value}
        if self.kind == "languages":
            return {f"{self.name}-{code}": text for code, text in value.items()}
        if self.kind == "week":
            return {
                f"{self.name}-{day}-{end}": span[index]
                for day, span in value.items()
                for index, end in enumerate(("from", "to"))
            }
        return {self.name: str(value)}

    def _read_text(self, text: str, _: Translate) -> Any:
        if self.kind == "number":
            number = number_in(text, self.least, self.most)
            if number is None:
                reason = _("Écrivez un nombre de {least} à {most}.")
                raise FieldRefused(self.name, reason.format(least=self.least, most=self.most))
            return number
        if self.kind == "day":
            day = day_in(text)
            if day is None:
                raise FieldRefused(self.name, _("Ce jour se lit mal."))
            return day
        if self.kind == "choice":
            if text not in (self.options or ()):
                raise FieldRefused(self.name, _("Choisissez dans la liste."))
            return id_in(text) if self.numbers else text
        return self._not_too_long(text, _)

    def _not_too_long(self, text: str, _: Translate) -> str:
        if len(text) > self.longest:
            reason = _("C’est trop long : {n} signes au plus.")
            raise FieldRefused(self.name, reason.format(n=self.longest))
        return text

    def _read_languages(self, form: Form, _: Translate) -> dict[str, str] | None:
        texts = {code: form.get(f"{self.name}-{code}", "").strip() for code in self.options or ()}
        kept = {code: self._not_too_long(text, _) for code, text in texts.items() if text}
        return kept or None

    def _read_week(self, form: Form, _: Translate) -> dict[str, list[str]]:
        week = {}
        for day in WEEKDAYS:
            start, end = (form.get(f"{self.name}-{day}-{which}", "") for which in ("from", "to"))
            if not start and not end:
                continue
            if not (_is_clock(start) and _is_clock(end)) or start == end:
                raise FieldRefused(self.name, _("Pour chaque jour : une heure de début et de fin."))
            week[day] = [start, end]
        return week


def read_all(fields: list[Field], form: Form, _: Translate) -> dict[str, Any]:
    """Return what was written in all fields.

    Raises:
        FieldRefused: the first that does not do.
    """
    return {field.name: field.read(form, _) for field in fields}


def _is_clock(text: str) -> bool:
    try:
        return len(time.fromisoformat(text).isoformat("minutes")) == len(text)
    except ValueError:
        return False
