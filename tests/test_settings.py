"""Settings: read once, refused with a reason."""

import re
import stat

import pytest

from bot.settings import PROJECT, SettingsError, read_settings

KEY = "k" * 32


def test_in_service_a_key_is_required(tmp_path):
    with pytest.raises(SettingsError, match="AKOMA_SECRET_KEY"):
        read_settings({}, var=tmp_path)


def test_the_demo_makes_a_key_of_its_own_once_and_for_its_owner_only(tmp_path):
    first = read_settings({}, demo=True, var=tmp_path)
    assert read_settings({}, demo=True, var=tmp_path).secret_keys == first.secret_keys
    assert stat.S_IMODE((tmp_path / "demo.key").stat().st_mode) == 0o600


def test_keys_are_listed_newest_first_and_must_be_long():
    assert read_settings({"AKOMA_SECRET_KEY": f"{KEY}1,{KEY}2"}).secret_keys == (
        f"{KEY}1",
        f"{KEY}2",
    )
    with pytest.raises(SettingsError, match="32 signes"):
        read_settings({"AKOMA_SECRET_KEY": "short"})


def test_made_up_people_never_share_a_database_with_real_ones(tmp_path):
    demo = read_settings({}, demo=True, var=tmp_path).database_url
    assert demo != read_settings({}, needs_key=False, var=tmp_path).database_url


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("TELEGRAM_MODE", "push"),
        ("TELEGRAM_NAME", "t.me/x"),
        ("WHATSAPP_NUMBER", "07 00"),
    ],
)
def test_a_wrong_value_is_refused_by_name(name, value):
    with pytest.raises(SettingsError, match=f"AKOMA_{name}"):
        read_settings({f"AKOMA_{name}": value, "AKOMA_SECRET_KEY": KEY})


def test_no_secret_shows_when_settings_are_printed():
    shown = repr(read_settings({"AKOMA_SECRET_KEY": KEY, "AKOMA_TELEGRAM_TOKEN": "7:secret"}))
    assert KEY not in shown
    assert "7:secret" not in shown


def test_every_setting_is_documented():
    names = {
        line.partition("=")[0]
        for line in (PROJECT / ".env.example").read_text().splitlines()
        if line.startswith("AKOMA_")
    }
    source = (PROJECT / "bot/settings.py").read_text()
    operating = (PROJECT / "docs/operating.md").read_text()
    read = {f"AKOMA_{name}" for name in re.findall(r'get\("([A-Z_]+)"', source)}
    assert read == names
    assert [name for name in read if name not in operating] == []


def test_public_names_are_taken_as_people_write_them():
    settings = read_settings(
        {
            "AKOMA_SECRET_KEY": KEY,
            "AKOMA_TELEGRAM_NAME": "@InfosEcoleBot",
            "AKOMA_WHATSAPP_NUMBER": "+999 00-00 (0001)",
        }
    )
    assert settings.telegram.name == "InfosEcoleBot"
    assert settings.whatsapp.number == "99900000001"
