"""Rows by which processes agree: who holds what, and when the next message may be sent."""

from __future__ import annotations

from sqlalchemy import Column, Float, String, Table

from bot.db.tables.base import metadata
from bot.db.types import UtcDateTime

# One holder at a time (a poller of a token); ``value`` is what the next holder goes on from.
lease = Table(
    "lease",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("holder", String(40)),
    Column("held_until", UtcDateTime),
    Column("value", String(40)),
)

# Rate limits shared by all senders: when the next message under a key may leave.
send_slot = Table(
    "send_slot",
    metadata,
    Column("key", String(120), primary_key=True),
    Column("free_at", UtcDateTime, nullable=False),
)

# What all workers have counted together, for the web role's /metrics.
figure = Table(
    "figure",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("value", Float, nullable=False),
)
