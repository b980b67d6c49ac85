"""All alerts, open or closed, and one alert: what happened, who has it. Verbs: ``alert_verbs``."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import partial
from itertools import groupby
from typing import Any

from sqlalchemy.engine import Connection, Row
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.console.clusters import Cluster, leads, one_page, sign_of
from bot.console.parts import page_number, unchanged_or
from bot.console.visit import Console, Visit, guarded
from bot.followup import audit, closing, consent
from bot.followup.access import may_read_person, rights_of
from bot.followup.alerts import (
    count_alerts,
    get_alert,
    history,
    list_alerts,
    who_may_take,
)
from bot.followup.days_off import leave_near
from bot.followup.reading import mark_read

# Keeps the page small enough for 2G.
PAGE_SIZE = 30
LONGEST_NOTE = 2000


def routes(console: Console) -> list[BaseRoute]:
    """Return the routes of the alerts."""
    return [
        guarded(console, "/alerts", _list_page),
        guarded(console, "/alerts/list", _list_part, by_itself=True),
        guarded(console, "/alerts/{id:int}", alert_page),
    ]


def _list_page(visit: Visit) -> Response:
    if not rights_of(visit.member).cases:
        return visit.page("no_cases.html", status=403)
    return visit.page("alerts.html", **_listed(visit))


def _list_part(visit: Visit) -> Response:
    return unchanged_or(visit, visit.draw("_alerts.html", **_listed(visit)))


def _listed(visit: Visit) -> dict[str, Any]:
    state = "resolved" if visit.query("show") == "closed" else "unresolved"
    page = page_number(visit)
    with visit.console.database.read() as connection:
        listed = (_closed if state == "resolved" else _open)(connection, visit, page)
        counts = count_alerts(connection, visit.member)
    return {
        **listed,
        "state": state,
        "groups": [
            (severity, list(group)) for severity, group in groupby(listed["alerts"], _severity)
        ],
        "grave": counts.get("critical", 0),
        "total": sum(counts.values()),
        "page": page,
        "query": f"page={page}&show={'closed' if state == 'resolved' else 'open'}",
    }


def _closed(connection: Connection, visit: Visit, page: int) -> dict[str, Any]:
    """Return one page of the alerts that are closed."""
    start = (page - 1) * PAGE_SIZE
    rows = list_alerts(
        connection, visit.member, state="resolved", limit=PAGE_SIZE + 1, offset=start
    )
    return {"alerts": rows[:PAGE_SIZE], "more": len(rows) > PAGE_SIZE}


def _open(connection: Connection, visit: Visit, page: int) -> dict[str, Any]:
    """Return one page of those that are not, and how many stand under each heading."""
    # What belongs together may stand pages apart: all are looked at.
    every = list_alerts(connection, visit.member)
    sign = partial(sign_of, timezone=visit.member.timezone)
    start = (page - 1) * PAGE_SIZE
    return {
        "alerts": one_page(every, sign, start, PAGE_SIZE),
        "more": len(every) > start + PAGE_SIZE,
        # A cluster stands where its gravest is.
        "counts": Counter(row.severity for row in leads(every, sign)),
    }


def _severity(row: Row | Cluster[Row]) -> str:
    return row.lead.severity if isinstance(row, Cluster) else row.severity


def alert_page(
    visit: Visit, *, error: str = "", written: dict[str, str] | None = None, status: int = 200
) -> Response:
    """Show one alert.

    Args:
        error: why the form was not accepted.
        written: the form's fields, so that nothing is lost.
    """
    alert_id = visit.number("id")
    with visit.console.database.turn() as connection:
        alert = get_alert(connection, visit.member, alert_id)
        events = history(connection, alert_id)
        decision = closing.decision_of(connection, alert_id)
        colleagues = who_may_take(connection, alert)
        away = leave_near(connection, colleagues, visit.today)
        reads_file = may_read_person(connection, visit.member, alert.person_id)
        audit.record_reading(connection, visit.member, "alert", alert_id, visit.now)
        mark_read(
            connection,
            visit.member,
            "alert",
            alert_id,
            visit.now,
            changed_at=alert.changed_at,
        )
    return visit.page(
        "alert.html",
        status=status,
        alert=alert,
        events=events,
        decision=decision,
        reads_file=reads_file,
        asks_decision=closing.wants_decision(alert) and decision is None,
        colleagues=[member for member in colleagues if member.id != alert.assigned_to],
        away=away,
        may_undo=_may_undo(visit, alert, events),
        error=error,
        written=defaultdict(str, written or {}),
        longest_note=LONGEST_NOTE,
        codes_are_locked=alert.code_failures >= consent.MAXIMUM_CODE_FAILURES,
    )


def _may_undo(visit: Visit, alert: Row, events: list[Row]) -> bool:
    if alert.resolved_at is None or visit.now - alert.resolved_at > closing.UNDO_WITHIN:
        return False
    return events[-1].verb == "resolved" and events[-1].staff_id == visit.member.id
