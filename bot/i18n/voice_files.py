"""The recorded voices that come with the code: ``locales/<language>/audio``.

``index.yml`` beside the files says of each which words it says and whether a machine speaks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

INDEX = "index.yml"
_FOLDER = "audio"
_HEADER = "# What each file says. synthetic: a machine speaks, until a person has recorded it.\n"


@dataclass(frozen=True)
class VoiceFile:
    """A file of a voice: what it says, and whether a machine speaks."""

    path: Path
    says: str
    synthetic: bool = False

    @cached_property
    def digest(self) -> str:
        """Its digest, by which a row knows the file that it overrides."""
        return digest_of(self.path.read_bytes())


class VoiceFiles:
    """The files of all languages, as they were when the process started."""

    def __init__(self, locales: Path | None = None) -> None:
        """Read the indexes in a folder of catalogs; without one there are no voices."""
        indexes = sorted(locales.glob(f"*/{_FOLDER}/{INDEX}")) if locales else []
        self._files = {path.parent.parent.name: _read_index(path) for path in indexes}

    def get(self, language: str, name: str) -> VoiceFile | None:
        """Return the file of a voice, if there is one."""
        return self._files.get(language, {}).get(name)

    def of(self, language: str) -> Mapping[str, VoiceFile]:
        """Return the files of a language by the names of their voices."""
        return self._files.get(language, {})


class _Dumper(yaml.SafeDumper):
    """Writes words of several lines as such, so that a change of them is read easily."""

    def represent_str(self, data: str) -> yaml.ScalarNode:
        """Write a text, as a block if it has lines."""
        style = "|" if "\n" in data else None
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)


_Dumper.add_representer(str, _Dumper.represent_str)


def audio_folder(locales: Path, language: str) -> Path:
    """Return where a language's voices are, or would be."""
    return locales / language / _FOLDER


def write_index(locales: Path, language: str, files: Mapping[str, VoiceFile]) -> Path:
    """Write what the files of a language say; return the index."""
    entries: dict[str, dict[str, Any]] = {}
    for name in sorted(files):
        entries[name] = {"says": files[name].says}
        if files[name].synthetic:
            entries[name]["synthetic"] = True
    path = audio_folder(locales, language) / INDEX
    text = yaml.dump(entries, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1000)
    path.write_text(_HEADER + text, encoding="utf-8")
    return path


def digest_of(sound: bytes) -> str:
    """Return the digest of a sound."""
    return hashlib.sha256(sound).hexdigest()


def _read_index(index: Path) -> dict[str, VoiceFile]:
    entries = yaml.safe_load(index.read_text(encoding="utf-8")) or {}
    return {
        name: VoiceFile(index.parent / f"{name}.ogg", entry["says"], bool(entry.get("synthetic")))
        for name, entry in entries.items()
    }
