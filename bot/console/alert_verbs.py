"""What is done with an alert: taken, given away, noted on, escalated, closed, opened again."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.console.alerts import LONGEST_NOTE, alert_page
from bot.console.today.links import list_link
from bot.console.visit import Console, Page, Visit, go, posted
from bot.delivery import staff_alerts
from bot.followup import cases, closing
from bot.followup.closing import Decision


def routes(console: Console) -> list[BaseRoute]:
    """Return the routes of what is done with an alert."""
    verbs: dict[str, Page] = {
        "acknowledge": _acknowledge,
        "assign": _assign,
        "note": _note,
        "escalate": _escalate,
        "close": _close,
        "undo": _undo,
        "reopen": _reopen,
    }
    return posted(console, "/alerts/{id:int}", verbs)


def _acknowledge(visit: Visit) -> Response:
    alert_id = visit.number("id")
    with visit.console.database.write() as connection:
        staff_alerts.acknowledge(
            connection, visit.console.wording, visit.member, alert_id, visit.now
        )
    return go(f"/alerts/{alert_id}")


def _assign(visit: Visit) -> Response:
    _ = visit.pages.translate
    alert_id = visit.number("id")
    colleague = visit.form.get("to", "")
    if not colleague.isdecimal() or len(colleague) > 9:
        error = _("Choisissez d’abord à qui donner l’alerte.")
        return alert_page(visit, error=error, status=422)
    with visit.console.database.write() as connection:
        cases.assign(connection, visit.member, alert_id, int(colleague), visit.now)
    return go(f"/alerts/{alert_id}")


def _note(visit: Visit) -> Response:
    _ = visit.pages.translate
    text = visit.form.get("text", "").strip()
    if not text:
        return _refuse(visit, _("La note est vide."))
    if len(text) > LONGEST_NOTE:
        return _refuse(visit, _too_long(visit))
    with visit.console.database.write() as connection:
        cases.note(connection, visit.member, visit.number("id"), text, visit.now)
    return go(f"/alerts/{visit.number('id')}")


def _escalate(visit: Visit) -> Response:
    alert_id = visit.number("id")
    with visit.console.database.write() as connection:
        cases.escalate(connection, visit.member, alert_id, visit.now)
    return go(f"/alerts/{alert_id}")


def _close(visit: Visit) -> Response:
    _ = visit.pages.translate
    alert_id = visit.number("id")
    outcome, note = visit.form.get("outcome", ""), visit.form.get("note", "").strip()
    if outcome not in closing.OUTCOMES:
        return _refuse(visit, _("Choisissez d’abord comment cela se termine."))
    if len(note) > LONGEST_NOTE or len(visit.form.get("reason", "")) > LONGEST_NOTE:
        return _refuse(visit, _too_long(visit))
    decision = _decision(visit)
    if visit.form.get("decision") and decision is None and outcome != "false_alarm":
        return _refuse(visit, _decision_missing(visit))
    try:
        with visit.console.database.write() as connection:
            closing.resolve(
                connection,
                visit.member,
                alert_id,
                outcome,
                visit.now,
                note=note or None,
                decision=decision,
            )
    except closing.DecisionMissing:
        return _refuse(visit, _decision_missing(visit))
    return go(f"?closed={alert_id}")


def _decision_missing(visit: Visit) -> str:
    _ = visit.pages.translate
    return _("Dites aussi si c’est signalé aux autorités, et pourquoi.")


def _decision(visit: Visit) -> Decision | None:
    decision, reason = visit.form.get("decision", ""), visit.form.get("reason", "")
    if decision not in closing.DECISIONS or not reason.strip():
        return None
    return Decision(decision, reason)


def _undo(visit: Visit) -> Response:
    alert_id = visit.number("id")
    try:
        with visit.console.database.write() as connection:
            undone = closing.undo(connection, visit.member, alert_id, visit.now)
    except closing.AlreadyOpen as open_already:
        return go(f"/alerts/{open_already.alert_id}")
    return go(list_link(visit.form) if undone else f"/alerts/{alert_id}")


def _reopen(visit: Visit) -> Response:
    alert_id = visit.number("id")
    try:
        with visit.console.database.write() as connection:
            closing.reopen(connection, visit.member, alert_id, visit.now)
    except closing.AlreadyOpen as open_already:
        return go(f"/alerts/{open_already.alert_id}")
    return go(f"/alerts/{alert_id}")


def _refuse(visit: Visit, error: str) -> Response:
    """Show the alert again, with what was written."""
    return alert_page(visit, error=error, written=dict(visit.form), status=422)


def _too_long(visit: Visit) -> str:
    _ = visit.pages.translate
    return _("La note est trop longue : {length} signes au plus.").format(length=LONGEST_NOTE)
