"""The telephone lines that crisis replies name. A wrong number can cost a life."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from sqlalchemy.engine import Row
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.console.admin.fields import Field, FieldRefused
from bot.console.admin.table import Desk, Line, Table, Titles, check
from bot.console.visit import Console, Visit, go, guarded
from bot.followup import audit, helplines
from bot.followup.helplines import AUDIENCES, GOOD_FOR, HelplineTaken
from bot.i18n.translator import Translate

_NUMBER = re.compile(r"\+?\d[\d ]{1,18}\d|\d{3}")


def routes(console: Console) -> list[BaseRoute]:
    """Return the route by which a line is noted as dialled today."""
    return [guarded(console, "/admin/helplines/{id:int}/verified", _verified, method="POST")]


def _verified(visit: Visit) -> Response:
    check(visit)
    with visit.console.database.write() as connection:
        line = helplines.get_helpline(connection, visit.number("id"))
        helplines.note_verified(connection, line.id, visit.now)
        audit.record_by(
            connection, visit.member, "helplines.verified", "helplines", line.id, visit.now
        )
    return go(f"/admin/helplines?done={line.id}")


def _titles(_: Translate) -> Titles:
    return Titles(
        _("Lignes d’aide"),
        _("Nouvelle ligne"),
        _(
            "Les numéros que le programme donne en cas de danger. Appelez chacun tous les 90 jours,"
            " puis notez le jour."
        ),
    )


def _line(desk: Desk, row: Row) -> Line:
    _ = desk.translate
    who = desk.tell.audience(row.audience)
    detail = " · ".join(filter(None, (desk.tell.country(row.country), who, row.hours)))
    age = desk.now.date() - row.last_verified
    warns = ""
    if row.active and age > GOOD_FOR:
        warns = _("À appeler : pas vérifiée depuis {n} jours.").format(n=age.days)
    return Line(row.number, detail, warns, off=not row.active)


def _fields(desk: Desk, row: Row | None) -> list[Field]:
    _ = desk.translate
    return [
        Field("number", _("Numéro"), longest=20),
        Field("country", _("Pays"), "choice", options=desk.tell.countries),
        Field(
            "audience",
            _("Pour quelles personnes"),
            "choice",
            options={code: desk.tell.audience(code) for code in AUDIENCES},
        ),
        Field(
            "categories",
            _("Pour quels dangers"),
            "several",
            options=desk.say.dangers,
            hint=_("Aucun coché : pour tous."),
        ),
        Field("free", _("L’appel est gratuit"), "check"),
        Field("hours", _("Heures"), required=False, longest=40, hint=_("24/7, ou en mots.")),
        Field("language", _("Langue"), "choice", options={"fr": "français", "en": "English"}),
        Field(
            "source",
            _("D’où vient ce numéro"),
            longest=200,
            hint=_("Une adresse web, ou qui a appelé."),
        ),
        Field("last_verified", _("Vérifiée le"), "day"),
        Field("active", _("Donner ce numéro"), "check"),
    ]


def _save(desk: Desk, row: Row | None, values: dict[str, Any]) -> int:
    _ = desk.translate
    if not _NUMBER.fullmatch(values["number"]):
        raise FieldRefused("number", _("Un numéro : des chiffres et des espaces."))
    if values["last_verified"] > desk.now.date() + timedelta(days=1):
        raise FieldRefused("last_verified", _("Ce jour n’est pas encore venu."))
    try:
        return helplines.save_helpline(desk.connection, row, values, desk.member.id, desk.now)
    except HelplineTaken:
        reason = _("Ce pays a déjà ce numéro, pour les mêmes personnes.")
        raise FieldRefused("number", reason) from None


def _shows(desk: Desk, row: Row) -> dict[str, Any]:
    return {"changes": helplines.number_changes(desk.connection, row.id)}


TABLE = Table(
    "helplines",
    _titles,
    helplines.all_helplines,
    helplines.get_helpline,
    _line,
    _fields,
    _save,
    aside="_admin_helpline.html",
    shows=_shows,
)
