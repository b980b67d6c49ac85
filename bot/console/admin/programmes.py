"""Training programmes of the structures."""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine import Row

from bot.console.admin.fields import Field, FieldRefused
from bot.console.admin.table import Desk, Line, Table, Titles, in_languages
from bot.followup import vocabularies
from bot.followup.structures import all_structures
from bot.followup.vocabularies import NameTaken
from bot.i18n.translator import Translate


def _titles(_: Translate) -> Titles:
    return Titles(
        _("Formations"),
        _("Nouvelle formation"),
        _("Les formations que les jeunes peuvent demander."),
    )


def _line(desk: Desk, row: Row) -> Line:
    _ = desk.translate
    places = _("{n} places").format(n=row.places_left)
    if row.places_left == 1:
        places = _("1 place")
    warns = ""
    if row.open and row.starts_on is not None and row.starts_on < desk.now.date():
        warns = _("Le premier jour est passé : fermez-la, ou changez le jour.")
    detail = f"{row.structure_name} · {row.place}, {row.town} · {places}"
    return Line(row.title, detail, warns, off=not row.open)


def _fields(desk: Desk, row: Row | None) -> list[Field]:
    _ = desk.translate
    homes = {str(home.id): home.name for home in all_structures(desk.connection)}
    return [
        Field("structure_id", _("Structure"), "choice", options=homes, numbers=True),
        Field("title", _("Titre")),
        in_languages(desk, "title", _("Le titre dans d’autres langues"), 80),
        Field("trade", _("Métier"), longest=40, hint=_("En un mot : couture, mécanique…")),
        Field("place", _("Lieu")),
        Field("town", _("Ville"), longest=60),
        Field(
            "starts_on",
            _("Premier jour"),
            "day",
            required=False,
            hint=_("Vide : on peut commencer à tout moment."),
        ),
        Field("places_left", _("Places libres"), "number"),
        Field("minimum_age", _("Âge minimum"), "number", least=14, most=30),
        Field("open", _("On peut la demander"), "check"),
    ]


def _save(desk: Desk, row: Row | None, values: dict[str, Any]) -> int:
    try:
        return vocabularies.save_programme(desk.connection, row, values)
    except NameTaken:
        reason = desk.translate("Cette structure a déjà une formation de ce titre.")
        raise FieldRefused("title", reason) from None


TABLE = Table(
    "programmes",
    _titles,
    vocabularies.programmes,
    vocabularies.get_programme,
    _line,
    _fields,
    _save,
)
