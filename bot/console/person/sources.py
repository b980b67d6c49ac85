"""The lists of where a file's entries come from: adding one is one line.

``TIMELINE``: what has happened; ``UNDER_WAY``: what is planned, or waits for an answer.
"""

from __future__ import annotations

from bot.console.person.entry import Load, TimelineSource
from bot.console.person.timeline import (
    aid,
    alerts,
    appointments,
    checkins,
    consents,
    messages,
    notes,
    payments,
    promises,
    training,
)

TIMELINE: tuple[TimelineSource, ...] = (
    TimelineSource("messages", messages.title, messages.load),
    TimelineSource("checkins", checkins.title, checkins.load),
    TimelineSource("alerts", alerts.title, alerts.load),
    TimelineSource("notes", notes.title, notes.load),
    TimelineSource("appointments", appointments.title, appointments.load),
    TimelineSource("payments", payments.title, payments.load),
    TimelineSource("training", training.title, training.load),
    TimelineSource("aid", aid.title, aid.load),
    TimelineSource("consents", consents.title, consents.load),
)

UNDER_WAY: tuple[Load, ...] = (
    appointments.load_under_way,
    promises.load_under_way,
    aid.load_under_way,
    training.load_under_way,
    payments.load_under_way,
)
