"""What the dialogue remembers of a conversation: little, and never more with time.

A tracker is rebuilt for each message from what the last one left: the events of the last few
turns, without a word of what was said, and the values of the slots before them. Where a form is
open, the turn that opened it is kept too, however long ago. Rasa predicts from that as from the
whole story, since its rules look back a turn or two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    Event,
    LoopInterrupted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.delivery.ports import Memory

# A form left open this long is not resumed: "2" tomorrow answers no question of today.
FORM_LASTS = timedelta(hours=24)

_TURNS_KEPT = 2
# What policies predict from (not what the bot said), with the attributes that make it up again.
_REMEMBERED: dict[str, tuple[type[Event], tuple[str, ...]]] = {
    "action": (ActionExecuted, ("action_name", "hide_rule_turn")),
    "form": (ActiveLoop, ("name",)),
    "interrupted": (LoopInterrupted, ("is_interrupted",)),
    "rejected": (ActionExecutionRejected, ("action_name",)),
    "slot": (SlotSet, ("key", "value")),
    "user": (UserUttered, ("intent", "entities")),
}
_KINDS = {type_: kind for kind, (type_, _attributes) in _REMEMBERED.items()}

# Where nothing is remembered the bot listens. Rasa would run an action to begin a session.
_BEGINNING = (ActionExecuted(ACTION_LISTEN_NAME),)

_Turn = list[Event]


def recall(
    memory: Memory | None, sender_id: str, domain: Domain, now: datetime
) -> DialogueStateTracker:
    """Rebuild the tracker that ``remember`` took leave of.

    A form that was left open too long, or that no longer exists, is closed and its answers are
    forgotten; all other slots are kept.
    """
    if memory is None:
        return DialogueStateTracker.from_events(sender_id, _BEGINNING, domain.slots)
    events = [_read(record) for record in memory["events"]]
    tracker = DialogueStateTracker.from_events(sender_id, events, domain.slots)
    form = tracker.active_loop_name
    too_old = now - datetime.fromisoformat(memory["at"]) > FORM_LASTS
    if form is not None and (too_old or form not in domain.form_names):
        _close(form, tracker, domain)
    return tracker


def remember(tracker: DialogueStateTracker, now: datetime) -> Memory:
    """Return what the next message needs, as plain JSON values."""
    if tracker.latest_action_name != ACTION_LISTEN_NAME:
        # Rasa gave up predicting; a message always follows a listening bot.
        tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
    events = [event for event in tracker.applied_events() if type(event) in _KINDS]
    kept = _last_of_each_slot(_compact(_turns(events), tracker.active_loop_name))
    return {"at": now.isoformat(), "events": [_write(event) for event in kept]}


def _close(form: str, tracker: DialogueStateTracker, domain: Domain) -> None:
    answers = domain.required_slots_for_form(form) if form in domain.form_names else []
    events = [SlotSet(slot, None) for slot in (REQUESTED_SLOT, *answers)]
    tracker.update_with_events([ActiveLoop(None), *events], domain)


def _turns(events: Iterable[Event]) -> list[_Turn]:
    """Split before each ``action_listen``; what stands before the first one is a turn too."""
    turns: list[_Turn] = [[]]
    for event in events:
        if isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME:
            turns.append([])
        turns[-1].append(event)
    return turns


def _compact(turns: list[_Turn], form: str | None) -> Iterator[Event]:
    """Yield the last turns and the one that opened ``form`` whole, of others the slots."""
    # The last of ``turns`` is the bot that listens now.
    first_kept = len(turns) - 1 - _TURNS_KEPT
    opened_at = _where_opened(turns, form)
    for position, turn in enumerate(turns):
        whole = position >= first_kept or position == opened_at
        yield from (event for event in turn if whole or isinstance(event, SlotSet))


def _where_opened(turns: list[_Turn], form: str | None) -> int | None:
    if form is None:
        return None
    return max(
        position
        for position, turn in enumerate(turns)
        if any(isinstance(event, ActiveLoop) and event.name == form for event in turn)
    )


def _last_of_each_slot(events: Iterable[Event]) -> Iterator[Event]:
    """Of slots set several times in a row, yield the last value of each."""
    row: dict[str, Event] = {}
    for event in events:
        if isinstance(event, SlotSet):
            row.pop(event.key, None)
            row[event.key] = event
            continue
        yield from row.values()
        row.clear()
        yield event
    yield from row.values()


# Rasa's own way from a dictionary to an event looks through all classes of events each time.
def _write(event: Event) -> list[Any]:
    kind = _KINDS[type(event)]
    values = [getattr(event, attribute) for attribute in _REMEMBERED[kind][1]]
    if isinstance(event, UserUttered):
        values = [event.intent, [_without_words(entity) for entity in event.entities]]
    return [kind, *values]


def _read(written: list[Any]) -> Event:
    kind, *values = written
    type_, attributes = _REMEMBERED[kind]
    return type_(**dict(zip(attributes, values, strict=True)))


def _without_words(entity: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {"entity": entity["entity"], "value": None}
    kept.update((name, entity[name]) for name in ("role", "group") if name in entity)
    return kept
