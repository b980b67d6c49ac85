"""Kinds of aid that can be asked for."""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine import Row

from bot.console.admin.fields import Field, FieldRefused
from bot.console.admin.table import Desk, Line, Table, Titles, in_languages
from bot.followup import vocabularies
from bot.followup.vocabularies import NameTaken
from bot.i18n.translator import Translate


def _titles(_: Translate) -> Titles:
    return Titles(
        _("Aides"),
        _("Nouvelle aide"),
        _("Les aides que le programme propose quand une personne en demande une."),
    )


def _line(desk: Desk, row: Row) -> Line:
    return Line(row.name, row.for_whom, off=not row.open)


def _fields(desk: Desk, row: Row | None) -> list[Field]:
    _ = desk.translate
    return [
        Field("name", _("Nom"), longest=60),
        in_languages(desk, "name", _("Le nom dans d’autres langues"), 60),
        Field(
            "for_whom",
            _("À qui elle est ouverte"),
            longest=160,
            hint=_("Une phrase que les jeunes lisent."),
        ),
        in_languages(desk, "for_whom", _("Cette phrase dans d’autres langues"), 160),
        Field("open", _("On peut la demander"), "check"),
    ]


def _save(desk: Desk, row: Row | None, values: dict[str, Any]) -> int:
    try:
        return vocabularies.save_aid_kind(desk.connection, row, values)
    except NameTaken:
        raise FieldRefused("name", desk.translate("Ce nom est déjà pris.")) from None


TABLE = Table(
    "aid-kinds",
    _titles,
    vocabularies.aid_kinds,
    vocabularies.get_aid_kind,
    _line,
    _fields,
    _save,
)
