"""How the work of a structure goes: for supervisors with names, for observers without."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.console.bars import draw_bars
from bot.console.visit import Console, Visit, go, guarded
from bot.console.words import Words
from bot.followup import audit
from bot.followup.access import rights_of
from bot.followup.alerts import SEVERITIES
from bot.followup.overview import FEW, PERIODS, Overview, overview_of
from bot.followup.second_step import check_code, is_on
from bot.followup.staff import structure_of_member
from bot.i18n.translator import Translate
from bot.sheets import FORMATS, sheet_bytes

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def routes(console: Console) -> list[BaseRoute]:
    """Return the routes of the figures."""
    return [
        guarded(console, "/figures", _page),
        guarded(console, "/figures/export", _export, method="POST"),
    ]


def _page(visit: Visit, *, refused: bool = False) -> Response:
    days = _days(visit.form.get("days") or visit.query("days"))
    with visit.console.database.turn() as connection:
        figures = overview_of(connection, visit.member, days, visit.now)
        home = structure_of_member(connection, visit.member)
        audit.record_reading(connection, visit.member, "figures", home.id, visit.now)
    names = rights_of(visit.member).figures == "names"
    counts = [(bucket.first, bucket.counts) for bucket in figures.buckets]
    return visit.page(
        "figures.html",
        status=422 if refused else 200,
        figures=figures,
        home=home,
        names=names,
        days=days,
        periods=PERIODS,
        few=FEW,
        chart=draw_bars(counts, SEVERITIES),
        severities=SEVERITIES,
        languages=visit.console.wording.catalogs.languages,
        asks_code=not (visit.console.demo and not is_on(visit.member)),
        has_code=is_on(visit.member),
        refused=refused,
    )


def _export(visit: Visit) -> Response:
    """Give the figures as a spreadsheet, for a code of the second step given with the form."""
    kind = visit.form.get("kind", "")
    days = _days(visit.form.get("days", ""))
    with visit.console.database.read() as connection:
        figures = overview_of(connection, visit.member, days, visit.now)
        home = structure_of_member(connection, visit.member)
    if kind not in FORMATS:
        return go(f"/figures?days={days}")
    if not is_on(visit.member):
        if not visit.console.demo:
            return go("/account?missing=code")
    elif not _right_code(visit):
        return _page(visit, refused=True)
    _ = visit.pages.translate
    columns = (_("Tableau"), _("Ligne"), _("Mesure"), _("Valeur"))
    data = sheet_bytes(kind, columns, _rows(figures, visit.pages.words, _))
    with visit.console.database.write() as connection:
        audit.record_by(connection, visit.member, "figures.export", "structure", home.id, visit.now)
    name = f"{visit.now:%Y-%m-%d}-{days}.{kind}"
    return Response(
        data,
        media_type=_TYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _right_code(visit: Visit) -> bool:
    with visit.console.database.write() as connection:
        return check_code(connection, visit.member.id, visit.form.get("code", ""), visit.now)


def _rows(figures: Overview, say: Words, _: Translate) -> Iterator[tuple[Any, ...]]:
    load = _("Charge de l’équipe")
    for number, each in enumerate(figures.load, start=1):
        line = each.name or _("{role} {n}").format(role=say.role(each.role), n=number)
        yield load, line, _("Dossiers"), each.cases
        yield load, line, _("Alertes ouvertes"), each.alerts
        yield load, line, _("Conversations prises"), each.conversations
        yield load, line, _("Attente la plus longue (minutes)"), _minutes(each.longest_wait)
    waits = _("Attente d’une personne")
    for wait in figures.waits:
        line = say.severity(wait.severity)
        yield waits, line, _("Alertes vues"), wait.seen_to
        yield waits, line, _("Médiane (minutes)"), _minutes(wait.median)
        yield waits, line, _("90 % sont vues en (minutes)"), _minutes(wait.ninetieth)
        yield waits, line, _("Attendent encore"), wait.still
    subjects = _("Alertes par sujet")
    for subject in figures.subjects:
        count = _few(_) if subject.count is None else subject.count
        yield subjects, say.subject(subject), _("Alertes"), count
    opened = _("Alertes dans le temps")
    for bucket in figures.buckets:
        for severity in SEVERITIES:
            yield opened, bucket.first, say.severity(severity), bucket.counts.get(severity, 0)
    rest = _("Autres")
    yield rest, _("Alertes ouvertes après la date promise"), _("Alertes"), figures.overdue_count
    yield rest, _("Messages reçus"), _("Messages"), figures.messages
    for language, count in figures.misunderstood:
        yield rest, _("Messages pas compris"), language, count


def _few(_: Translate) -> str:
    return _("moins de {n}").format(n=FEW)


def _minutes(length: timedelta | None) -> int | None:
    return None if length is None else int(length.total_seconds() // 60)


def _days(text: str) -> int:
    return next((days for days in PERIODS if str(days) == text), 30)
