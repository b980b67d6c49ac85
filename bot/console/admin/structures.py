"""The structures: what a phone shows of them, where they are, when somebody is there."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Row

from bot.console.admin.fields import Field, FieldRefused
from bot.console.admin.table import Desk, Line, Table, Titles
from bot.console.admin.words import COUNTRIES
from bot.followup import structures
from bot.followup.days_off import coming_closed_days
from bot.followup.structures import StructureRefused
from bot.i18n.translator import Translate

# Where the work is, and where it may come to be: others come with a spreadsheet.
_ZONES = (
    "Africa/Abidjan",
    "Africa/Accra",
    "Africa/Bamako",
    "Africa/Conakry",
    "Africa/Monrovia",
    "Africa/Ouagadougou",
)
# What no phone may show (safeguarding 1).
_BETRAYS = ("akoma", "cacao", "cocoa", "trafic", "traite", "protection")


def _titles(_: Translate) -> Titles:
    return Titles(
        _("Structures"),
        _("Nouvelle structure"),
        _("Les centres, le nom que les téléphones montrent, et les heures où quelqu’un est là."),
    )


def _line(desk: Desk, row: Row) -> Line:
    _ = desk.translate
    today = desk.now.astimezone(ZoneInfo(row.timezone)).date()
    closed = coming_closed_days(row, today)
    detail = f"« {row.visible_name} » · {desk.tell.country(row.country)}"
    if closed and closed[0][0] == today:
        detail += " · " + _("fermé aujourd’hui")
    warns = "" if row.duty_hours else _("Aucune heure notée : personne n’est jamais là.")
    return Line(row.name, detail, warns)


def _fields(desk: Desk, row: Row | None) -> list[Field]:
    _ = desk.translate
    zones = {zone: zone for zone in (*_ZONES, *([row.timezone] if row is not None else []))}
    codes = (*COUNTRIES, *([row.country] if row is not None else []))
    countries = {code: desk.tell.country(code) for code in codes}
    return [
        Field("name", _("Nom, pour l’équipe"), longest=120),
        Field(
            "visible_name",
            _("Nom que les téléphones montrent"),
            longest=60,
            hint=_("Il ne doit rien dire de l’aide reçue : « Infos école » va bien."),
        ),
        Field("country", _("Pays"), "choice", options=countries),
        Field("timezone", _("Fuseau horaire"), "choice", options=zones),
        Field(
            "duty_hours",
            _("Quelqu’un est au bureau"),
            "week",
            required=False,
            hint=_("Un jour vide est un jour fermé. Les réponses sont promises pour ces heures."),
        ),
        Field(
            "on_call_hours",
            _("Quelqu’un est de garde"),
            "week",
            required=False,
            hint=_("Une fin avant le début passe la nuit."),
        ),
    ]


def _save(desk: Desk, row: Row | None, values: dict[str, Any]) -> int:
    _ = desk.translate
    if any(word in values["visible_name"].casefold() for word in _BETRAYS):
        reason = _("Ce nom dit trop : une personne qui prend le téléphone le comprendrait.")
        raise FieldRefused("visible_name", reason)
    try:
        return structures.save_structure(desk.connection, row.id if row else None, values)
    except StructureRefused:
        raise FieldRefused("name", _("Ce nom est déjà pris.")) from None


TABLE = Table(
    "structures",
    _titles,
    structures.all_structures,
    structures.get_structure,
    _line,
    _fields,
    _save,
    aside="_admin_structure.html",
)
