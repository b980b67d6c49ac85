"""Links of invitation."""

from bot.channels.invitations import invitation_links
from bot.settings import Settings, TelegramSettings, WhatsAppSettings


def test_each_channel_with_a_public_name_has_a_link_that_holds_the_code_alone():
    settings = Settings(
        database_url="",
        secret_keys=(),
        telegram=TelegramSettings(name="InfosEcoleBot"),
        whatsapp=WhatsAppSettings(number="99900000001"),
    )
    assert invitation_links(settings, "AB3DEF6H") == {
        "telegram": "https://t.me/InfosEcoleBot?start=AB3DEF6H",
        "whatsapp": "https://wa.me/99900000001?text=AB3DEF6H",
    }


def test_without_a_public_name_there_is_no_link():
    assert invitation_links(Settings(database_url="", secret_keys=()), "AB3DEF6H") == {}
