"""What needs me now: rows from all sources, the gravest and longest waiting first.

Where rows come from is listed in ``bot.console.today.sources``.
"""

from bot.console.today.page import routes

__all__ = ["routes"]
