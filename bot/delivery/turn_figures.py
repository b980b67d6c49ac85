"""What workers count about their turns, in the database: the web role shows it on ``/metrics``.

A worker may be on another machine and answers no requests, so it adds what it has counted to rows
that all workers share. The sums only rise, also when a worker starts anew; what was counted in the
last seconds before a kill is missing in them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from sqlalchemy import select, update
from sqlalchemy.engine import Connection

from bot.db.inserts import insert_if_absent
from bot.db.tables import figure
from bot.delivery.metrics import FAILURES, SECONDS, Metrics

_COUNT, _SUM = f"{SECONDS}_count", f"{SECONDS}_sum"


class TurnFigures:
    """What this process has counted and not handed over yet. Not for several threads at once."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._handed_over: dict[str, float] = {}

    def hand_over(self, connection: Connection) -> Mapping[str, float]:
        """Add what is new to the rows; ``settle`` what is returned once that is committed."""
        counted = dict(_counted(self._metrics.turns))
        # All workers in the same order: none waits for a row while another waits for its row.
        for name in sorted(counted):
            rise = counted[name] - self._handed_over.get(name, 0)
            if rise:
                insert_if_absent(connection, figure, {"name": name, "value": 0})
                row = update(figure).where(figure.c.name == name)
                connection.execute(row.values(value=figure.c.value + rise))
        return counted

    def settle(self, counted: Mapping[str, float]) -> None:
        """Note that what ``hand_over`` returned is kept."""
        self._handed_over = dict(counted)


def recorded_figures(connection: Connection) -> CollectorRegistry:
    """Return what all workers have handed over, as something that Prometheus' client can print."""
    rows = dict(connection.execute(select(figure.c.name, figure.c.value)).all())
    registry = CollectorRegistry()
    registry.register(_Recorded(rows))
    return registry


class _Recorded:
    def __init__(self, rows: Mapping[str, float]) -> None:
        self._rows = rows

    def collect(self) -> Iterator[Metric]:
        failures = self._rows.get(f"{FAILURES}_total", 0)
        yield CounterMetricFamily(FAILURES, "Turns that raised", failures)
        prefix = f"{SECONDS}_bucket:"
        buckets = {
            name.removeprefix(prefix): value
            for name, value in self._rows.items()
            if name.startswith(prefix)
        }
        count = self._rows.get(_COUNT, 0)
        # A bucket that stayed empty has no row; the last one holds them all.
        limits = [str(float(limit)) for limit in Metrics.TURN_SECONDS]
        yield HistogramMetricFamily(
            SECONDS,
            "From the claim of a message to the commit of its answer",
            [*((limit, buckets.get(limit, 0)) for limit in limits), ("+Inf", count)],
            self._rows.get(_SUM, 0),
        )


def _counted(registry: CollectorRegistry) -> Iterator[tuple[str, float]]:
    for metric in registry.collect():
        for sample in metric.samples:
            if not sample.name.endswith("_created"):
                limit = sample.labels.get("le")
                yield sample.name if limit is None else f"{sample.name}:{limit}", sample.value
