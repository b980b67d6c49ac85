"""Links by which a phone opens a chat with us, the code of an invitation already in it."""

from __future__ import annotations

from urllib.parse import quote

from bot.settings import Settings


def invitation_links(settings: Settings, code: str) -> dict[str, str]:
    """Return a link for each channel that has a public name, by the channel's name.

    They hold the code and nothing else: whoever reads one learns that somebody may write
    somewhere. Sources: https://core.telegram.org/bots/features#deep-linking and
    https://faq.whatsapp.com/5913398998672934 (click to chat).
    """
    links = {}
    if settings.telegram.name:
        links["telegram"] = f"https://t.me/{settings.telegram.name}?start={quote(code)}"
    if settings.whatsapp.number:
        links["whatsapp"] = f"https://wa.me/{settings.whatsapp.number}?text={quote(code)}"
    return links
