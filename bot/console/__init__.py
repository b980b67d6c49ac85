"""The console: where social workers see who needs them, and answer.

A new page is a module with ``routes(console)`` and one line in ``build_console``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from bot.channels.invitations import invitation_links
from bot.console import (
    account,
    admin,
    alert_verbs,
    alerts,
    conversations,
    days_off,
    figures,
    handing,
    language,
    person,
    pictures,
    recording,
    referred,
    rota,
    sign_in,
    today,
    translating,
    unclear,
    voice_notes,
)
from bot.console.live import tick_stream
from bot.console.pages import ROOT, Assets, all_pages
from bot.console.visit import Console, session_of
from bot.db.broadcast import Broadcaster
from bot.db.engine import Database
from bot.i18n.wording import Wording
from bot.settings import Settings


def build_console(
    settings: Settings,
    database: Database,
    wording: Wording,
    broadcaster: Broadcaster,
    *,
    clock: Callable[[], datetime],
) -> list[BaseRoute]:
    """Return the console's routes, all under ``/console``.

    Args:
        broadcaster: runs beside them (``Broadcaster.run``), else pages are live by polling only.
        clock: tells the present moment, in UTC.
    """
    console = Console(
        database=database,
        wording=wording,
        translations=all_pages(wording.catalogs),
        broadcaster=broadcaster,
        clock=clock,
        secure=settings.public_url.startswith("https:"),
        invitation_links=partial(invitation_links, settings),
        demo=settings.demo,
    )
    return _routes(console)


def _routes(console: Console) -> list[BaseRoute]:
    """Return the routes of all pages. The first that fits a request answers it."""
    return [
        *sign_in.routes(console),
        *today.routes(console),
        *alerts.routes(console),
        *alert_verbs.routes(console),
        *conversations.routes(console),
        *handing.routes(console),
        *person.routes(console),
        *referred.routes(console),
        *rota.routes(console),
        *translating.routes(console),
        *unclear.routes(console),
        *days_off.routes(console),
        *figures.routes(console),
        *account.routes(console),
        *admin.routes(console),
        *recording.routes(console),
        *pictures.routes(console),
        *voice_notes.routes(console),
        *language.routes(console),
        Route(f"{ROOT}/live", _live(console)),
        Mount(f"{ROOT}/static", Assets(), name="console-static"),
    ]


def _live(console: Console) -> Callable[[Request], Awaitable[Response]]:
    async def live(request: Request) -> Response:
        async def signed_in() -> bool:
            now = console.clock()
            session = await run_in_threadpool(session_of, console, request, now)
            return session is not None and session.wants is None

        if not await signed_in():
            raise HTTPException(401)
        return tick_stream(console.broadcaster, signed_in)

    return live
