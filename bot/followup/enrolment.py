"""Opening a file, what binds whoever writes to that person, and the invitation to a chat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.engine import Connection, Row

from bot.db.inserts import insert_if_absent
from bot.db.tables import conversation, person, structure
from bot.followup import audit
from bot.followup.access import NotAllowed, readable_person, rights_of
from bot.followup.consent import (
    CODE_LIFETIME,
    burn_codes,
    make_enrolment_code,
    record_consent,
    withdraw_enrolment,
)
from bot.followup.conversations import change
from bot.followup.people import find_by_case, is_child
from bot.followup.sharing import staff_who_take_cases

# Who may have said it: a worker speaks for a child whose guardian cannot (safeguarding 2).
CONSENT_BY = ("self", "guardian", "worker")
_CASE_DIGITS = 4
_NUMBER_TRIES = 20


class NumberTaken(ValueError):
    """A file has this case number already."""


class ReasonMissing(ValueError):
    """A worker who decides for a child says why no guardian does."""


@dataclass(frozen=True)
class SafeContact:
    """Whose phone it is, and when it is safe to write; both hours or none."""

    phone_shared: bool
    safe_from_hour: int | None = None
    safe_until_hour: int | None = None


@dataclass(frozen=True)
class NewFile:
    """What is known of somebody whose file is opened.

    ``case_number`` empty: the next free one; ``address_form`` empty: tu for a child, else vous.
    """

    kind: str
    first_name: str
    family_name: str
    birth_year: int | None
    address_form: str
    language: str
    contact: SafeContact
    worker_id: int | None
    case_number: str = ""


@dataclass(frozen=True)
class Invitation:
    """A code that enrols one chat, once, until it expires. It is shown now and never again."""

    code: str
    expires_at: datetime


def open_file(connection: Connection, member: Row, new: NewFile, now: datetime) -> Row:
    """Open a file in the member's structure and return the person.

    Raises:
        NotAllowed: the member follows nobody, or the worker takes no cases there.
        NumberTaken: the case number is another file's.
    """
    if not rights_of(member).cases:
        raise NotAllowed("opens no files")
    workers = {each.id for each in staff_who_take_cases(connection, member.structure_id)}
    if new.worker_id is not None and new.worker_id not in workers:
        raise NotAllowed(f"staff {new.worker_id} takes no cases here")
    home = select(structure.c.country).where(structure.c.id == member.structure_id)
    values = {
        "kind": new.kind,
        "structure_id": member.structure_id,
        "worker_id": new.worker_id,
        "first_name": new.first_name,
        "family_name": new.family_name,
        "birth_year": new.birth_year,
        "address_form": new.address_form or ("tu" if is_child(new, now) else "vous"),
        "language": new.language,
        "country": connection.execute(home).scalar_one(),
        "phone_shared": new.contact.phone_shared,
        "safe_from_hour": new.contact.safe_from_hour,
        "safe_until_hour": new.contact.safe_until_hour,
        "created_at": now,
    }
    someone = _numbered(connection, values, new.case_number.strip())
    audit.record_by(connection, member, "person.open", "person", someone.id, now)
    return someone


def record_spoken_consent(
    connection: Connection,
    member: Row,
    someone: Row,
    *,
    answer: str,
    given_by: str,
    now: datetime,
    reason: str = "",
) -> None:
    """Record what was answered face to face; a no makes every unused code worthless.

    Args:
        answer: "yes" or "no".
        given_by: one of ``CONSENT_BY``.
        reason: why a worker decided without a guardian.

    Raises:
        NotAllowed: no file of this member's.
        ReasonMissing: a worker decided and does not say why.
        ValueError: no such answer, or nobody who could have given it.
    """
    if answer not in ("yes", "no") or given_by not in CONSENT_BY:
        raise ValueError("no such consent")
    if given_by == "worker" and not reason.strip():
        raise ReasonMissing("why does no guardian consent?")
    readable_person(connection, member, someone.id)
    record_consent(
        connection,
        answer=answer,
        given_by=given_by,
        language=someone.language,
        now=now,
        person_id=someone.id,
        recorded_by=member.id,
        reason=reason.strip() or None,
    )
    if answer == "no":
        burn_codes(connection, someone.id, now)
    audit.record_by(connection, member, "person.consent", "person", someone.id, now)


def invite(connection: Connection, member: Row, person_id: int, now: datetime) -> Invitation:
    """Make a new code for a person's chat; those made before open nothing any more.

    Raises:
        NotAllowed: no file of this member's.
        ConsentMissing: nobody has consented for a child, or the person's own last word is no.
    """
    someone = readable_person(connection, member, person_id)
    burn_codes(connection, someone.id, now)
    code = make_enrolment_code(connection, someone, now)
    audit.record_by(connection, member, "person.invite", "person", someone.id, now)
    return Invitation(code, now + CODE_LIFETIME)


def talks_to_confirm(connection: Connection, person_id: int) -> list[Row]:
    """Return the conversations whose first name did not fit: a worker says whether it is them."""
    query = select(conversation).where(
        conversation.c.person_id == person_id, conversation.c.enrolment == "to_confirm"
    )
    return connection.execute(query.order_by(conversation.c.id)).all()


def settle_identity(
    connection: Connection,
    member: Row,
    person_id: int,
    conversation_id: int,
    *,
    is_person: bool,
    now: datetime,
) -> None:
    """Say whether it is this person who writes in a conversation that waits for it.

    If not, whose it is gets forgotten, and nothing personal is answered there.

    Raises:
        NotAllowed: no file of this member's, or nothing that waits there.
    """
    readable_person(connection, member, person_id)
    waiting = {talk.id for talk in talks_to_confirm(connection, person_id)}
    if conversation_id not in waiting:
        raise NotAllowed(f"conversation {conversation_id}")
    if is_person:
        change(connection, conversation_id, enrolment="confirmed")
    else:
        withdraw_enrolment(connection, conversation_id)
    verb = "person.identity_confirmed" if is_person else "person.identity_refused"
    audit.record_by(connection, member, verb, "person", person_id, now)


def set_safe_contact(
    connection: Connection, member: Row, person_id: int, contact: SafeContact, now: datetime
) -> None:
    """Change what binds all that we start.

    Raises:
        NotAllowed: no file of this member's.
    """
    readable_person(connection, member, person_id)
    values = {
        "phone_shared": contact.phone_shared,
        "safe_from_hour": contact.safe_from_hour,
        "safe_until_hour": contact.safe_until_hour,
    }
    connection.execute(update(person).where(person.c.id == person_id).values(**values))
    audit.record_by(connection, member, "person.contact", "person", person_id, now)


def _numbered(connection: Connection, values: dict, wanted: str) -> Row:
    for _try in range(_NUMBER_TRIES):
        number = wanted or _next_number(connection)
        if insert_if_absent(connection, person, {**values, "case_number": number}):
            return find_by_case(connection, number)
        if wanted:
            break
    raise NumberTaken(wanted)


def _next_number(connection: Connection) -> str:
    """Return the number after the highest one that is only digits."""
    highest = select(person.c.case_number).order_by(
        func.length(person.c.case_number).desc(), person.c.case_number.desc()
    )
    numbers = connection.execute(highest).scalars()
    last = next((number for number in numbers if number.isdecimal()), "0")
    return str(int(last) + 1).zfill(_CASE_DIGITS)
