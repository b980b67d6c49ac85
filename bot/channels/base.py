"""What every channel has in common: the messages it hands in, the replies it is handed.

A channel translates between a provider's protocol and these types, and nothing else: it verifies,
parses, sends and raises. It decides no message's fate and knows no rule of the follow-up.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf
from typing import Literal

from starlette.routing import BaseRoute

from bot.channels.errors import SendError

# The largest file that is fetched, in bytes: what WhatsApp takes of voice notes and films. Nearly
# all pictures have less than 1 MB.
LARGEST_FILE = 16 * 1024 * 1024

MessageKind = Literal["text", "choice", "voice", "photo", "location", "contact", "edited"]
Receipt = Literal["sent", "delivered", "read", "failed"]


@dataclass(frozen=True)
class Inbound:
    """One message from a person, as the provider delivered it.

    ``provider_id`` is unique on the channel for ever: a delivery that is repeated carries the same.
    ``text`` is what was written (a caption for a picture); ``token`` is the opaque token of a
    pressed button; ``code`` is the payload of a deep link. ``media`` refers to what ``fetch_media``
    can fetch. ``origin`` is what the channel needs to erase or acknowledge it later.
    """

    provider_id: str
    address: str = field(repr=False)
    kind: MessageKind
    sent_at: datetime
    text: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    code: str = field(default="", repr=False)
    media: str = field(default="", repr=False)
    origin: str = ""


@dataclass(frozen=True)
class DeliveryUpdate:
    """What a provider says of a message that we sent. Updates come in any order, and repeat.

    A provider may accept a message and refuse it later: ``failure`` is then what ``send`` would
    have raised, and ``error`` its code. ``address``: to whom it went, where that is told.
    """

    message_id: str
    receipt: Receipt
    at: datetime
    error: str = ""
    failure: SendError | None = field(default=None, compare=False)
    address: str = field(default="", repr=False)


@dataclass(frozen=True)
class Reachability:
    """The person blocked the bot (``reachable`` false) or let it in again."""

    address: str = field(repr=False)
    reachable: bool
    at: datetime


Event = Inbound | DeliveryUpdate | Reachability


class Intake(ABC):
    """Where a channel hands in what came. It returns only once all of it is committed."""

    @abstractmethod
    async def __call__(self, channel: str, events: Sequence[Event]) -> None:
        """Record ``events``. An exception means: not recorded, do not acknowledge."""


@dataclass(frozen=True)
class Choice:
    """Something to answer by a button, or by typing ``key`` or ``title``."""

    key: str
    title: str
    token: str


@dataclass(frozen=True)
class Outbound:
    """One reply in the terms of no channel. ``choices`` are in the order to show them."""

    text: str = field(repr=False)
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Limits:
    """What a channel can show, and how fast it may be written to.

    Lengths are in characters; ``window``: how long one may write freely; ``audio``: the largest
    recording in bytes, 0 where it takes none. ``per_second`` counts
    the messages of all senders together, ``per_chat_interval`` lies between two to one address on
    average, of which ``per_chat_burst`` may leave at once after a silence: all are kept by all
    processes together through ``bot.db.slots``.
    """

    text: int
    buttons: int
    button_title: int
    list_rows: int = 0
    list_title: int = 0
    window: timedelta | None = None
    per_second: float = inf
    per_chat_interval: timedelta = timedelta(0)
    # An answer in two or three bubbles leaves at once.
    per_chat_burst: int = 3
    audio: int = 0


@dataclass(frozen=True)
class Rendered:
    """A reply in the form that one channel can show: buttons, or a list, or numbered text."""

    text: str = field(repr=False)
    buttons: tuple[Choice, ...] = ()
    rows: tuple[Choice, ...] = ()


def label(choice: Choice) -> str:
    """Return what a button shows: its key and its title ("1 Oui"), so that it can be typed too."""
    return f"{choice.key} {choice.title}".strip()


def room_for_titles(limits: Limits, count: int) -> int | None:
    """Return how long the labels of ``count`` choices may be: as buttons, else as rows of a list.

    None where so many are lines of the text anyway.
    """
    if count <= limits.buttons:
        return limits.button_title
    return limits.list_title if count <= limits.list_rows else None


def render(message: Outbound, limits: Limits) -> list[Rendered]:
    """Fit a reply to a channel, by construction: nothing is cut that carries meaning.

    Choices become buttons if all fit, else list rows if all fit, else numbered lines under the
    text. A text over the limit is split at paragraph or line ends; choices go with the last part.
    No part is empty (providers refuse those) unless the whole text is.
    """
    choices, text = message.choices, message.text
    labels = [label(choice) for choice in choices]
    buttons = rows = ()  # type: tuple[Choice, ...]
    if choices:
        longest = max(map(len, labels))
        if len(choices) <= limits.buttons and longest <= limits.button_title:
            buttons = choices
        elif len(choices) <= limits.list_rows and longest <= limits.list_title:
            rows = choices
        else:
            text = "\n".join([text, *labels])
    parts = _split(text.strip(), limits.text)
    plain = [Rendered(part) for part in parts[:-1]]
    return [*plain, Rendered(parts[-1], buttons, rows)]


def _split(text: str, limit: int) -> list[str]:
    parts = []
    while len(text) > limit:
        cut = next(
            (at for mark in ("\n\n", "\n", " ") if (at := text.rfind(mark, 1, limit)) > 0), limit
        )
        parts.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*parts, text]


class Channel(ABC):
    """One way to reach people. Built by the registry when its token is set."""

    name: str
    limits: Limits

    def routes(self, intake: Intake) -> list[BaseRoute]:
        """Return the channel's web addresses (its webhook), if it has any."""
        return []

    async def run(self, intake: Intake) -> None:
        """Run what the channel needs besides its routes (a poller) until cancelled."""

    @abstractmethod
    async def send(self, address: str, message: Rendered) -> str:
        """Send one message and return the provider's id of it.

        Raises:
            SendError: one of ``bot.channels.errors``; the message was not accepted.
        """

    async def send_template(self, address: str, language: str, text: str, token: str = "") -> str:
        """Send the neutral notice outside the window. Channels without a window just send it.

        Args:
            address: whose phone.
            language: of ours; the template is approved in some.
            text: the notice, where the wording is not the template's own.
            token: what the template's button brings back when it is pressed.

        Raises:
            SendError: the message was not accepted.
        """
        return await self.send(address, Rendered(text))

    async def send_audio(self, address: str, sound: bytes) -> str:
        """Send a recorded voice and return the provider's id of it.

        Args:
            address: whose phone.
            sound: mono OGG/Opus, not larger than ``limits.audio``.

        Raises:
            SendError: it was not accepted.
        """
        raise NotImplementedError(f"{self.name} carries no audio")

    async def erase(self, address: str, message_ids: Sequence[str]) -> None:
        """Delete messages on the person's phone as far as the provider can (both sides')."""

    async def fetch_media(self, media: str) -> bytes:
        """Return the bytes of a voice note, picture or document.

        Raises:
            TooLarge: it has more than ``LARGEST_FILE``.
            SendError: it could not be fetched.
        """
        raise NotImplementedError(f"{self.name} carries no media")

    async def close(self) -> None:
        """Close connections."""
