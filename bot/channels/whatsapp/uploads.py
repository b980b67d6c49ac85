"""Recordings that Meta has already: the same sentence goes to many people, its sound only once."""

from __future__ import annotations

import hashlib
import time

from bot.channels.whatsapp.client import CloudApi

# Meta keeps an upload for 30 days; renewed long before, in seconds.
_GOOD_FOR = 7 * 86_400.0
_MOST = 1000


class Uploads:
    """The ids of what one process has uploaded."""

    def __init__(self, api: CloudApi) -> None:
        self._api = api
        self._known: dict[bytes, tuple[str, float]] = {}

    async def id_of(self, sound: bytes) -> str:
        """Return the id of a recording, uploading it unless that was done lately.

        Raises:
            SendError: the upload was not accepted.
        """
        digest = hashlib.sha256(sound).digest()
        media_id, until = self._known.get(digest, ("", 0.0))
        if time.monotonic() < until:
            return media_id
        media_id = await self._api.upload(sound)
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[digest] = (media_id, time.monotonic() + _GOOD_FOR)
        return media_id
