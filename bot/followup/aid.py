"""Kinds of help that exist, asking for one, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import desc, insert, select
from sqlalchemy.engine import Connection, Row

from bot.db.tables import aid_kind, aid_request
from bot.followup.caller import Caller
from bot.followup.tasks import decision_by, promise_answer, tell_staff

UNDECIDED = ("requested", "approved", "ready")


@dataclass(frozen=True)
class AidAsked:
    """A help was asked for: the answer is promised ``by``; None when it was asked for before."""

    kind: Row
    by: datetime | None


def open_kinds(connection: Connection) -> list[Row]:
    """Return the kinds of help that can be asked for now."""
    query = select(aid_kind).where(aid_kind.c.open.is_(True)).order_by(aid_kind.c.id)
    return connection.execute(query).all()


def request_aid(caller: Caller, aid_kind_id: int) -> AidAsked | None:
    """Ask for a kind of help for the caller; None when it is not given (any more).

    Raises:
        ValueError: the caller is not known.
    """
    if caller.person is None:
        raise ValueError("only a known person asks for help of a kind")
    kind = next((k for k in open_kinds(caller.connection) if k.id == aid_kind_id), None)
    if kind is None:
        return None
    same = aid_request.c.person_id == caller.person.id, aid_request.c.aid_kind_id == kind.id
    waiting = select(aid_request.c.id).where(*same, aid_request.c.state.in_(UNDECIDED))
    if caller.connection.execute(waiting.limit(1)).first() is not None:
        return AidAsked(kind, None)
    by = decision_by(caller)
    inserted = caller.connection.execute(
        insert(aid_request).values(
            person_id=caller.person.id,
            aid_kind_id=kind.id,
            state="requested",
            requested_at=caller.now,
        )
    )
    tell_staff(caller, "task", category="aid", answer_by=by)
    promise_answer(caller, "aid", by, aid_request_id=inserted.inserted_primary_key[0])
    return AidAsked(kind, by)


def requests_of(connection: Connection, person_id: int) -> list[Row]:
    """Return what a person asked for, the newest first, with the name of its kind."""
    query = (
        select(
            aid_request.c.state,
            aid_request.c.expected_on,
            aid_request.c.requested_at,
            aid_kind.c.name,
            aid_kind.c.name_in,
        )
        .join(aid_kind, aid_kind.c.id == aid_request.c.aid_kind_id)
        .where(aid_request.c.person_id == person_id)
        .order_by(desc(aid_request.c.id))
    )
    return connection.execute(query).all()
