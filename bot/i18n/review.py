"""How far each language is, and its sentences as a reviewer reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bot.i18n.catalogs import Catalogs, Language, Translation
from bot.i18n.lints import BUTTON, LABEL
from bot.i18n.wording import VOUS

# In the order in which they matter to whoever is in danger, and to whoever begins.
PARTS = ("danger", "choices", "chat", "pages")
STATES = ("missing", "draft", "signed")


def part_words(_: Callable[[str], str]) -> dict[str, str]:
    """Say each of PARTS."""
    return {
        "danger": _("Danger"),
        "choices": _("Boutons"),
        "chat": _("Messages"),
        "pages": _("Pages"),
    }


def state_words(_: Callable[[str], str]) -> dict[str, str]:
    """Say each of STATES."""
    return {"missing": _("À faire"), "draft": _("Brouillon"), "signed": _("Signée")}


@dataclass(frozen=True)
class Coverage:
    """How many sentences there are, have a translation, and have one that is signed."""

    total: int
    translated: int
    signed: int

    @property
    def drafts(self) -> int:
        """How many translations nobody has signed."""
        return self.translated - self.signed


@dataclass(frozen=True)
class Sentence:
    """A French sentence, and what a language makes of it.

    Attributes:
        number: its place in the code: the order to read in.
        stands_in: what is shown beneath a draft, and instead of nothing.
    """

    number: int
    context: str
    source: str
    own: Translation | None
    stands_in: str

    @property
    def state(self) -> str:
        """One of STATES."""
        if self.own is None:
            return "missing"
        return "draft" if self.own.draft else "signed"

    @property
    def part(self) -> str:
        """One of PARTS."""
        return part_of(self.context)

    @property
    def said_to_vous(self) -> bool:
        """Whether it is said to somebody we call vous."""
        return self.context.endswith(f"|{VOUS}")


def part_of(context: str) -> str:
    """Tell to which of PARTS a message context belongs."""
    if not context:
        return "pages"
    if context.startswith(("utter_crisis_", "utter_danger", "utter_nine_")):
        return "danger"
    return "choices" if context.endswith(BUTTON) or context.startswith(LABEL) else "chat"


def sentences(catalogs: Catalogs, language: str) -> Iterator[Sentence]:
    """Yield every sentence as a language has it, in the order of the code."""
    stand_in = catalogs.fallback(language) or "fr"
    for number, (context, source) in enumerate(catalogs.sentences):
        own = catalogs.own(context, source, language)
        below = catalogs.find(context, source, stand_in).text
        yield Sentence(number, context, source, own, below)


def coverage(found: Iterable[Sentence]) -> Coverage:
    """Count sentences by their state."""
    states = [sentence.state for sentence in found]
    missing, signed = states.count("missing"), states.count("signed")
    return Coverage(len(states), len(states) - missing, signed)


def by_part(catalogs: Catalogs, language: str) -> dict[str, Coverage]:
    """Return the coverage of each part of a language."""
    found = list(sentences(catalogs, language))
    return {part: coverage(s for s in found if s.part == part) for part in PARTS}


def to_translate(catalogs: Catalogs) -> list[Language]:
    """Return all languages but the source."""
    return [language for code, language in catalogs.languages.items() if code != "fr"]


def status_lines(catalogs: Catalogs, _: Callable[[str], str]) -> Iterator[str]:
    """Yield a table for a terminal: of each language and part the signed, the drafts, the rest."""
    parts, states = part_words(_), state_words(_)
    shown = _("Pages montrées")
    yield f"{_('Langue'):<20}" + "".join(f"{parts[part]:>28}" for part in PARTS) + f"  {shown}"
    heads = f"{states['signed']:>8}{states['draft']:>11}{states['missing']:>9}"
    yield f"{'':<20}" + heads * len(PARTS)
    for language in to_translate(catalogs):
        counts = by_part(catalogs, language.code).values()
        cells = "".join(f"{c.signed:>8}{c.drafts:>11}{c.total - c.translated:>9}" for c in counts)
        name, yes = f"{language.code} {language.name}", _("oui") if language.reviewed else _("non")
        yield f"{name:<20}{cells}  {yes}"
