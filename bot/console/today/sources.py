"""The one list of where the rows of today come from: adding one is one line."""

from __future__ import annotations

from bot.console.today import alerts, appointments, money, promises, voice, waiting
from bot.console.today.item import Source

SOURCES: tuple[Source, ...] = (
    Source("alerts", alerts.title, alerts.load),
    Source("voice", voice.title, voice.load),
    Source("waiting", waiting.title, waiting.load),
    Source("appointments", appointments.title, appointments.load),
    Source("money", money.title, money.load),
    Source("promises", promises.title, promises.load),
)
