"""One case on a partner's page, and where such cases come from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection, Row

from bot.console.words import Words
from bot.i18n.translator import Translate


@dataclass(frozen=True)
class ReferredCase:
    """What a partner may know of a case that was referred to them: no word of what was written.

    Attributes:
        key: stays the same as long as it is the same case.
        who: whose case it is, as far as the person agreed to it being told.
        wanted: what is asked of the partner.
        state: how far it has come, in words.
        at: since when it is with the partner.
        contact: whom of the structure to ask.
        href: below the console's root; "" leads nowhere.
        waits: the partner has not answered yet; what waits comes first, the longest before.
    """

    key: str
    who: str
    wanted: str
    state: str
    at: datetime
    contact: str = ""
    href: str = ""
    waits: bool = False


@dataclass(frozen=True)
class PartnerLook:
    """A partner's look at their cases: who looks, when, and the words to say it in."""

    connection: Connection
    member: Row
    now: datetime
    say: Words
    translate: Translate


Load = Callable[[PartnerLook], list[ReferredCase]]
