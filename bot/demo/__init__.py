"""The demo: made-up people, and the page from which to write as one or to work as another."""

from __future__ import annotations

from bot.demo.pages import build_demo

__all__ = ["build_demo"]
