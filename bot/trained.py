"""Whether a trained file is the one that today's inputs would give. No library; 0.2 seconds.

The stamp of the inputs is in the file's name, so that a file and its stamp can never disagree.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Trained:
    """A kind of trained file: ``<prefix><stamp><suffix>`` in the models' folder.

    Attributes:
        inputs: patterns of all that its training depends on, from the project's folder.
    """

    prefix: str
    suffix: str
    inputs: tuple[str, ...]

    def stamp(self, project: Path) -> str:
        """Return a digest of the inputs; of code, of what it does and not of its comments."""
        digest = hashlib.sha256()
        for path in self._inputs(project):
            content = instructions(path) if path.suffix == ".py" else path.read_bytes()
            digest.update(f"{path.relative_to(project).as_posix()}\0{len(content)}\0".encode())
            digest.update(content)
        return digest.hexdigest()[:16]

    def file(self, folder: Path, project: Path) -> Path:
        """Return where the file of today's inputs is, or would be."""
        return folder / f"{self.prefix}{self.stamp(project)}{self.suffix}"

    def is_current(self, folder: Path, project: Path) -> bool:
        """Tell whether the file of today's inputs has been trained."""
        return self.file(folder, project).exists()

    def newest(self, folder: Path) -> Path | None:
        """Return the newest file of this kind; None if there is none."""
        files = folder.glob(f"{self.prefix}*{self.suffix}")
        return max(files, key=lambda path: path.stat().st_mtime_ns, default=None)

    def others(self, folder: Path, kept: Path) -> list[Path]:
        """Return the files of this kind except ``kept``."""
        return [path for path in folder.glob(f"{self.prefix}*{self.suffix}") if path != kept]

    def _inputs(self, project: Path) -> Iterator[Path]:
        for pattern in self.inputs:
            yield from sorted(path for path in project.glob(pattern) if path.is_file())


def instructions(path: Path) -> bytes:
    """Return what a file of code does, without its comments, docstrings and layout."""
    tree = ast.parse(path.read_bytes())
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            node.body = node.body[ast.get_docstring(node, clean=False) is not None :]
    return ast.dump(tree).encode()
