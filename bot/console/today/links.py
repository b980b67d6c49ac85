"""Where a row leads."""

from __future__ import annotations

import re
from collections.abc import Mapping

_NAME = re.compile(r"[a-z_]*")


def conversation_link(conversation_id: int | None) -> str:
    """Return the address of a conversation below the console's root; "" without one."""
    return "" if conversation_id is None else f"/conversations/{conversation_id}#newest"


def file_link(person_id: int) -> str:
    """Return the address of a person's file below the console's root."""
    return f"/people/{person_id}"


def list_link(form: Mapping[str, str], closed: int | None = None) -> str:
    """Return the address of the list as a form of it says that it was looked at.

    Args:
        closed: an alert that was closed just now, to be taken back in one tap.
    """
    show, who = form.get("show", ""), form.get("who", "")
    asked = {
        "show": show if _NAME.fullmatch(show) else "",
        "who": who if who == "mine" else "",
        "closed": "" if closed is None else str(closed),
    }
    query = "&".join(f"{name}={value}" for name, value in asked.items() if value)
    return f"?{query}" if query else ""
