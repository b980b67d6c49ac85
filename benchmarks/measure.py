"""One measurement for both sides: the same question, the same people, the same clock.

They take turns, some messages each: the speed of a shared machine changes from minute to minute.
"""

from __future__ import annotations

import http.client
import json
import socket
import statistics
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

QUESTION = "l'argent du mois est tombé ?"
ONE_AT_A_TIME = 100
AT_ONCE, AT_ONCE_MESSAGES = 10, 300
HISTORY = 1000
_IN_A_ROW = 50
_EDGE = 100
# Servers close a connection that nobody uses for some seconds.
_OPEN_FOR_S = 2.0
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
        """Return what is at ``path``.

        Raises:
            OSError: nobody listens.
            RuntimeError: the status is not 200.
        """
        return self._ask("GET", path, None, {})

    def post(self, path: str, content: object, headers: Mapping[str, str]) -> bytes:
        """Post JSON; return the answer's body. Raises as ``get`` does."""
        return self._ask(
            "POST", path, json.dumps(content), {"Content-Type": "application/json", **headers}
        )

    def _ask(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> bytes:
        if not hasattr(self._own, "connection"):
            self._own.connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
            self._own.used_at = time.monotonic()
        connection = self._own.connection
        if time.monotonic() - self._own.used_at > _OPEN_FOR_S:
            connection.close()  # the next request opens it again
        self._own.used_at = time.monotonic()
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


def measure(sides: Sequence[Side], history: int = HISTORY) -> list[Figures]:
    """Measure started sides."""
    _by_turns(sides, [f"warm-up-{n}" for n in range(WARM_UP)], _ask_in_a_row)
    single = _by_turns(sides, [f"single-{n}" for n in range(ONE_AT_A_TIME)], _ask_in_a_row)
    at_once = _by_turns(sides, [f"many-{n}" for n in range(AT_ONCE_MESSAGES)], _ask_at_once)
    grown = _by_turns(sides, ["history"] * history, _ask_in_a_row)
    return [
        Figures(
            side.name,
            median_ms=1000 * statistics.median(single[side]),
            slowest_tenth_ms=1000 * statistics.quantiles(single[side], n=10)[-1],
            per_second=AT_ONCE_MESSAGES / sum(at_once[side]),
            first_ms=1000 * statistics.median(grown[side][:_EDGE]),
            last_ms=1000 * statistics.median(grown[side][-_EDGE:]),
            memory_mb={role: resident_mb(pid) for role, pid in side.processes().items()},
        )
        for side in sides
    ]


def _by_turns(
    sides: Sequence[Side], people: Sequence[str], ask: Callable[[Side, Sequence[str]], list[float]]
) -> dict[Side, list[float]]:
    """Let each side answer some, then the other; return the seconds of each in their order."""
    seconds: dict[Side, list[float]] = {side: [] for side in sides}
    for start in range(0, len(people), _IN_A_ROW):
        for side in sides:
            seconds[side] += ask(side, people[start : start + _IN_A_ROW])
    return seconds


def _ask_in_a_row(side: Side, people: Sequence[str]) -> list[float]:
    return [side.ask(person) for person in people]


def _ask_at_once(side: Side, people: Sequence[str]) -> list[float]:
    """Return the seconds that all together took."""
    started = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(side.ask, people))
    return [time.perf_counter() - started]


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
