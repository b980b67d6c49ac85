"""Training programmes, asking for a place in one, and one's own enrolment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import desc, insert, select
from sqlalchemy.engine import Connection, Row

from bot.db.tables import programme, structure, training_enrolment
from bot.followup.caller import Caller
from bot.followup.family import wards_of
from bot.followup.people import age
from bot.followup.promises import open_promise
from bot.followup.tasks import decision_by, promise_answer, tell_staff
from bot.followup.words import mentions

_ATTENDING = ("accepted", "following")


@dataclass(frozen=True)
class Offers:
    """Programmes that answer a question.

    ``fitting`` is in the order to show; ``elsewhere`` is whether more are found in other towns;
    ``too_young_for`` the age at which the first one starts, when age alone excludes them all.
    """

    fitting: list[Row]
    elsewhere: bool = False
    too_young_for: int | None = None


@dataclass(frozen=True)
class Requested:
    """A place was asked for: the answer is promised ``by``; ``already`` when it was before."""

    programme: Row
    by: datetime
    already: bool


def find_offers(caller: Caller, words: str, *, not_in_town: str | None = None) -> Offers:
    """Return the open programmes for the caller, of one town, nearest first.

    Those of the caller's own structure come first. A trade or a town named in ``words`` (the
    message as written) narrows the choice; no known one does not.

    Args:
        not_in_town: the town of the programmes that were shown before.
    """
    offers = _narrowed(open_programmes(caller), words)
    offers = [offer for offer in offers if offer.town != not_in_town]
    years = None if caller.person is None else age(caller.person, caller.now)
    old_enough = [offer for offer in offers if years is None or years >= offer.minimum_age]
    if offers and not old_enough:
        return Offers([], too_young_for=min(offer.minimum_age for offer in offers))
    near = [offer for offer in old_enough if offer.town == old_enough[0].town]
    return Offers(near, elsewhere=len(near) < len(old_enough))


def open_programmes(caller: Caller) -> list[Row]:
    """Return what takes somebody in the caller's country: those of the own structure first."""
    own = caller.structure
    query = (
        select(programme)
        .join(structure, structure.c.id == programme.c.structure_id)
        .where(
            programme.c.open.is_(True),
            programme.c.places_left > 0,
            structure.c.country == own.country,
        )
        .order_by(
            programme.c.structure_id != own.id,
            # The databases do not agree where to put the empty ones.
            programme.c.starts_on.is_(None),
            programme.c.starts_on,
            programme.c.id,
        )
    )
    return caller.connection.execute(query).all()


def request_place(caller: Caller, programme_id: int) -> Requested | None:
    """Ask for a place for the caller; None when the programme takes nobody (any more).

    Raises:
        ValueError: the caller is not a known beneficiary.
    """
    person = caller.person
    if person is None or person.kind != "beneficiary":
        raise ValueError("only a known beneficiary asks for a place")
    wanted = next((p for p in open_programmes(caller) if p.id == programme_id), None)
    years = age(person, caller.now)
    if wanted is None or (years is not None and years < wanted.minimum_age):
        return None
    running = _running_request(caller, programme_id)
    if running is not None:
        return Requested(wanted, running, already=True)
    by = decision_by(caller)
    caller.connection.execute(
        insert(training_enrolment).values(
            person_id=person.id,
            programme_id=programme_id,
            state="requested",
            requested_at=caller.now,
        )
    )
    tell_staff(caller, "task", category="training", answer_by=by)
    promise_answer(caller, "training", by, programme_id=programme_id)
    return Requested(wanted, by, already=False)


def enrolments(connection: Connection, person_id: int) -> list[Row]:
    """Return a person's enrolments with their programmes, the newest first."""
    query = (
        select(
            training_enrolment.c.state,
            training_enrolment.c.first_day,
            training_enrolment.c.requested_at,
            programme.c.title,
            programme.c.title_in,
            programme.c.place,
        )
        .join(programme, programme.c.id == training_enrolment.c.programme_id)
        .where(training_enrolment.c.person_id == person_id)
        .order_by(desc(training_enrolment.c.id))
    )
    return connection.execute(query).all()


def is_attending(connection: Connection, person_id: int) -> bool:
    """Tell whether a person has a workshop to go to."""
    return any(row.state in _ATTENDING for row in enrolments(connection, person_id))


def trainees_of(connection: Connection, person: Row) -> list[Row]:
    """Return whose training a person may know about: one's own, or that of one's children."""
    if person.kind == "beneficiary":
        return [person]
    return wards_of(connection, person.id, "sees_training")


def _narrowed(offers: Sequence[Row], words: str) -> list[Row]:
    named = [p for p in offers if any(mentions(words, name) for name in _names(p))] or offers
    return [offer for offer in named if mentions(words, offer.town)] or list(named)


def _names(offer: Row) -> list[str]:
    """Return what a programme may be called."""
    return [offer.trade, offer.title, *(offer.title_in or {}).values()]


def _running_request(caller: Caller, programme_id: int) -> datetime | None:
    query = select(training_enrolment.c.id).where(
        training_enrolment.c.person_id == caller.person.id,  # type: ignore[union-attr]
        training_enrolment.c.programme_id == programme_id,
        training_enrolment.c.state == "requested",
    )
    if caller.connection.execute(query.limit(1)).first() is None:
        return None
    promise = None
    if caller.talk is not None:
        promise = open_promise(caller.connection, caller.talk.id, "training")
    return promise.due_at if promise else decision_by(caller)
