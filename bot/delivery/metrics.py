"""What an administrator watches. Counts and times only: nothing about anybody."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram


class Metrics:
    """The process's counters, in registries of their own.

    ``registry`` is shown by the web process that counts; of ``shared`` it shows its own and what
    workers hand over through the database (``bot.delivery.figures``).
    """

    TURN_SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5)

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.shared = CollectorRegistry()
        self.received = Counter(
            "akoma_messages_received_total",
            "Recorded messages",
            ["channel"],
            registry=self.registry,
        )
        self.repeated_deliveries = Counter(
            "akoma_repeated_deliveries_total",
            "Deliveries of a message that was recorded before",
            ["channel"],
            registry=self.registry,
        )
        self.sent = Counter(
            "akoma_messages_sent_total",
            "Accepted by the provider",
            ["channel"],
            registry=self.shared,
        )
        self.send_failures = Counter(
            "akoma_send_failures_total",
            "Attempts that failed, by kind",
            ["channel", "kind"],
            registry=self.shared,
        )
        self.uncertain_resends = Counter(
            "akoma_uncertain_resends_total",
            "Messages sent again after a process died between the provider's yes and our commit",
            ["channel"],
            registry=self.shared,
        )
        self.turn_seconds = Histogram(
            "akoma_turn_seconds",
            "From the claim of a message to the commit of its answer",
            buckets=self.TURN_SECONDS,
            registry=self.shared,
        )
        self.turn_failures = Counter(
            "akoma_turn_failures", "Turns that raised", registry=self.shared
        )
