"""Akoma as it runs: real processes on a real database, with local stand-ins for the platforms."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from bot.settings import PROJECT
from tests.conftest import KEYS
from tests.platforms.telegram_server import TelegramServer
from tests.platforms.whatsapp_server import WhatsAppServer

# Loading the model takes some seconds, and more on a busy machine.
_START_TIMEOUT = 90.0


class Akoma:
    """One installation: its settings, and the processes that run on it."""

    def __init__(
        self,
        database_url: str,
        model_path: Path,
        telegram: TelegramServer | None = None,
        whatsapp: WhatsAppServer | None = None,
        *,
        demo: bool = False,
    ) -> None:
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._demo = demo
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AKOMA_")},
            "AKOMA_DATABASE_URL": database_url,
            "AKOMA_SECRET_KEY": ",".join(KEYS),
            "AKOMA_PORT": str(self.port),
            "AKOMA_MODEL_PATH": str(model_path),
            "RASA_TELEMETRY_ENABLED": "false",
        }
        if telegram is not None:
            self.environment |= {
                "AKOMA_TELEGRAM_TOKEN": telegram.token,
                "AKOMA_TELEGRAM_BASE_URL": telegram.base_url,
            }
        if whatsapp is not None:
            self.environment |= {
                "AKOMA_WHATSAPP_TOKEN": whatsapp.token,
                "AKOMA_WHATSAPP_PHONE_ID": whatsapp.phone_id,
                "AKOMA_WHATSAPP_APP_SECRET": whatsapp.app_secret,
                "AKOMA_WHATSAPP_VERIFY_TOKEN": whatsapp.verify_token,
                "AKOMA_WHATSAPP_API_VERSION": whatsapp.version,
                "AKOMA_WHATSAPP_BASE_URL": whatsapp.base_url,
            }
            whatsapp.webhook_url = f"{self.url}/webhooks/whatsapp"

    def start(self, role: str = "all", *, wait_for_dialogue: bool = True) -> None:
        """Start one role and wait until it is ready."""
        command = [sys.executable, "-m", "bot", "run", "--role", role]
        if self._demo:
            command.append("--demo")
        self._processes[role] = subprocess.Popen(
            command, cwd=PROJECT, env=self.environment, start_new_session=True
        )
        if role != "worker":
            self.wait_until(lambda: self.readiness() is not None)
        if role == "worker" or (role == "all" and wait_for_dialogue):
            self.wait_until(lambda: (self.readiness() or {}).get("dialogue") == "ready")

    def readiness(self) -> dict[str, str] | None:
        """Return the body of /readyz, or None while nobody answers there."""
        try:
            return httpx.get(f"{self.url}/readyz", timeout=5).json()
        except httpx.HTTPError:
            return None

    def kill(self, role: str = "all") -> None:
        """Kill the processes of a role the hard way, its children too."""
        process = self._processes.pop(role, None)
        if process is not None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def stop(self) -> None:
        """Stop all that runs."""
        for process in self._processes.values():
            process.terminate()
        for role in list(self._processes):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._processes[role].wait(15)
            self.kill_if_alive(role)

    def kill_if_alive(self, role: str) -> None:
        """Make sure that nothing of a role is left."""
        process = self._processes.pop(role)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def run(self, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
        """Run one command of ``python -m bot`` to its end."""
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=PROJECT,
            env=self.environment,
            input=text,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    @staticmethod
    def wait_until(happened: Callable[[], bool], timeout: float = _START_TIMEOUT) -> None:
        """Wait until something has happened."""
        deadline = time.monotonic() + timeout
        while not happened():
            if time.monotonic() > deadline:
                raise AssertionError(f"did not happen within {timeout} s")
            time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
