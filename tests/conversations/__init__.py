"""Every flow in every language, written from a phone through WhatsApp's door, printed as chats.

``python -m tests.conversations`` writes ``docs/conversations/``; a test checks that it is current.
"""
