"""Where a row leads."""

from __future__ import annotations


def conversation_link(conversation_id: int | None) -> str:
    """Return the address of a conversation below the console's root; "" without one."""
    return "" if conversation_id is None else f"/conversations/{conversation_id}#newest"


def file_link(person_id: int) -> str:
    """Return the address of a person's file below the console's root."""
    return f"/people/{person_id}"
