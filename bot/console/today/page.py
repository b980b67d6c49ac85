"""The page of today, which a member of staff opens first and leaves open."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.console.clusters import Cluster, leads, one_page
from bot.console.parts import page_number, unchanged_or
from bot.console.today.item import Item, Look
from bot.console.today.links import list_link
from bot.console.today.sources import SOURCES
from bot.console.visit import Console, Visit, go, guarded
from bot.followup import closing
from bot.followup.access import rights_of
from bot.followup.alerts import get_alert
from bot.followup.reading import mark_read

# Keeps the first page small enough for 2G.
PAGE_SIZE = 25


def routes(console: Console) -> list[BaseRoute]:
    """Return the routes of the page of today."""
    return [
        guarded(console, "", _page),
        guarded(console, "/today", _part, by_itself=True),
        guarded(console, "/today/close", _close, method="POST"),
    ]


def _page(visit: Visit) -> Response:
    if not rights_of(visit.member).cases:
        if visit.member.reviews:
            return go("/translations")
        if rights_of(visit.member).receives:
            return go("/referred")
        if rights_of(visit.member).administers:
            return go("/admin")
        if rights_of(visit.member).figures != "none":
            return go("/figures")
        return visit.page("no_cases.html", status=403)
    closed = visit.query("closed")
    return visit.page("today.html", **_seen(visit), just_closed=closed if closed.isdigit() else "")


def _part(visit: Visit) -> Response:
    return unchanged_or(visit, visit.draw("_today.html", **_seen(visit)))


def _seen(visit: Visit) -> dict[str, Any]:
    show = visit.query("show")
    mine = visit.query("who") == "mine"
    _, say = visit.pages.translate, visit.pages.words
    with visit.console.database.read() as connection:
        look = Look(connection, visit.member, visit.now, say, _)
        found = {source.name: _wanted(source.load(look), mine) for source in SOURCES}
    items = [item for name, rows in found.items() if show in ("", name) for item in rows]
    items.sort(key=lambda item: item.order)
    page = page_number(visit)
    shown = one_page(items, lambda item: item.sign, (page - 1) * PAGE_SIZE, PAGE_SIZE)
    show = show if show in found else ""
    everything = [item for rows in found.values() for item in rows]
    return {
        "groups": [(severity, list(group)) for severity, group in groupby(shown, _severity)],
        # What stands under each heading: a cluster is there where its gravest is.
        "counts": Counter(item.severity for item in leads(items, lambda item: item.sign)),
        "grave": sum(item.severity == "critical" for item in items),
        "filters": [
            ("", _("Tout"), len(everything)),
            *((source.name, source.title(_), len(found[source.name])) for source in SOURCES),
        ],
        "show": show,
        "mine": mine,
        "total": len(items),
        "critical": sum(item.severity == "critical" for item in everything),
        "unread": sum(item.unread for item in items),
        "rings": " ".join(item.key for item in everything if item.rings),
        "page": page,
        "more": len(items) > page * PAGE_SIZE,
        "query": f"page={page}&show={show}&who={'mine' if mine else ''}",
    }


def _wanted(items: list[Item], mine: bool) -> list[Item]:
    return [item for item in items if item.mine] if mine else items


def _severity(row: Item | Cluster[Item]) -> str:
    return row.lead.severity if isinstance(row, Cluster) else row.severity


def _close(visit: Visit) -> Response:
    """End an alert in one tap; one that takes a decision is opened instead."""
    number, _, outcome = visit.form.get("close", "").partition(":")
    if not number.isdecimal() or len(number) > 9:
        raise HTTPException(404)
    alert_id = int(number)
    with visit.console.database.write() as connection:
        found = get_alert(connection, visit.member, alert_id)
        if not closing.may_close_quickly(found, outcome):
            return go(f"/alerts/{alert_id}#close")
        closing.resolve(connection, visit.member, alert_id, outcome, visit.now)
        mark_read(connection, visit.member, "alert", alert_id, visit.now)
    return go(list_link(visit.form, closed=alert_id))
