"""The second step of signing in: codes of six digits from an app on the member's own phone (TOTP).

RFC 6238 by ``pyotp``: a new code every 30 seconds, one before and one after are taken too, since
clocks of phones are wrong; none works twice. Where the phone is lost, one of eight recovery codes
does, once. Wrong codes count with wrong passwords: five lock the account for 15 minutes.
"""

from __future__ import annotations

import secrets
from datetime import datetime

import pyotp
from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.engine import Connection, Row

from bot.db.engine import sealer_of
from bot.db.tables import recovery_code, staff
from bot.followup.staff import count_attempt, forget_failures

ISSUER = "Akoma"
RECOVERY_CODES = 8
_STEP = 30  # seconds
# Without letters and digits that look alike.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_LENGTH = 8


def is_on(member: Row) -> bool:
    """Tell whether a code is asked of this member."""
    return member.totp_since is not None


def begin(connection: Connection, member: Row) -> str:
    """Return the secret to give to the app: the one that was shown before, until it is taken up."""
    if is_on(member):
        raise ValueError("the second step is on already")
    if member.totp_secret is not None:
        return str(member.totp_secret)
    secret = pyotp.random_base32()
    _change(connection, member.id, totp_secret=secret)
    return secret


def address_for(secret: str, email: str) -> str:
    """Return what an app reads from the picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def take_up(connection: Connection, member: Row, code: str, now: datetime) -> list[str] | None:
    """Switch the second step on if the app shows the right code; return the recovery codes."""
    if is_on(member) or member.totp_secret is None or not _use_totp(connection, member, code, now):
        return None
    _change(connection, member.id, totp_since=now)
    return make_recovery_codes(connection, member.id, now)


def check_code(connection: Connection, staff_id: int, code: str, now: datetime) -> bool:
    """Tell whether a code of the app, or a recovery code, is right; it is used up by that.

    Commit what it wrote in any case: a try is counted before it is looked at.
    """
    if not count_attempt(connection, staff_id, now):
        return False
    member = connection.execute(select(staff).where(staff.c.id == staff_id)).one()
    if not is_on(member):
        return False
    typed = "".join(letter for letter in code.upper() if letter.isalnum())
    if not (
        _use_totp(connection, member, typed, now) or _use_recovery(connection, member, typed, now)
    ):
        return False
    forget_failures(connection, staff_id)
    return True


def switch_off(connection: Connection, staff_id: int) -> None:
    """Ask for no code any more: the phone is lost, or another one takes its place."""
    _change(connection, staff_id, totp_secret=None, totp_since=None, totp_step=None)
    connection.execute(delete(recovery_code).where(recovery_code.c.staff_id == staff_id))


def make_recovery_codes(connection: Connection, staff_id: int, now: datetime) -> list[str]:
    """Make new recovery codes in place of the old ones, to be shown once: "ABCD-2345"."""
    connection.execute(delete(recovery_code).where(recovery_code.c.staff_id == staff_id))
    codes = [
        "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))
        for _ in range(RECOVERY_CODES)
    ]
    seal = sealer_of(connection)
    connection.execute(
        insert(recovery_code),
        [
            {
                "staff_id": staff_id,
                "code_index": seal.blind_index(_context(staff_id, code)),
                "made_at": now,
            }
            for code in codes
        ],
    )
    return [f"{code[:4]}-{code[4:]}" for code in codes]


def recovery_codes_left(connection: Connection, staff_id: int) -> int:
    """Return how many recovery codes were not used yet."""
    query = select(func.count()).where(
        recovery_code.c.staff_id == staff_id, recovery_code.c.used_at.is_(None)
    )
    return connection.execute(query).scalar_one()


def _use_totp(connection: Connection, member: Row, code: str, now: datetime) -> bool:
    app = pyotp.TOTP(member.totp_secret, interval=_STEP)
    current = int(now.timestamp()) // _STEP
    # All are compared, so that how long it takes says nothing.
    fits = [
        step
        for step in (current - 1, current, current + 1)
        if secrets.compare_digest(app.generate_otp(step).encode(), code.encode())
    ]
    if not fits:
        return False
    used = connection.execute(
        update(staff)
        .where(
            staff.c.id == member.id, or_(staff.c.totp_step.is_(None), staff.c.totp_step < fits[0])
        )
        .values(totp_step=fits[0])
    )
    return used.rowcount == 1


def _use_recovery(connection: Connection, member: Row, code: str, now: datetime) -> bool:
    indexes = sealer_of(connection).blind_indexes(_context(member.id, code))
    used = connection.execute(
        update(recovery_code)
        .where(
            recovery_code.c.staff_id == member.id,
            recovery_code.c.code_index.in_(indexes),
            recovery_code.c.used_at.is_(None),
        )
        .values(used_at=now)
    )
    return used.rowcount == 1


def _context(staff_id: int, code: str) -> str:
    return f"recovery:{staff_id}:{code}"


def _change(connection: Connection, staff_id: int, **values: object) -> None:
    connection.execute(update(staff).where(staff.c.id == staff_id).values(**values))
