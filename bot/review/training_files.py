"""One line more in a file of ``nlu/``, all other lines left as they are: a difference to review."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DRAFT = "# draft: not yet read by a native speaker\n"
_BULLET = "    - "


def add_intent_example(folder: Path, intent: str, example: str) -> Path:
    """Add an example to an intent, in the file of a language's folder that has most of its own."""
    holders = [
        (path, block) for path in sorted(folder.glob("nlu*.yml")) for block in _blocks(path, intent)
    ]
    if not holders:
        path = next(iter(sorted(folder.glob("nlu*.yml"))), folder / "nlu.yml")
        text = (
            path.read_text(encoding="utf-8") if path.exists() else f'{_DRAFT}version: "3.1"\nnlu:\n'
        )
        section = f"- intent: {intent}\n  examples: |\n{_BULLET}{example}\n"
        path.write_text(f"{text.rstrip()}\n{section}", encoding="utf-8")
        return path
    path, (_, last) = max(holders, key=lambda holder: holder[1][1] - holder[1][0])
    _insert(path, last, [f"{_BULLET}{example}"])
    return path


def add_flag_example(folder: Path, keys: Sequence[str], example: str | dict[str, str]) -> Path:
    """Add an example to ``red_flags.yml`` under its keys, as ("positives", "fear", "high")."""
    path = folder / "red_flags.yml"
    if not path.exists():
        path.write_text(f"{_DRAFT}positives:\nnegatives:\n", encoding="utf-8")
    node = _compose(path)
    for depth, key in enumerate(keys):
        value = _value(node, key)
        if value is None or _is_empty(value):
            after = _last_line(node) if value is None else value.start_mark.line
            _insert(path, after, _new_branch(node, keys[depth:], example, with_key=value is None))
            return path
        node = value
    _insert(path, _last_line(node), [f"{' ' * node.start_mark.column}- {_scalar(example)}"])
    return path


def _blocks(path: Path, intent: str) -> list[tuple[int, int]]:
    """Return the first and last line of each list of examples of an intent in a file."""
    sections = _value(_compose(path), "nlu")
    if not isinstance(sections, SequenceNode):
        return []
    found = []
    lines = path.read_text(encoding="utf-8").splitlines()
    for section in sections.value:
        name, examples = _value(section, "intent"), _value(section, "examples")
        if name is None or examples is None or name.value != intent:
            continue
        first = last = examples.start_mark.line
        while last + 1 < len(lines) and lines[last + 1].startswith(_BULLET):
            last += 1
        found.append((first, last))
    return found


def _compose(path: Path) -> Node:
    node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_LOADER)
    if node is None:
        raise ValueError(f"{path} is empty")
    return node


def _value(node: Node, key: str) -> Any:
    if not isinstance(node, MappingNode):
        return None
    return next((value for name, value in node.value if name.value == key), None)


def _is_empty(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.value == ""


def _last_line(node: Node) -> int:
    """Return the line on which the last word of a node stands: comments behind it are others'."""
    if isinstance(node, MappingNode) and node.value:
        return _last_line(node.value[-1][1])
    if isinstance(node, SequenceNode) and node.value:
        return _last_line(node.value[-1])
    end: int = node.end_mark.line
    return end


def _new_branch(
    node: Node, keys: Sequence[str], example: str | dict[str, str], *, with_key: bool
) -> list[str]:
    indent = node.start_mark.column
    lines = [f"{' ' * (indent + 2 * depth)}{key}:" for depth, key in enumerate(keys)]
    lines.append(f"{' ' * (indent + 2 * len(keys))}- {_scalar(example)}")
    return lines if with_key else lines[1:]


def _scalar(example: str | dict[str, str]) -> str:
    dumped = yaml.safe_dump(
        example, allow_unicode=True, width=10_000, default_flow_style=True, sort_keys=False
    )
    return dumped.removesuffix("...\n").rstrip("\n")


def _insert(path: Path, after: int, new: list[str]) -> None:
    """Write lines behind line number ``after`` (from 0)."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    if not lines[after].endswith("\n"):
        lines[after] += "\n"
    lines[after + 1 : after + 1] = [f"{line}\n" for line in new]
    path.write_text("".join(lines), encoding="utf-8")
