"""What is answered at once, in the terms of the phone that asks."""

import pytest

from bot.channels.registry import BUILDERS

# What each channel can do about what stands on a phone, and never more than that.
ERASED_BY = {
    "telegram": "J'essaie d'enlever d'ici les messages des deux derniers jours.",
    "whatsapp": "Pour enlever un message d'ici",
    "webchat": "Cette page ne montre plus les messages d'avant.",
}


def test_each_channel_is_told_how_to_erase():
    assert set(ERASED_BY) == set(BUILDERS)


@pytest.mark.parametrize(("channel", "words"), ERASED_BY.items())
def test_help_to_erase_fits_the_phone_it_is_asked_on(desk, channel, words):
    desk.intake.record(channel, [desk.message("77", "mon oncle me frappe tous les jours")])
    (token,) = (
        item["token"] for item in desk.replies[-1].choices if item["title"] == "Effacer d'ici"
    )
    desk.intake.record(channel, [desk.message("77", kind="choice", token=token)])
    order, told = desk.replies[-2:]
    assert order.kind == "erase"
    assert words in told.text
    assert ("appuyez longtemps" in told.text) == (channel != "webchat")
    assert "Ce que l'équipe a reçu reste chez elle." in told.text
