"""The people who work with Akoma: their accounts, and the password by which they sign in.

Five wrong passwords, or codes of the second step, lock an account for 15 minutes; whether an
address has an account shows neither in the answer nor in the time it takes.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import case, literal, or_, select, update
from sqlalchemy.engine import Connection, Row

from bot.db.engine import sealer_of
from bot.db.inserts import insert_if_absent
from bot.db.tables import staff, structure
from bot.followup.access import ROLES
from bot.followup.passwords import NOBODYS_HASH, hash_password, matches
from bot.reasons import Reason, mark

MINIMUM_PASSWORD_LENGTH = 12
MAXIMUM_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)


class StaffRefused(Reason, ValueError):
    """An account cannot be made like this. The message says what to change."""


class PasswordRefused(StaffRefused):
    """A password is too short."""


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
        raise StaffRefused(
            mark("Il n'y a pas de rôle « {role} ». Les rôles : {roles}."),
            role=role,
            roles=", ".join(ROLES),
        )
    _check_password(password)
    address = _normalise(email)
    if "@" not in address:
        raise StaffRefused(mark("Il manque un @ dans l'adresse e-mail."))
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
            "password_hash": hash_password(password),
            "failed_sign_ins": 0,
            "active": True,
            "created_at": now,
        },
    )
    if not added:
        raise StaffRefused(mark("Cette adresse e-mail a déjà un compte."))
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
    if member is None or not count_attempt(connection, member.id, now):
        matches(NOBODYS_HASH, password)
        return None
    if not matches(member.password_hash, password):
        return None
    if member.totp_since is None:
        # Else the code is still to come: who knows the password alone gets no more tries by it.
        forget_failures(connection, member.id)
    return member


def change_password(
    connection: Connection, staff_id: int, old: str, new: str, now: datetime
) -> bool:
    """Take a new password in place of the old one; False if that is wrong, which counts.

    Raises:
        PasswordRefused: the new one is too short.
    """
    _check_password(new)
    if not count_attempt(connection, staff_id, now):
        return False
    kept = select(staff.c.password_hash).where(staff.c.id == staff_id)
    if not matches(connection.execute(kept).scalar_one(), old):
        return False
    forget_failures(connection, staff_id)
    set_password(connection, staff_id, new)
    return True


def set_password(connection: Connection, staff_id: int, password: str) -> None:
    """Give a member of staff another password, and all attempts to sign in again.

    Raises:
        PasswordRefused: it is too short.
    """
    _check_password(password)
    connection.execute(
        update(staff).where(staff.c.id == staff_id).values(password_hash=hash_password(password))
    )
    forget_failures(connection, staff_id)


def email_is_taken(connection: Connection, email: str, *, but: int | None = None) -> bool:
    """Tell whether an account, or another one than ``but``, has this e-mail address."""
    found = find_by_email(connection, email)
    return found is not None and found.id != but


def set_email(connection: Connection, staff_id: int, email: str) -> None:
    """Let a member of staff sign in with another e-mail address, which nobody else has."""
    address = _normalise(email)
    index = _email_indexes(connection, address)[0]
    connection.execute(
        update(staff).where(staff.c.id == staff_id).values(email=address, email_index=index)
    )


def structure_of_member(connection: Connection, member: Row) -> Row:
    """Return where a member of staff works."""
    return connection.execute(select(structure).where(structure.c.id == member.structure_id)).one()


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
        raise StaffRefused(mark("Il n'y a pas de structure « {name} »."), name=name)
    return row


def shown_name(connection: Connection, staff_id: int | None) -> str:
    """Return the first name that a member of staff shows; "" for nobody."""
    query = select(staff.c.shown_name).where(staff.c.id == staff_id)
    return connection.execute(query).scalar_one_or_none() or ""


def count_attempt(connection: Connection, staff_id: int, now: datetime) -> bool:
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


def is_locked(connection: Connection, staff_id: int, now: datetime) -> bool:
    """Tell whether an account waits because of too many failures."""
    until = connection.execute(select(staff.c.locked_until).where(staff.c.id == staff_id)).scalar()
    return until is not None and until > now


def forget_failures(connection: Connection, staff_id: int) -> None:
    """Count attempts from none again: one has succeeded."""
    connection.execute(
        update(staff).where(staff.c.id == staff_id).values(failed_sign_ins=0, locked_until=None)
    )


def _check_password(password: str) -> None:
    if len(password) < MINIMUM_PASSWORD_LENGTH:
        raise PasswordRefused(
            mark("Le mot de passe a {count} signes ou plus."), count=MINIMUM_PASSWORD_LENGTH
        )


def _normalise(email: str) -> str:
    return email.strip().casefold()


def _email_indexes(connection: Connection, address: str) -> list[str]:
    return sealer_of(connection).blind_indexes(f"staff:{address}")
