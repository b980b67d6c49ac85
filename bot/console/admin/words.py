"""Words that only administration needs."""

from __future__ import annotations

from collections.abc import Mapping

from babel import Locale
from babel.dates import get_day_names

from bot.followup.hours import WEEKDAYS
from bot.i18n.translator import Translate

COUNTRIES = ("CI", "GH", "BF", "LR", "ML", "GN")


class OfficeWords:
    """Says in one language what stands in the tables."""

    def __init__(self, translate: Translate, locale: Locale) -> None:
        self._ = translate
        self._locale = locale

    @property
    def countries(self) -> Mapping[str, str]:
        """The countries to choose from."""
        return {code: self.country(code) for code in COUNTRIES}

    def country(self, code: str) -> str:
        """Say a country."""
        return self._locale.territories.get(code, code)

    @property
    def weekdays(self) -> Mapping[str, str]:
        """The days of the week, by their codes."""
        names = get_day_names("wide", locale=self._locale)
        return {code: names[number] for number, code in enumerate(WEEKDAYS)}

    def audience(self, code: str) -> str:
        """Say whom a helpline is for."""
        _ = self._
        return {
            "child": _("pour les enfants"),
            "adult": _("pour les adultes"),
            "anyone": _("pour tout le monde"),
        }[code]
