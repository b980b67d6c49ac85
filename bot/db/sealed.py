"""Authenticated encryption of what may not be read in a stolen database file.

Text, names, phone numbers and notes live in ``SealedText`` and ``SealedJSON`` columns. A value is
sealed with AES-256-GCM under the newest key and bound to its table and column, so a sealed value
moved to another column does not open. What must be found again (an address, a code) has beside it
a keyed blind index: HMAC-SHA256 under a second key derived from the same secret.

The keys belong to a database, not to the process: ``bot.db.engine.Database`` hangs its ``Sealer``
on the engine's dialect, which SQLAlchemy hands to every column type.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Sequence
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import LargeBinary
from sqlalchemy.types import TypeDecorator

_KEY_ID, _NONCE = 4, 12


class SealBroken(ValueError):
    """A sealed value was altered, moved, or sealed with a key that is not configured."""


def _derive(secret: str, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=b"akoma", info=purpose).derive(secret.encode())


class Sealer:
    """Seals and opens values, and makes blind indexes, under the keys of one installation."""

    def __init__(self, secret_keys: Sequence[str]) -> None:
        """Take the secrets, newest first: the first one seals, all of them open."""
        sealing = [_derive(secret, b"seal") for secret in secret_keys]
        ids = [hashlib.sha256(key).digest()[:_KEY_ID] for key in sealing]
        self._newest = ids[0] if ids else b""
        self._ciphers = {key_id: AESGCM(key) for key_id, key in zip(ids, sealing, strict=True)}
        self._index_keys = [_derive(secret, b"blind-index") for secret in secret_keys]

    def seal(self, value: bytes, context: str) -> bytes:
        """Encrypt ``value``; it opens only with the same ``context`` ("table.column").

        Raises:
            SealBroken: no key is configured.
        """
        if not self._newest:
            raise SealBroken(f"{context}: AKOMA_SECRET_KEY is not set")
        nonce = os.urandom(_NONCE)
        sealed = self._ciphers[self._newest].encrypt(nonce, value, context.encode())
        return self._newest + nonce + sealed

    def open(self, sealed: bytes, context: str) -> bytes:
        """Decrypt what ``seal`` made.

        Raises:
            SealBroken: altered, moved to another column, or sealed with an unknown key.
        """
        sealed = bytes(sealed)
        cipher = self._ciphers.get(sealed[:_KEY_ID])
        if cipher is None:
            raise SealBroken(f"{context}: sealed with a key that is not in AKOMA_SECRET_KEY")
        nonce = sealed[_KEY_ID : _KEY_ID + _NONCE]
        try:
            return cipher.decrypt(nonce, sealed[_KEY_ID + _NONCE :], context.encode())
        except InvalidTag:
            raise SealBroken(f"{context}: the sealed value was altered or moved") from None

    def blind_index(self, value: str) -> str:
        """Return the keyed digest (hex) to store beside a sealed value to find it again."""
        return self.blind_indexes(value)[0]

    def blind_indexes(self, value: str) -> list[str]:
        """Return the digests of ``value`` under every key, for look-ups during a key change."""
        return [
            hmac.new(key, value.encode(), hashlib.sha256).hexdigest() for key in self._index_keys
        ]


class SealedText(TypeDecorator):
    """A text column that is sealed at rest. ``context`` is its "table.column" name."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, context: str) -> None:
        super().__init__()
        self.context = context

    def process_bind_param(self, value: Any, dialect: Any) -> bytes | None:
        """Seal on the way in."""
        if value is None:
            return None
        return dialect.akoma_sealer.seal(self._encode(value), self.context)

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        """Open on the way out."""
        if value is None:
            return None
        return self._decode(dialect.akoma_sealer.open(value, self.context))

    def _encode(self, value: Any) -> bytes:
        return str(value).encode()

    def _decode(self, value: bytes) -> Any:
        return value.decode()


class SealedBytes(SealedText):
    """Bytes that are sealed at rest."""

    cache_ok = True

    def _encode(self, value: Any) -> bytes:
        return bytes(value)

    def _decode(self, value: bytes) -> Any:
        return value


class SealedJSON(SealedText):
    """A JSON column that is sealed at rest."""

    cache_ok = True

    def _encode(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

    def _decode(self, value: bytes) -> Any:
        return json.loads(value)
