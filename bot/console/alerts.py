"""The list of alerts, and one alert: what happened, who has it, how it ends."""

from __future__ import annotations

import hashlib
from itertools import groupby
from typing import Any

from sqlalchemy.engine import Row
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute

from bot.console.visit import Console, Visit, go, guarded
from bot.followup import audit, cases
from bot.followup.access import rights_of
from bot.followup.alerts import SEVERITIES, count_alerts, get_alert, history, list_alerts

# Keeps the first page small enough for 2G.
PAGE_SIZE = 30
LONGEST_NOTE = 2000


def routes(console: Console) -> list[BaseRoute]:
    """Return the routes of the alerts."""
    return [
        guarded(console, "", _list_page),
        guarded(console, "/list", _list_part, by_itself=True),
        guarded(console, "/alerts/{id:int}", _alert_page),
        guarded(console, "/alerts/{id:int}/acknowledge", _acknowledge, method="POST"),
        guarded(console, "/alerts/{id:int}/close", _close, method="POST"),
        guarded(console, "/alerts/{id:int}/reopen", _reopen, method="POST"),
    ]


def unchanged_or(visit: Visit, part: str) -> Response:
    """Answer with a part of a page, or with 304 where the page shows just that already."""
    etag = f'"{hashlib.sha256(part.encode()).hexdigest()[:16]}"'
    if visit.request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers={"ETag": etag})
    return HTMLResponse(part, headers={"ETag": etag})


def _list_page(visit: Visit) -> Response:
    if not rights_of(visit.member).cases:
        return visit.page("no_cases.html", status=403)
    closed = visit.query("closed")
    return visit.page(
        "alerts.html", **_listed(visit), just_closed=closed if closed.isdigit() else ""
    )


def _list_part(visit: Visit) -> Response:
    return unchanged_or(visit, visit.draw("_alerts.html", **_listed(visit)))


def _listed(visit: Visit) -> dict[str, Any]:
    state = "resolved" if visit.query("show") == "closed" else "unresolved"
    number = visit.query("page")
    page = max(1, int(number)) if number.isdecimal() and len(number) < 6 else 1
    with visit.console.database.read() as connection:
        alerts = list_alerts(
            connection,
            visit.member,
            state=state,
            limit=PAGE_SIZE + 1,
            offset=(page - 1) * PAGE_SIZE,
        )
        counts = count_alerts(connection, visit.member)
    shown = alerts[:PAGE_SIZE]
    return {
        "state": state,
        "alerts": shown,
        "groups": [(severity, list(group)) for severity, group in groupby(shown, _severity)],
        "counts": {severity: counts.get(severity, 0) for severity in SEVERITIES},
        "total": sum(counts.values()),
        "page": page,
        "more": len(alerts) > PAGE_SIZE,
        "query": f"page={page}&show={'closed' if state == 'resolved' else 'open'}",
    }


def _severity(alert: Row) -> str:
    return alert.severity


def _alert_page(visit: Visit, *, error: str = "", note: str = "", status: int = 200) -> Response:
    alert_id = visit.number("id")
    with visit.console.database.turn() as connection:
        alert = get_alert(connection, visit.member, alert_id)
        events = history(connection, alert_id)
        audit.record_reading(connection, visit.member, "alert", alert_id, visit.now)
    return visit.page(
        "alert.html",
        status=status,
        alert=alert,
        events=events,
        error=error,
        note=note,
        longest_note=LONGEST_NOTE,
    )


def _acknowledge(visit: Visit) -> Response:
    alert_id = visit.number("id")
    with visit.console.database.write() as connection:
        cases.acknowledge(connection, visit.member, alert_id, visit.now)
    return go(f"/alerts/{alert_id}")


def _close(visit: Visit) -> Response:
    _ = visit.console.pages.translate
    alert_id = visit.number("id")
    outcome, note = visit.form.get("outcome", ""), visit.form.get("note", "").strip()
    if outcome not in cases.OUTCOMES:
        error = _("Choisissez d’abord comment cela se termine.")
        return _alert_page(visit, error=error, note=note, status=422)
    if len(note) > LONGEST_NOTE:
        error = _("La note est trop longue : {length} signes au plus.").format(length=LONGEST_NOTE)
        return _alert_page(visit, error=error, note=note, status=422)
    with visit.console.database.write() as connection:
        cases.resolve(connection, visit.member, alert_id, outcome, visit.now, note=note or None)
    return go(f"?closed={alert_id}")


def _reopen(visit: Visit) -> Response:
    alert_id = visit.number("id")
    try:
        with visit.console.database.write() as connection:
            cases.reopen(connection, visit.member, alert_id, visit.now)
    except cases.AlreadyOpen as open_already:
        return go(f"/alerts/{open_already.alert_id}")
    return go(f"/alerts/{alert_id}")
