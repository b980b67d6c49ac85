"""Akoma: a follow-up assistant for rescued youth and their families.

The rooms and the way of the data through them are drawn in ``docs/architecture.md``.
"""
