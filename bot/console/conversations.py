"""A conversation as staff see it: the thread, whose phone it is, and the reply in place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Literal

from sqlalchemy.engine import Connection, Row
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.console.contact import contact_facts
from bot.console.parts import unchanged_or
from bot.console.visit import Console, Visit, go, guarded
from bot.delivery.staff_replies import (
    MAXIMUM_LENGTH,
    TextBetrays,
    announce_hand_back,
    announce_takeover,
    send_reply,
)
from bot.delivery.thread import Line, read_thread
from bot.followup import audit, conversations
from bot.followup.access import NotAllowed, readable_conversation
from bot.followup.alerts import alerts_of_conversation
from bot.followup.consent import person_named
from bot.followup.reading import mark_read
from bot.followup.staff import shown_name

PAGE_SIZE = 50
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MICROSECOND = timedelta(microseconds=1)

# Who answers: the programme, the reader of the page, or a colleague.
Owner = Literal["bot", "me", "colleague"]


@dataclass(frozen=True)
class Refusal:
    """Why something was not done, and the text that did not leave."""

    reason: str
    text: str = ""


def routes(console: Console) -> list[BaseRoute]:
    """Return the routes of a conversation."""
    path = "/conversations/{id:int}"
    return [
        guarded(console, path, _page),
        guarded(console, f"{path}/thread", _thread_part, by_itself=True),
        guarded(console, f"{path}/take-over", _take_over, method="POST"),
        guarded(console, f"{path}/reply", _reply, method="POST"),
        guarded(console, f"{path}/hand-back", _hand_back, method="POST"),
    ]


def _page(visit: Visit, *, refusal: Refusal | None = None, status: int = 200) -> Response:
    conversation_id = visit.number("id")
    with visit.console.database.turn() as connection:
        thread = _thread(connection, visit)
        talk = thread["talk"]
        someone = person_named(connection, talk.person_id)
        alerts = alerts_of_conversation(connection, visit.member, conversation_id)
    return visit.page(
        "conversation.html",
        status=status,
        **thread,
        someone=someone,
        facts=contact_facts(visit, talk, someone),
        alerts=alerts,
        refusal=refusal,
        longest_text=MAXIMUM_LENGTH,
    )


def _thread_part(visit: Visit) -> Response:
    with visit.console.database.turn() as connection:
        thread = _thread(connection, visit)
    return unchanged_or(visit, visit.draw("_thread.html", **thread))


def _thread(connection: Connection, visit: Visit) -> dict[str, Any]:
    conversation_id = visit.number("id")
    talk = readable_conversation(connection, visit.member, conversation_id)
    before = _moment(visit.query("before"))
    lines = read_thread(
        connection, visit.member, conversation_id, before=before, limit=PAGE_SIZE + 1
    )
    audit.record_reading(connection, visit.member, "conversation", conversation_id, visit.now)
    if before is None:
        changed_at = talk.last_inbound_at
        mark_read(
            connection,
            visit.member,
            "conversation",
            conversation_id,
            visit.now,
            changed_at=changed_at,
        )
    older = None
    if len(lines) > PAGE_SIZE:
        # A message and its reply may share their moment: the page before takes up both.
        lines = [line for line in lines if line.at > lines[0].at] or lines
        older = _number(lines[0])
    return {
        "talk": talk,
        "lines": lines,
        "older": older,
        "is_newest": before is None,
        "owner": _owner(talk, visit.member),
        "owner_name": shown_name(connection, talk.owner_id),
    }


def _take_over(visit: Visit) -> Response:
    _ = visit.console.pages.translate
    conversation_id = visit.number("id")
    try:
        with visit.console.database.write() as connection:
            if conversations.take_over(connection, visit.member, conversation_id):
                announce_takeover(
                    connection, visit.member, conversation_id, visit.console.wording, visit.now
                )
                _record(connection, visit, "take_over")
    except NotAllowed:
        return _page(visit, refusal=Refusal(_("Quelqu’un de l’équipe répond déjà.")), status=409)
    return _to_the_newest(conversation_id)


def _reply(visit: Visit) -> Response:
    _ = visit.console.pages.translate
    conversation_id = visit.number("id")
    text = visit.form.get("text", "").replace("\r\n", "\n").strip()
    if not 0 < len(text) <= MAXIMUM_LENGTH:
        reason = _("Un message a de 1 à {length} signes.").format(length=MAXIMUM_LENGTH)
        return _page(visit, refusal=Refusal(reason, text), status=422)
    try:
        with visit.console.database.write() as connection:
            readable_conversation(connection, visit.member, conversation_id)
            send_reply(
                connection,
                visit.member,
                conversation_id,
                text,
                visit.console.wording,
                visit.now,
            )
    except NotAllowed:
        reason = _("Ce texte n’est pas parti : la conversation n’est plus à vous.")
        return _page(visit, refusal=Refusal(reason, text), status=409)
    except TextBetrays as betrays:
        reason = _(
            "Le début s’affiche sur l’écran verrouillé, et quelqu’un d’autre peut le lire. "
            "Mots à ne pas mettre au début : {words}."
        ).format(words=", ".join(betrays.words))
        return _page(visit, refusal=Refusal(reason, text), status=422)
    return _to_the_newest(conversation_id)


def _hand_back(visit: Visit) -> Response:
    _ = visit.console.pages.translate
    conversation_id = visit.number("id")
    try:
        with visit.console.database.write() as connection:
            conversations.hand_back(connection, visit.member, conversation_id)
            announce_hand_back(
                connection, visit.member, conversation_id, visit.console.wording, visit.now
            )
            _record(connection, visit, "hand_back")
    except NotAllowed:
        reason = _("La conversation n’est plus à vous.")
        return _page(visit, refusal=Refusal(reason), status=409)
    return _to_the_newest(conversation_id)


def _record(connection: Connection, visit: Visit, verb: str) -> None:
    action = f"conversation.{verb}"
    audit.record_by(connection, visit.member, action, "conversation", visit.number("id"), visit.now)


def _to_the_newest(conversation_id: int) -> Response:
    return go(f"/conversations/{conversation_id}#newest")


def _owner(talk: Row, member: Row) -> Owner:
    if talk.owner_id is None:
        return "bot"
    return "me" if talk.owner_id == member.id else "colleague"


def _moment(text: str) -> datetime | None:
    """Read the moment in an address (microseconds since 1970)."""
    if not text:
        return None
    if not text.isdecimal() or len(text) > len("9999999999999999"):
        raise HTTPException(404)
    return _EPOCH + int(text) * _MICROSECOND


def _number(line: Line) -> int:
    return (line.at - _EPOCH) // _MICROSECOND
