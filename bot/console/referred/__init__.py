"""A partner's page: the cases that were referred to them, without a message of anybody's.

Where cases come from is listed in ``bot.console.referred.sources``.
"""

from bot.console.referred.page import routes

__all__ = ["routes"]
