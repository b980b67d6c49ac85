"""A conversation as staff see it: the thread, whose phone it is, and the reply in place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy.engine import Connection, Row
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.console.canned import NEUTRAL, canned_replies
from bot.console.contact import contact_facts, digest_of
from bot.console.fields import moment_at, number_of
from bot.console.parts import unchanged_or
from bot.console.visit import Console, Visit, go, guarded
from bot.delivery.holding import is_frozen
from bot.delivery.staff_replies import (
    MAXIMUM_LENGTH,
    TextBetrays,
    TextIsSecret,
    announce_hand_back,
    announce_takeover,
    send_reply,
)
from bot.delivery.thread import Line, read_thread
from bot.followup import audit, conversations
from bot.followup.access import NotAllowed, may_read_person, readable_conversation
from bot.followup.alerts import alerts_of_conversation
from bot.followup.consent import person_named
from bot.followup.days_off import leave_near
from bot.followup.freezing import Freeze, frozen_around
from bot.followup.notes import LONGEST_NOTE, add_note, notes_of
from bot.followup.reading import mark_read
from bot.followup.sharing import colleagues_of, may_relieve, relieve, shared_with
from bot.followup.staff import shown_name
from bot.followup.typing import say_typing, stop_typing, who_types

PAGE_SIZE = 50
NOTES_SHOWN = 2

# Who answers: the programme, the reader of the page, or a colleague.
Owner = Literal["bot", "me", "colleague"]


@dataclass(frozen=True)
class Refusal:
    """Why something was not done, and the text that did not leave.

    ``asks``: nothing forbids it; it leaves if the member says so once more.
    """

    reason: str
    text: str = ""
    asks: bool = False


class _SpeaksAgainst(Exception):
    """Something binds that speaks against it: whoever writes is asked once."""


def routes(console: Console) -> list[BaseRoute]:
    """Return the routes of a conversation."""
    path = "/conversations/{id:int}"
    return [
        guarded(console, path, conversation_page),
        guarded(console, f"{path}/thread", _thread_part, by_itself=True),
        guarded(console, f"{path}/take-over", _take_over, method="POST"),
        guarded(console, f"{path}/reply", _reply, method="POST"),
        guarded(console, f"{path}/hand-back", _hand_back, method="POST"),
        guarded(console, f"{path}/note", _note, method="POST"),
        guarded(console, f"{path}/typing", _typing, method="POST", by_itself=True),
    ]


def conversation_page(
    visit: Visit, *, refusal: Refusal | None = None, status: int = 200
) -> Response:
    """Show a conversation, with what was refused of it."""
    conversation_id = visit.number("id")
    with visit.console.database.turn() as connection:
        thread = _thread(connection, visit)
        talk = thread["talk"]
        alerts = alerts_of_conversation(connection, visit.member, conversation_id)
        canned = canned_replies(connection, visit, talk)
        followers = [] if talk.person_id is None else shared_with(connection, talk.person_id)
        colleagues = colleagues_of(connection, visit.member)
        away = leave_near(connection, colleagues, visit.today)
        notes = notes_of(connection, talk.person_id, NOTES_SHOWN) if thread["reads_file"] else []
    asked = refusal is not None and refusal.asks
    written = refusal.text if refusal else canned.get(visit.query("canned"), "")
    return visit.page(
        "conversation.html",
        status=status,
        **thread,
        alerts=alerts,
        refusal=refusal,
        # What is asked about is offered again in neutral words.
        written=canned[NEUTRAL] if asked else written,
        canned=canned,
        followers=followers,
        notes=notes,
        colleagues=colleagues,
        away=away,
        longest_note=LONGEST_NOTE,
        longest_text=MAXIMUM_LENGTH,
    )


def _thread_part(visit: Visit) -> Response:
    with visit.console.database.turn() as connection:
        thread = _thread(connection, visit)
    return unchanged_or(visit, visit.draw("_thread.html", **thread))


def _thread(connection: Connection, visit: Visit) -> dict[str, Any]:
    conversation_id = visit.number("id")
    talk = readable_conversation(connection, visit.member, conversation_id)
    before = moment_at(visit.query("before"))
    lines = read_thread(
        connection, visit.member, conversation_id, before=before, limit=PAGE_SIZE + 1
    )
    audit.record_reading(connection, visit.member, "conversation", conversation_id, visit.now)
    if before is None:
        mark_read(
            connection,
            visit.member,
            "conversation",
            conversation_id,
            visit.now,
            changed_at=talk.last_inbound_at,
        )
    older = None
    if len(lines) > PAGE_SIZE:
        # A message and its reply may share their moment: the page before takes up both.
        lines = [line for line in lines if line.at > lines[0].at] or lines
        older = number_of(lines[0].at)
    someone = person_named(connection, talk.person_id)
    frozen = [] if someone is None else frozen_around(connection, someone)
    facts = contact_facts(visit, talk, someone, frozen)
    relieves = may_relieve(connection, visit.member, talk, visit.now)
    binding = digest_of(fact for fact in facts if fact.warns)
    return {
        "talk": talk,
        "someone": someone,
        "facts": facts,
        # Changes with what binds whoever writes, or who may: an open page then shows it anew.
        "binding": f"{binding}{'r' if relieves else ''}",
        "relieves": relieves,
        "reads_file": may_read_person(connection, visit.member, talk.person_id),
        "typing": who_types(connection, visit.member, talk, visit.now),
        "lines": lines,
        "frozen": _frozen_lines(lines, talk, frozen),
        "older": older,
        "is_newest": before is None,
        "owner": _owner(talk, visit.member),
        "owner_name": shown_name(connection, talk.owner_id),
    }


def _take_over(visit: Visit) -> Response:
    _ = visit.pages.translate
    conversation_id = visit.number("id")
    try:
        with visit.console.database.write() as connection:
            if visit.form.get("relieve"):
                relieve(connection, visit.member, conversation_id, visit.now)
                is_new = True
            else:
                is_new = conversations.take_over(connection, visit.member, conversation_id)
            if is_new:
                announce_takeover(
                    connection, visit.member, conversation_id, visit.console.wording, visit.now
                )
                _record(connection, visit, "take_over")
    except NotAllowed:
        return conversation_page(
            visit, refusal=Refusal(_("Quelqu’un de l’équipe répond déjà.")), status=409
        )
    return _to_the_newest(conversation_id)


def _reply(visit: Visit) -> Response:
    _ = visit.pages.translate
    conversation_id = visit.number("id")
    text = visit.form.get("text", "").replace("\r\n", "\n").strip()
    if not 0 < len(text) <= MAXIMUM_LENGTH:
        reason = _("Un message a de 1 à {length} signes.").format(length=MAXIMUM_LENGTH)
        return conversation_page(visit, refusal=Refusal(reason, text), status=422)
    try:
        with visit.console.database.write() as connection:
            _send(connection, visit, text)
    except _SpeaksAgainst as asked:
        return conversation_page(visit, refusal=Refusal(str(asked), text, asks=True), status=409)
    except NotAllowed:
        reason = _("Ce texte n’est pas parti : la conversation n’est plus à vous.")
        return conversation_page(visit, refusal=Refusal(reason, text), status=409)
    except TextIsSecret:
        reason = _("Ce texte contient un mot qui ne s’écrit pas ici. Dites-le autrement.")
        return conversation_page(visit, refusal=Refusal(reason, text), status=422)
    except TextBetrays as betrays:
        reason = _(
            "Le début s’affiche sur l’écran verrouillé, et quelqu’un d’autre peut le lire. "
            "Mots à ne pas mettre au début : {words}."
        ).format(words=", ".join(betrays.words))
        return conversation_page(visit, refusal=Refusal(reason, text), status=422)
    return _to_the_newest(conversation_id)


def _send(connection: Connection, visit: Visit, text: str) -> None:
    """Queue a reply, after whoever writes was asked about what speaks against it.

    Raises:
        _SpeaksAgainst: they were not asked yet. Nothing of it is to be kept.
        NotAllowed, TextIsSecret, TextBetrays: it may not leave at all.
    """
    conversation_id = visit.number("id")
    talk = readable_conversation(connection, visit.member, conversation_id)
    someone = person_named(connection, talk.person_id)
    frozen = [] if someone is None else frozen_around(connection, someone)
    facts = contact_facts(visit, talk, someone, frozen)
    lasting = digest_of(fact for fact in facts if fact.asks and fact.stays)
    knows = talk.owner_knows == lasting
    against = [fact.short for fact in facts if fact.asks and not (fact.stays and knows)]
    send_reply(connection, visit.member, conversation_id, text, visit.console.wording, visit.now)
    if against and not visit.form.get("anyway"):
        raise _SpeaksAgainst(" · ".join(against))
    stop_typing(connection, conversation_id)
    if against:
        conversations.change(connection, conversation_id, owner_knows=lasting)
        _record(connection, visit, "reply_anyway")


def _typing(visit: Visit) -> Response:
    with visit.console.database.write() as connection:
        say_typing(connection, visit.member, visit.number("id"), visit.now)
    return Response(status_code=204)


def _note(visit: Visit) -> Response:
    """Note something in the person's file, for the team alone, without leaving the thread."""
    conversation_id = visit.number("id")
    text = visit.form.get("note", "").strip()
    with visit.console.database.write() as connection:
        talk = readable_conversation(connection, visit.member, conversation_id)
        if talk.person_id is None:
            raise NotAllowed("a stranger has no file")
        if not 0 < len(text) <= LONGEST_NOTE:
            # The field takes neither: whoever sends one has no page of ours before them.
            raise HTTPException(422)
        add_note(connection, visit.member, talk.person_id, text, visit.now)
    return go(f"/conversations/{conversation_id}#notes")


def _hand_back(visit: Visit) -> Response:
    _ = visit.pages.translate
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
        return conversation_page(visit, refusal=Refusal(reason), status=409)
    return _to_the_newest(conversation_id)


def _record(connection: Connection, visit: Visit, verb: str) -> None:
    action = f"conversation.{verb}"
    audit.record_by(connection, visit.member, action, "conversation", visit.number("id"), visit.now)


def _to_the_newest(conversation_id: int) -> Response:
    return go(f"/conversations/{conversation_id}#newest")


def _frozen_lines(lines: list[Line], talk: Row, frozen: list[Freeze]) -> set[str]:
    """Return which of our messages wait for somebody to release this contact."""
    own = next((freeze for freeze in frozen if freeze.contact.id == talk.person_id), None)
    return {
        line.id
        for line in lines
        if own is not None
        and line.state == "held"
        and line.priority is not None
        and is_frozen(own, line.priority, line.at)
    }


def _owner(talk: Row, member: Row) -> Owner:
    if talk.owner_id is None:
        return "bot"
    return "me" if talk.owner_id == member.id else "colleague"
