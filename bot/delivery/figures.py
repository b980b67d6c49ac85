"""What workers count, in the database: the web role shows it on ``/metrics`` with its own.

A worker may be on another machine and answers no requests, so it adds what it has counted to rows
that all workers share. The sums only rise, also when a worker starts anew; what was counted in the
last seconds before a kill is missing in them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from prometheus_client import CollectorRegistry
from prometheus_client.core import Metric
from sqlalchemy import select, update
from sqlalchemy.engine import Connection

from bot.db.inserts import insert_if_absent
from bot.db.tables import figure
from bot.delivery.metrics import Metrics


class Figures:
    """What this process has counted and not handed over yet. Not for several threads at once."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._handed_over: dict[str, float] = {}

    def hand_over(self, connection: Connection) -> Mapping[str, float]:
        """Add what is new to the rows; ``settle`` what is returned once that is committed."""
        counted = {
            _row_of(sample.name, sample.labels): sample.value
            for metric in _counted(self._metrics.shared)
            for sample in metric.samples
        }
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


def with_those_of_workers(connection: Connection, metrics: Metrics) -> CollectorRegistry:
    """Return what this process shares with workers plus what they have handed over.

    It is a registry, as Prometheus' client can print one.
    """
    rows = dict(connection.execute(select(figure.c.name, figure.c.value)).all())
    registry = CollectorRegistry()
    registry.register(_Sum(metrics.shared, rows))
    return registry


class _Sum:
    def __init__(self, own: CollectorRegistry, rows: Mapping[str, float]) -> None:
        self._own = own
        self._rows = rows

    def collect(self) -> Iterator[Metric]:
        for metric in _counted(self._own):
            found = {_row_of(sample.name, sample.labels): sample for sample in metric.samples}
            total = Metric(metric.name, metric.documentation, metric.type)
            names = {sample.name for sample in metric.samples} | {f"{metric.name}_total"}
            only_theirs = (row for row in self._rows if row not in found)
            for row in [*found, *sorted(only_theirs)]:
                name, labels = _name_and_labels(row)
                if name in names:
                    own = found[row].value if row in found else 0
                    total.add_sample(name, labels, own + self._rows.get(row, 0))
            yield total


def _counted(registry: CollectorRegistry) -> Iterable[Metric]:
    for metric in registry.collect():
        metric.samples = [s for s in metric.samples if not s.name.endswith("_created")]
        yield metric


def _row_of(name: str, labels: Mapping[str, str]) -> str:
    return name + json.dumps(labels, sort_keys=True, separators=(",", ":")) if labels else name


def _name_and_labels(row: str) -> tuple[str, dict[str, str]]:
    name, brace, labels = row.partition("{")
    return name, json.loads(brace + labels) if brace else {}
