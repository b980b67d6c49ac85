"""Arrays by name, of parts within a whole: "net.hidden" is the array "hidden" of the part "net"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]


def under(name: str, arrays: Arrays) -> dict[str, NDArray[Any]]:
    """Return the arrays of a part, under their names within the whole."""
    return {f"{name}.{key}": array for key, array in arrays.items()}


def part(arrays: Arrays, name: str) -> dict[str, NDArray[Any]]:
    """Return the arrays of a part of a whole, under their names within the part."""
    return {
        key.removeprefix(f"{name}."): array
        for key, array in arrays.items()
        if key.startswith(f"{name}.")
    }
