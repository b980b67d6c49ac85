"""One measurement for both sides: the same question, the same people, the same clock."""

from __future__ import annotations

import http.client
import json
import socket
import statistics
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
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


class Client:
    """Asks a local server, over one open connection a thread.

    Not httpx: it takes most of a millisecond for each question, which is part of nobody's turn.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._own = threading.local()

    def get(self, path: str) -> bytes:
        """Return what is at ``path``. Raises OSError where nobody listens."""
        return self._ask("GET", path, None, {})

    def post(self, path: str, content: object, headers: Mapping[str, str]) -> bytes:
        """Post JSON; return the answer's body. Raises RuntimeError unless the status is 200."""
        return self._ask(
            "POST", path, json.dumps(content), {"Content-Type": "application/json", **headers}
        )

    def _ask(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> bytes:
        if not hasattr(self._own, "connection"):
            self._own.connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        connection = self._own.connection
        try:
            connection.request(method, path, body, dict(headers))
            response = connection.getresponse()
            content: bytes = response.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            raise
        if response.status != 200:
            raise RuntimeError(f"{response.status}: {content.decode()}")
        return content


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
