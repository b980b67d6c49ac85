"""The file of a person, the list of files, and opening one: a module a part."""

from __future__ import annotations

from starlette.routing import BaseRoute

from bot.console.person import adding, card, contact, opening, page, people
from bot.console.visit import Console


def routes(console: Console) -> list[BaseRoute]:
    """Return all routes below ``/people``."""
    return [
        *people.routes(console),
        *opening.routes(console),
        *page.routes(console),
        *adding.routes(console),
        *contact.routes(console),
        *card.routes(console),
    ]


__all__ = ["routes"]
