"""What a browser calls itself, in the few words by which its owner knows it again.

No library: which of a few browsers on which of a few systems is all that is wanted, and a guess
that is wrong costs nothing but a look at the clock beside it.
"""

from __future__ import annotations

# The first name that stands in what the browser says: many claim to be others, too.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Opera Mini", "Opera Mini"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
_PHONES = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("KAIOS", "KaiOS"))
_SYSTEMS = (*_PHONES, ("Windows", "Windows"), ("CrOS", "ChromeOS"), ("Mac OS", "macOS"),
            ("Linux", "Linux"))  # fmt: skip


def device_of(user_agent: str) -> str:
    """Return "Chrome, Android"; "" where nothing is known."""
    parts = (_first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent))
    return ", ".join(part for part in parts if part)


def is_phone(user_agent: str) -> bool:
    """Tell whether it is something that one carries about."""
    return bool(_first(_PHONES, user_agent))


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for mark, name in names if mark in user_agent), "")
