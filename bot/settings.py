"""Everything Akoma takes from its environment, read once and never changed.

This is the only module that reads environment variables. Every other one receives what it
needs as an argument.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.reasons import Reason, mark

PROJECT = Path(__file__).resolve().parent.parent
MINIMUM_KEY_LENGTH = 32


class SettingsError(Reason, ValueError):
    """A setting is missing or malformed. The message says which and what to do."""


@dataclass(frozen=True)
class TelegramSettings:
    """How to reach the Telegram Bot API. ``token`` empty: the channel is off.

    ``name`` is the bot's public name, for links of invitation: without it there are none.
    """

    token: str = field(default="", repr=False)
    base_url: str = "https://api.telegram.org"
    mode: str = "polling"
    secret: str = field(default="", repr=False)
    name: str = ""


@dataclass(frozen=True)
class WhatsAppSettings:
    """How to reach the WhatsApp Cloud API. ``token`` empty: the channel is off.

    ``number`` is the public one (digits, with the country's), for links of invitation.
    """

    token: str = field(default="", repr=False)
    phone_id: str = ""
    app_secret: str = field(default="", repr=False)
    verify_token: str = field(default="", repr=False)
    base_url: str = "https://graph.facebook.com"
    api_version: str = "v23.0"
    number: str = ""


@dataclass(frozen=True)
class Settings:
    """The whole configuration. ``secret_keys`` is newest first; the first one seals."""

    database_url: str
    secret_keys: tuple[str, ...] = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str = "http://127.0.0.1:8080"
    country: str = "CI"
    metrics_token: str = field(default="", repr=False)
    model_path: Path = PROJECT / "models"
    demo: bool = False
    telegram: TelegramSettings = TelegramSettings()
    whatsapp: WhatsAppSettings = WhatsAppSettings()


def read_settings(
    environment: Mapping[str, str] | None = None,
    *,
    demo: bool | None = False,
    needs_key: bool = True,
    var: Path = PROJECT / "var",
) -> Settings:
    """Build the settings from ``AKOMA_*`` variables (listed in ``docs/operating.md``).

    Without ``AKOMA_SECRET_KEY`` the demo makes a key of its own in ``var`` (mode 0600); in
    service that is refused, since a key made by accident would make the data unreadable later;
    what reads and writes nothing sealed (``migrate``) does not need one. The demo has a database
    of its own, so that made-up people never mix with real ones.

    Args:
        demo: None: where there is no key, it is the demo that somebody looks at.

    Raises:
        SettingsError: a value is missing or malformed.
    """
    values = os.environ if environment is None else environment

    def get(name: str, default: str = "") -> str:
        return values.get(f"AKOMA_{name}", "").strip() or default

    if demo is None:
        demo = not get("SECRET_KEY")
    host, port = get("HOST", "127.0.0.1"), _port(get("PORT", "8080"))
    mode = get("TELEGRAM_MODE", "polling")
    if mode not in ("polling", "webhook"):
        raise SettingsError(mark("AKOMA_TELEGRAM_MODE : écrivez 'polling' ou 'webhook'."))
    return Settings(
        database_url=get("DATABASE_URL", f"sqlite:///{var / ('demo.db' if demo else 'akoma.db')}"),
        secret_keys=_secret_keys(get("SECRET_KEY"), demo, needs_key, var),
        host=host,
        port=port,
        public_url=get("PUBLIC_URL", f"http://{host}:{port}").rstrip("/"),
        country=get("COUNTRY", "CI").upper(),
        metrics_token=get("METRICS_TOKEN"),
        model_path=Path(get("MODEL_PATH", str(PROJECT / "models"))),
        demo=demo,
        telegram=TelegramSettings(
            token=get("TELEGRAM_TOKEN"),
            base_url=get("TELEGRAM_BASE_URL", TelegramSettings.base_url).rstrip("/"),
            mode=mode,
            secret=get("TELEGRAM_SECRET"),
            name=_bot_name(get("TELEGRAM_NAME")),
        ),
        whatsapp=WhatsAppSettings(
            token=get("WHATSAPP_TOKEN"),
            phone_id=get("WHATSAPP_PHONE_ID"),
            app_secret=get("WHATSAPP_APP_SECRET"),
            verify_token=get("WHATSAPP_VERIFY_TOKEN"),
            base_url=get("WHATSAPP_BASE_URL", WhatsAppSettings.base_url).rstrip("/"),
            api_version=get("WHATSAPP_API_VERSION", WhatsAppSettings.api_version),
            number=_public_number(get("WHATSAPP_NUMBER")),
        ),
    )


def terminal_languages(environment: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Return the languages that a terminal asks for, as gettext reads it: "fr_CI", "en"."""
    values = os.environ if environment is None else environment
    names = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    asked = next(filter(None, (values.get(name) for name in names)), "")
    return tuple(re.split(r"[.@]", code)[0] for code in asked.split(":") if code)


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise SettingsError(
            mark("AKOMA_PORT : écrivez un nombre de 1 à 65535. « {text} » n'en est pas un."),
            text=text,
        )
    return int(text)


def _bot_name(text: str) -> str:
    """Read the public name of a bot, with or without its @."""
    name = text.removeprefix("@")
    if name and re.fullmatch(r"\w{5,32}", name, re.ASCII) is None:
        raise SettingsError(
            mark("AKOMA_TELEGRAM_NAME : écrivez le nom public du bot (InfosEcoleBot).")
        )
    return name


def _public_number(text: str) -> str:
    """Read a number in international form as its digits."""
    digits = re.sub(r"[ +()-]", "", text)
    if digits and re.fullmatch(r"[1-9][0-9]{6,14}", digits) is None:
        raise SettingsError(
            mark("AKOMA_WHATSAPP_NUMBER : écrivez la forme internationale, + et des chiffres.")
        )
    return digits


def _secret_keys(text: str, demo: bool, needed: bool, var: Path) -> tuple[str, ...]:
    if not text:
        if not demo and not needed:
            return ()
        if not demo:
            raise SettingsError(
                mark(
                    "AKOMA_SECRET_KEY manque. Faites une clé avec "
                    "`python -c 'import secrets; print(secrets.token_urlsafe(48))'`, gardez-en "
                    "une copie en lieu sûr (sans elle, les données sont illisibles), et mettez-la "
                    "dans ce réglage."
                )
            )
        text = _demo_key(var / "demo.key")
    keys = tuple(key.strip() for key in text.split(",") if key.strip())
    if not keys or any(len(key) < MINIMUM_KEY_LENGTH for key in keys):
        raise SettingsError(
            mark("AKOMA_SECRET_KEY : une clé a {count} signes ou plus."), count=MINIMUM_KEY_LENGTH
        )
    return keys


def _demo_key(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()
