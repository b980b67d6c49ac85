"""Sessions of the console: who is signed in where, for how long, and how that ends.

An hour without use ends a session. A phone that was marked as trusted keeps it for twelve hours
from that moment, and asks a PIN of its own after a quarter of an hour without use; five wrong ones
end it. Tokens are kept as SHA-256 and PINs as Argon2id: neither opens anything if the database is
stolen.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import and_, delete, exists, insert, not_, or_, select, update
from sqlalchemy.engine import Connection, Row
from sqlalchemy.sql import ColumnElement

from bot.db.tables import staff, staff_session, structure, translation_reviewer
from bot.followup.passwords import hash_password, matches

IDLE_LIMIT = timedelta(hours=1)
TRUSTED_FOR = timedelta(hours=12)
PIN_AFTER = timedelta(minutes=15)
PIN_LENGTH = 6
MAXIMUM_PINS = 5
# After the password, the code of the second step is waited for this long.
CODE_WITHIN = timedelta(minutes=10)
# Administration takes a code that was given within this time, or its use since.
CONFIRMED_FOR = timedelta(minutes=10)
# A session is touched at most this often: reading a page need not write.
_TOUCH_EVERY = timedelta(minutes=1)
_RISING = "01234567890"

Wants = Literal["code", "pin"]


class PinRefused(ValueError):
    """A PIN cannot be this one: not six digits, or the first that anybody would try."""


@dataclass(frozen=True)
class Session:
    """A member of staff who is signed in.

    ``member`` has ``timezone``, the structure's, too, and ``reviews``: whether they were named to
    review the words of a language. ``wants`` is what must be given before any page is shown.
    """

    id: int
    member: Row
    csrf_token: str
    last_seen_at: datetime
    wants: Wants | None
    confirmed_at: datetime | None
    trusted_until: datetime | None


def start_session(
    connection: Connection,
    staff_id: int,
    now: datetime,
    *,
    device: str = "",
    wants_code: bool = False,
) -> str:
    """Sign a member of staff in and return the token for the browser's cookie.

    Args:
        device: what it is done on, in words ("Chrome, Android").
        wants_code: the code of the second step is still to come.
    """
    connection.execute(delete(staff_session).where(not_(_alive(now))))
    token = secrets.token_urlsafe(32)
    connection.execute(
        insert(staff_session).values(
            token_hash=_digest(token),
            staff_id=staff_id,
            csrf_token=secrets.token_urlsafe(32),
            device=device,
            created_at=now,
            last_seen_at=now,
            wants_code=wants_code,
        )
    )
    return token


def find_session(connection: Connection, token: str, now: datetime) -> Session | None:
    """Return the session of a token, unless it ended, idled too long, or the account is closed."""
    query = (
        select(
            staff,
            structure.c.timezone,
            exists().where(translation_reviewer.c.staff_id == staff.c.id).label("reviews"),
            staff_session.c.id.label("session_id"),
            staff_session.c.csrf_token,
            staff_session.c.last_seen_at,
            staff_session.c.wants_code,
            staff_session.c.confirmed_at,
            staff_session.c.trusted_until,
        )
        .join(staff_session, staff_session.c.staff_id == staff.c.id)
        .join(structure, structure.c.id == staff.c.structure_id)
        .where(staff_session.c.token_hash == _digest(token), _alive(now), staff.c.active.is_(True))
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    wants: Wants | None = None
    if row.wants_code:
        wants = "code"
    elif row.trusted_until is not None and now - row.last_seen_at >= PIN_AFTER:
        wants = "pin"
    return Session(
        row.session_id,
        row,
        row.csrf_token,
        row.last_seen_at,
        wants,
        row.confirmed_at,
        row.trusted_until,
    )


def touch_session(connection: Connection, session: Session, now: datetime) -> None:
    """Note that the member did something: the time of idleness begins anew."""
    if now - session.last_seen_at >= _TOUCH_EVERY:
        _change(connection, session.id, last_seen_at=now)


def end_session(connection: Connection, token: str) -> None:
    """Sign out."""
    connection.execute(delete(staff_session).where(staff_session.c.token_hash == _digest(token)))


def sessions_of(connection: Connection, staff_id: int, now: datetime) -> list[Row]:
    """Return the sessions of a member of staff, the one used last first."""
    query = select(staff_session).where(staff_session.c.staff_id == staff_id, _alive(now))
    order = (staff_session.c.last_seen_at.desc(), staff_session.c.id.desc())
    return connection.execute(query.order_by(*order)).all()


def end_one(connection: Connection, staff_id: int, session_id: int) -> None:
    """End one session of a member of staff; anybody else's stays."""
    connection.execute(
        delete(staff_session).where(
            staff_session.c.staff_id == staff_id, staff_session.c.id == session_id
        )
    )


def end_all(connection: Connection, staff_id: int, *, but: int | None = None) -> int:
    """End all sessions of a member of staff, but for one of them; return how many."""
    where = [staff_session.c.staff_id == staff_id]
    if but is not None:
        where.append(staff_session.c.id != but)
    return connection.execute(delete(staff_session).where(*where)).rowcount


def code_given(connection: Connection, session_id: int, now: datetime) -> None:
    """Note that a code was given: the second step of signing in, or again for administration."""
    _change(connection, session_id, wants_code=False, confirmed_at=now, last_seen_at=now)


def is_confirmed(session: Session, now: datetime, within: timedelta = CONFIRMED_FOR) -> bool:
    """Tell whether a code was given within this time, or what it opened was used since."""
    return session.confirmed_at is not None and now - session.confirmed_at < within


def keep_confirmed(connection: Connection, session: Session, now: datetime) -> None:
    """Note that what takes a code is in use: it is not asked again in the middle of work."""
    if session.confirmed_at is not None and now - session.confirmed_at >= _TOUCH_EVERY:
        _change(connection, session.id, confirmed_at=now)


def trust_phone(connection: Connection, session_id: int, pin: str, now: datetime) -> None:
    """Keep a session for twelve hours from now, behind a PIN.

    Raises:
        PinRefused: not six digits, or all the same, or in a row.
    """
    if not (pin.isascii() and pin.isdecimal() and len(pin) == PIN_LENGTH):
        raise PinRefused("six digits")
    if len(set(pin)) == 1 or pin in _RISING or pin[::-1] in _RISING:
        raise PinRefused("too easy")
    until = now + TRUSTED_FOR
    _change(
        connection, session_id, trusted_until=until, pin_hash=hash_password(pin), pin_failures=0
    )


def forget_phone(connection: Connection, session_id: int) -> None:
    """Trust a phone no longer: an hour without use ends its session again."""
    _change(connection, session_id, trusted_until=None, pin_hash=None, pin_failures=0)


def try_pin(connection: Connection, session_id: int, pin: str, now: datetime) -> bool:
    """Open a trusted phone that waited for its PIN; the fifth wrong one ends the session.

    Commit what it wrote in any case: a try is counted before it is looked at.
    """
    counted = connection.execute(
        update(staff_session)
        .where(staff_session.c.id == session_id, staff_session.c.pin_failures < MAXIMUM_PINS)
        .values(pin_failures=staff_session.c.pin_failures + 1)
    )
    query = select(staff_session).where(staff_session.c.id == session_id)
    row = connection.execute(query).one_or_none()
    if row is None or row.pin_hash is None:
        return False
    if counted.rowcount == 1 and matches(row.pin_hash, pin):
        _change(connection, session_id, pin_failures=0, last_seen_at=now)
        return True
    if row.pin_failures >= MAXIMUM_PINS:
        end_one(connection, row.staff_id, session_id)
    return False


def _alive(now: datetime) -> ColumnElement:
    kept = and_(staff_session.c.trusted_until.is_not(None), staff_session.c.trusted_until > now)
    used = and_(
        staff_session.c.trusted_until.is_(None), staff_session.c.last_seen_at > now - IDLE_LIMIT
    )
    in_time = or_(
        staff_session.c.wants_code.is_(False), staff_session.c.created_at > now - CODE_WITHIN
    )
    return and_(or_(kept, used), in_time)


def _change(connection: Connection, session_id: int, **values: object) -> None:
    connection.execute(
        update(staff_session).where(staff_session.c.id == session_id).values(**values)
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
