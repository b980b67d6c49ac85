"""Giving a conversation over to a colleague, and sharing the case it is about."""

from __future__ import annotations

from sqlalchemy.engine import Connection
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.console.conversations import Refusal, conversation_page
from bot.console.fields import id_in
from bot.console.visit import Console, Visit, go, guarded
from bot.delivery.staff_replies import announce_takeover
from bot.followup.access import NotAllowed, readable_conversation
from bot.followup.sharing import hand_over, share_case, unshare_case


def routes(console: Console) -> list[BaseRoute]:
    """Return the routes by which colleagues come in."""
    path = "/conversations/{id:int}"
    return [
        guarded(console, f"{path}/hand-over", _hand_over, method="POST"),
        guarded(console, f"{path}/share", _share, method="POST"),
        guarded(console, f"{path}/unshare", _unshare, method="POST"),
    ]


def _hand_over(visit: Visit) -> Response:
    _ = visit.pages.translate
    conversation_id = visit.number("id")
    try:
        with visit.console.database.write() as connection:
            readable_conversation(connection, visit.member, conversation_id)
            colleague = hand_over(
                connection, visit.member, conversation_id, _colleague(visit), visit.now
            )
            announce_takeover(
                connection, colleague, conversation_id, visit.console.wording, visit.now
            )
    except NotAllowed:
        reason = _(
            "La conversation n’a pas été passée : elle n’est plus à vous, ou il manque à qui."
        )
        return conversation_page(visit, refusal=Refusal(reason), status=409)
    return go("")


def _share(visit: Visit) -> Response:
    with visit.console.database.write() as connection:
        share_case(
            connection, visit.member, _person(connection, visit), _colleague(visit), visit.now
        )
    return go(f"/conversations/{visit.number('id')}")


def _unshare(visit: Visit) -> Response:
    with visit.console.database.write() as connection:
        unshare_case(
            connection, visit.member, _person(connection, visit), _colleague(visit), visit.now
        )
    return go(f"/conversations/{visit.number('id')}")


def _person(connection: Connection, visit: Visit) -> int:
    talk = readable_conversation(connection, visit.member, visit.number("id"))
    if talk.person_id is None:
        raise NotAllowed("nobody's case")
    return talk.person_id


def _colleague(visit: Visit) -> int:
    number = id_in(visit.form.get("to", ""))
    if number is None:
        raise NotAllowed("no colleague")
    return number
