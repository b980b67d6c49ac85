"""The people who work with Akoma: their accounts, signing in, and the sessions of the console.

Passwords are kept as Argon2id, session tokens as SHA-256: neither opens anything if the database
is stolen. Five wrong passwords lock an account for 15 minutes; whether an address has an account
shows neither in the answer nor in the time it takes.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import case, delete, insert, literal, or_, select, update
from sqlalchemy.engine import Connection, Row

from bot.db.engine import sealer_of
from bot.db.inserts import insert_if_absent
from bot.db.tables import staff, staff_session, structure
from bot.followup.access import ROLES

MINIMUM_PASSWORD_LENGTH = 12
MAXIMUM_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
IDLE_LIMIT = timedelta(hours=1)
# A session is touched at most this often: reading a page need not write.
_TOUCH_EVERY = timedelta(minutes=1)

# OWASP's password storage sheet (2025): 19 MiB, two passes, one lane. The memory bounds what many
# sign-ins at once take from a small machine.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# Of a random password that nobody kept: verified for an unknown address, to take the same time.
_NOBODYS_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1$"
    "A3Yak2nuStJtTYNneuDPRA$WTBpih1UFjXPkUXNqzbndrbdBB+mS0MQ+cJJ2Y5T37Q"
)


class StaffRefused(ValueError):
    """An account cannot be made like this. The message says what to change."""


@dataclass(frozen=True)
class Session:
    """A member of staff who is signed in. ``member`` has ``timezone``, the structure's, too."""

    member: Row
    csrf_token: str
    last_seen_at: datetime


def add_staff(
    connection: Connection,
    *,
    email: str,
    name: str,
    shown_name: str,
    role: str,
    structure_id: int,
    password: str,
    now: datetime,
) -> int:
    """Make an account and return its id.

    Args:
        shown_name: the first name that youths and families see.
        role: one of ``bot.followup.access.ROLES``.

    Raises:
        StaffRefused: unknown role, short password, no e-mail address, or one that has an account.
    """
    if role not in ROLES:
        raise StaffRefused(f"no such role {role!r}: it must be one of {', '.join(ROLES)}")
    if len(password) < MINIMUM_PASSWORD_LENGTH:
        raise StaffRefused(f"the password needs {MINIMUM_PASSWORD_LENGTH} characters or more")
    address = _normalise(email)
    if "@" not in address:
        raise StaffRefused("the e-mail address has no @")
    index = _email_indexes(connection, address)[0]
    added = insert_if_absent(
        connection,
        staff,
        {
            "email": address,
            "email_index": index,
            "name": name.strip(),
            "shown_name": shown_name.strip(),
            "role": role,
            "structure_id": structure_id,
            "password_hash": _hasher.hash(password),
            "failed_sign_ins": 0,
            "active": True,
            "created_at": now,
        },
    )
    if not added:
        raise StaffRefused("this e-mail address has an account already")
    return connection.execute(select(staff.c.id).where(staff.c.email_index == index)).scalar_one()


def authenticate(connection: Connection, email: str, password: str, now: datetime) -> Row | None:
    """Return the member of staff with this e-mail address and password, or None.

    None for an unknown address, a wrong password and a locked account alike. Commit what it
    wrote in any case: a failure is counted before the password is looked at, so that guesses made
    at the same time count too.
    """
    indexes = _email_indexes(connection, _normalise(email))
    query = select(staff).where(staff.c.email_index.in_(indexes), staff.c.active.is_(True))
    member = connection.execute(query).one_or_none()
    if member is None or not _count_attempt(connection, member.id, now):
        _matches(_NOBODYS_HASH, password)
        return None
    if not _matches(member.password_hash, password):
        return None
    connection.execute(
        update(staff).where(staff.c.id == member.id).values(failed_sign_ins=0, locked_until=None)
    )
    return member


def find_by_email(connection: Connection, email: str) -> Row | None:
    """Return the member of staff with this e-mail address, if there is one."""
    indexes = _email_indexes(connection, _normalise(email))
    return connection.execute(select(staff).where(staff.c.email_index.in_(indexes))).one_or_none()


def find_structure(connection: Connection, name: str) -> Row:
    """Return the structure of this name.

    Raises:
        StaffRefused: there is none.
    """
    row = connection.execute(select(structure).where(structure.c.name == name)).one_or_none()
    if row is None:
        raise StaffRefused(f"no structure {name!r}")
    return row


def shown_name(connection: Connection, staff_id: int | None) -> str:
    """Return the first name that a member of staff shows; "" for nobody."""
    query = select(staff.c.shown_name).where(staff.c.id == staff_id)
    return connection.execute(query).scalar_one_or_none() or ""


def start_session(connection: Connection, staff_id: int, now: datetime) -> str:
    """Sign a member of staff in and return the token for the browser's cookie."""
    connection.execute(
        delete(staff_session).where(staff_session.c.last_seen_at <= now - IDLE_LIMIT)
    )
    token = secrets.token_urlsafe(32)
    connection.execute(
        insert(staff_session).values(
            token_hash=_digest(token),
            staff_id=staff_id,
            csrf_token=secrets.token_urlsafe(32),
            created_at=now,
            last_seen_at=now,
        )
    )
    return token


def find_session(connection: Connection, token: str, now: datetime) -> Session | None:
    """Return the session of a token, unless it ended, idled too long, or the account is closed."""
    query = (
        select(
            staff,
            structure.c.timezone,
            staff_session.c.csrf_token,
            staff_session.c.last_seen_at,
        )
        .join(staff_session, staff_session.c.staff_id == staff.c.id)
        .join(structure, structure.c.id == staff.c.structure_id)
        .where(
            staff_session.c.token_hash == _digest(token),
            staff_session.c.last_seen_at > now - IDLE_LIMIT,
            staff.c.active.is_(True),
        )
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else Session(row, row.csrf_token, row.last_seen_at)


def touch_session(connection: Connection, token: str, session: Session, now: datetime) -> None:
    """Note that the member did something: the hour of idleness begins anew."""
    if now - session.last_seen_at < _TOUCH_EVERY:
        return
    connection.execute(
        update(staff_session)
        .where(staff_session.c.token_hash == _digest(token))
        .values(last_seen_at=now)
    )


def end_session(connection: Connection, token: str) -> None:
    """Sign out."""
    connection.execute(delete(staff_session).where(staff_session.c.token_hash == _digest(token)))


def _count_attempt(connection: Connection, staff_id: int, now: datetime) -> bool:
    """Count one attempt as failed until it has succeeded; False while the account is locked."""
    # A lock that has ended gives all attempts back.
    failures = case((staff.c.locked_until.is_(None), staff.c.failed_sign_ins), else_=0) + 1
    unlocked_at = literal(now + LOCKED_FOR, staff.c.locked_until.type)
    counted = connection.execute(
        update(staff)
        .where(
            staff.c.id == staff_id, or_(staff.c.locked_until.is_(None), staff.c.locked_until <= now)
        )
        .values(
            failed_sign_ins=failures,
            locked_until=case((failures >= MAXIMUM_FAILURES, unlocked_at), else_=None),
        )
    )
    return counted.rowcount == 1


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _normalise(email: str) -> str:
    return email.strip().casefold()


def _email_indexes(connection: Connection, address: str) -> list[str]:
    return sealer_of(connection).blind_indexes(f"staff:{address}")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
