"""What people remember, kept as Argon2id: passwords, and the PINs of trusted phones."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's password storage sheet (2025): 19 MiB, two passes, one lane. The memory bounds what many
# sign-ins at once take from a small machine.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# Of a random password that nobody kept: verified for an unknown address, to take the same time.
NOBODYS_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1$"
    "A3Yak2nuStJtTYNneuDPRA$WTBpih1UFjXPkUXNqzbndrbdBB+mS0MQ+cJJ2Y5T37Q"
)


def hash_password(password: str) -> str:
    """Return what to keep of a password."""
    return _hasher.hash(password)


def matches(kept: str, password: str) -> bool:
    """Tell whether it is the password of which ``kept`` was kept."""
    try:
        return _hasher.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False
