"""What a refusal says in English, by the catalog."""

from functools import cache

from bot.i18n.catalogs import Catalogs
from bot.reasons import Reason
from bot.settings import PROJECT


def english(reason: Reason) -> str:
    """Return the English of a reason."""
    return reason.told(lambda source: _catalogs().find("", source, "en").text)


@cache
def _catalogs() -> Catalogs:
    return Catalogs(PROJECT / "locales")
