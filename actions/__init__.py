"""Rasa custom actions, one module a topic: tracker in, a call to ``bot.followup``, ``utter_*`` out.

They run inside the worker (``bot.dialogue``), or behind ``rasa run actions``.
"""
