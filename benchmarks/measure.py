"""One measurement for both sides: the same question, the same people, the same clock."""

from __future__ import annotations

import socket
import statistics
import time
from abc import ABC, abstractmethod
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

QUESTION = "l'argent du mois est tombé ?"
ONE_AT_A_TIME = 100
AT_ONCE, AT_ONCE_MESSAGES = 10, 300
HISTORY = 1000
_EDGE = 100
WARM_UP = 20


class Side(ABC):
    """One installation under measurement."""

    name: str

    @abstractmethod
    def prepare(self, people: list[str]) -> None:
        """Make the people and train what must be trained."""

    @abstractmethod
    def start(self) -> float:
        """Start; return the seconds until the first answer."""

    @abstractmethod
    def ask(self, person: str) -> float:
        """Ask as one person; return the seconds until the answer is with the provider."""

    @abstractmethod
    def processes(self) -> dict[str, int]:
        """Return the process ids by role."""

    @abstractmethod
    def stop(self) -> None:
        """Stop."""


@dataclass
class Figures:
    """What was measured. Times in milliseconds, memory in megabytes."""

    name: str
    start_s: float = 0
    median_ms: float = 0
    slowest_tenth_ms: float = 0
    per_second: float = 0
    first_ms: float = 0
    last_ms: float = 0
    memory_mb: dict[str, int] = field(default_factory=dict)


def people() -> list[str]:
    """Return the made-up people that both sides know."""
    return [
        *(f"warm-up-{n}" for n in range(WARM_UP)),
        *(f"single-{n}" for n in range(ONE_AT_A_TIME)),
        *(f"many-{n}" for n in range(AT_ONCE_MESSAGES)),
        "history",
    ]


def measure(side: Side, history: int = HISTORY) -> Figures:
    """Measure a started side."""
    figures = Figures(side.name)
    for n in range(WARM_UP):
        side.ask(f"warm-up-{n}")
    single = [side.ask(f"single-{n}") for n in range(ONE_AT_A_TIME)]
    figures.median_ms = 1000 * statistics.median(single)
    figures.slowest_tenth_ms = 1000 * statistics.quantiles(single, n=10)[-1]
    started = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(side.ask, (f"many-{n}" for n in range(AT_ONCE_MESSAGES))))
    figures.per_second = AT_ONCE_MESSAGES / (time.perf_counter() - started)
    grown = [side.ask("history") for _ in range(history)]
    figures.first_ms = 1000 * statistics.median(grown[:_EDGE])
    figures.last_ms = 1000 * statistics.median(grown[-_EDGE:])
    figures.memory_mb = {role: resident_mb(pid) for role, pid in side.processes().items()}
    return figures


def resident_mb(pid: int) -> int:
    """Return a process's resident memory (Linux)."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return 0
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) // 1024


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
