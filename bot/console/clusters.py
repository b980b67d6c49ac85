"""Several people in danger in one place on one day: shown as one thing, because it may be one.

A place is the workshop or school somebody goes to, where five meet there; else the structure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Generic, Protocol, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Row


class Grave(Protocol):
    """Something of a severity."""

    @property
    def severity(self) -> str:
        """How grave it is."""


Entry = TypeVar("Entry", bound=Grave)
_Key = tuple[str, date]

PEOPLE = 5
# Alerts about how somebody is; a task or a payment makes no cluster.
KINDS = ("red_flag", "safe_word", "low_score")


@dataclass(frozen=True)
class Sign:
    """What tells whether an entry belongs to a cluster."""

    person_id: int
    day: date
    opened_at: datetime
    place: str | None
    structure: str


@dataclass(frozen=True)
class Cluster(Generic[Entry]):
    """Entries about people in one place on one day.

    Attributes:
        people: how many in all, on whatever page.
        opened_at: when the first of it came.
        lead: the first of all its entries: where it stands, all of it stands.
        entries: those of one page, in their order.
        critical: how many of all its entries are critical.
    """

    place: str
    people: int
    opened_at: datetime
    lead: Entry
    entries: tuple[Entry, ...]
    critical: int


def sign_of(alert: Row, timezone: str) -> Sign | None:
    """Return the sign of an alert as ``list_alerts`` describes it; None where it is none."""
    if alert.kind not in KINDS or alert.person_id is None:
        return None
    day = alert.opened_at.astimezone(ZoneInfo(timezone)).date()
    return Sign(alert.person_id, day, alert.opened_at, alert.place, alert.structure_name or "")


def one_page(
    entries: Sequence[Entry],
    sign: Callable[[Entry], Sign | None],
    start: int,
    size: int,
) -> list[Entry | Cluster[Entry]]:
    """Return ``size`` of the entries, those of a cluster together where its first one stands.

    None is lost: a cluster goes on on the next page.
    """
    signs = [sign(entry) for entry in entries]
    key_of = _clustered(signs)
    members: dict[_Key, list[tuple[Entry, Sign]]] = defaultdict(list)
    arranged: list[tuple[_Key | None, list[Entry]]] = []
    for entry, found in zip(entries, signs, strict=True):
        key = key_of(found)
        if found is None or key is None:
            arranged.append((None, [entry]))
            continue
        if key not in members:
            arranged.append((key, []))
        members[key].append((entry, found))
    flat = [
        (key, entry)
        for key, single in arranged
        for entry in (single if key is None else [each for each, _ in members[key]])
    ]
    rows: list[Entry | Cluster[Entry]] = []
    for key, group in groupby(flat[start : start + size], lambda pair: pair[0]):
        shown = tuple(entry for _, entry in group)
        rows.extend(shown if key is None else [_cluster(key, members[key], shown)])
    return rows


def leads(entries: Sequence[Entry], sign: Callable[[Entry], Sign | None]) -> list[Entry]:
    """Return for each entry where it stands: with the first of its cluster, or by itself."""
    signs = [sign(entry) for entry in entries]
    key_of = _clustered(signs)
    first: dict[_Key, Entry] = {}
    found: list[Entry] = []
    for entry, its in zip(entries, signs, strict=True):
        key = key_of(its)
        found.append(entry if key is None else first.setdefault(key, entry))
    return found


def _cluster(
    key: _Key, members: list[tuple[Entry, Sign]], shown: tuple[Entry, ...]
) -> Cluster[Entry]:
    people = len({found.person_id for _, found in members})
    critical = sum(entry.severity == "critical" for entry, _ in members)
    opened_at = min(found.opened_at for _, found in members)
    return Cluster(key[0], people, opened_at, members[0][0], shown, critical)


def _clustered(
    signs: Sequence[Sign | None],
) -> Callable[[Sign | None], _Key | None]:
    known = [found for found in signs if found is not None]
    places = _crowded((found.place, found.day, found.person_id) for found in known)
    rest = [found for found in known if (found.place, found.day) not in places]
    structures = _crowded((found.structure, found.day, found.person_id) for found in rest)

    def key_of(found: Sign | None) -> _Key | None:
        if found is None:
            return None
        if found.place and (found.place, found.day) in places:
            return found.place, found.day
        if (found.structure, found.day) in structures:
            return found.structure, found.day
        return None

    return key_of


def _crowded(where: Iterable[tuple[str | None, date, int]]) -> set[_Key]:
    people: dict[_Key, set[int]] = defaultdict(set)
    for place, day, person_id in where:
        if place:
            people[place, day].add(person_id)
    return {key for key, found in people.items() if len(found) >= PEOPLE}
