"""``python -m bot check``: what is wrong with an installation, and what should be looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.db.engine import Database
from bot.db.migrate import differences
from bot.db.readiness import opens
from bot.db.tables import staff, structure
from bot.dialogue.stamp import is_current, newest_model
from bot.followup.audit import first_broken_line
from bot.followup.helplines import to_verify
from bot.safety.learned import LEARNED, NoLearnedLayer, load_learned_layer
from bot.settings import PROJECT, Settings

# A complaint about a focal point needs a second one (safeguarding 15).
_FOCAL_POINTS = 2


@dataclass(frozen=True)
class Finding:
    """One thing found. ``serious``: it does not work like this."""

    serious: bool
    text: str


def examine(settings: Settings, database: Database, now: datetime) -> list[Finding]:
    """Look at the settings, the model and the database, serious findings first."""
    found = [*_of_settings(settings), *_of_model(settings), *_of_database(database, now)]
    return sorted(found, key=lambda finding: not finding.serious)


def _of_settings(settings: Settings) -> Iterator[Finding]:
    telegram, whatsapp = settings.telegram, settings.whatsapp
    if not settings.demo and not telegram.token and not whatsapp.token:
        yield Finding(True, "No channel is on: set AKOMA_TELEGRAM_TOKEN or AKOMA_WHATSAPP_TOKEN.")
    if telegram.token and telegram.mode == "webhook" and not telegram.secret:
        yield Finding(True, "Telegram's webhook is off: set AKOMA_TELEGRAM_SECRET, or use polling.")
    if whatsapp.token and not (whatsapp.app_secret and whatsapp.verify_token):
        yield Finding(
            True,
            "WhatsApp's webhook is off: set AKOMA_WHATSAPP_APP_SECRET and "
            "AKOMA_WHATSAPP_VERIFY_TOKEN.",
        )
    if telegram.token and not telegram.name:
        yield Finding(False, "AKOMA_TELEGRAM_NAME is not set: cards carry no Telegram link.")
    if whatsapp.token and not whatsapp.number:
        yield Finding(False, "AKOMA_WHATSAPP_NUMBER is not set: cards carry no WhatsApp link.")
    if not settings.demo and not settings.public_url.startswith("https:"):
        yield Finding(
            False, "AKOMA_PUBLIC_URL is not https: staff would send passwords in the clear."
        )


def _of_model(settings: Settings) -> Iterator[Finding]:
    if newest_model(settings) is None:
        yield Finding(True, "There is no trained model: run `python -m bot train`.")
    elif not is_current(settings):
        yield Finding(
            False, "The model is older than what it is made of: run `python -m bot train`."
        )
    try:
        load_learned_layer(settings.model_path)
    except NoLearnedLayer as error:
        yield Finding(True, f"{error} Run `python -m bot train`.")
    else:
        if not LEARNED.is_current(settings.model_path, PROJECT):
            yield Finding(
                False,
                "The safety screen has not learned from today's examples: run"
                " `python -m bot train`.",
            )


def _of_database(database: Database, now: datetime) -> Iterator[Finding]:
    try:
        with database.read() as connection:
            if differences(connection):
                yield Finding(
                    True, "The database is not of this version: run `python -m bot migrate`."
                )
                return
            if not opens(connection):
                yield Finding(
                    True, "AKOMA_SECRET_KEY is not the key that this database was written with."
                )
                return
            if connection.execute(select(func.count()).select_from(structure)).scalar_one() == 0:
                yield Finding(
                    True,
                    "No structure is set up yet: nobody could be answered. Run"
                    " `python -m bot import structures FILE`.",
                )
            yield from _of_audit(connection)
            active = (staff.c.role == "focal_point", staff.c.active.is_(True))
            points = select(func.count()).select_from(staff).where(*active)
            if connection.execute(points).scalar_one() < _FOCAL_POINTS:
                yield Finding(
                    False, "Fewer than two focal points: a complaint about one has no reader."
                )
            lines = [f"{row.country} {row.number}" for row in to_verify(connection, now)]
            if lines:
                yield Finding(False, f"Dial these helplines and note the date: {', '.join(lines)}.")
    except SQLAlchemyError as error:
        yield Finding(True, f"The database cannot be read ({type(error).__name__}).")


def _of_audit(connection: Connection) -> Iterator[Finding]:
    """Read every chain of the audit: the one of each structure, and the one of no structure."""
    for chain in (*connection.execute(select(structure.c.id)).scalars(), None):
        line = first_broken_line(connection, chain)
        if line is not None:
            yield Finding(
                True, f"The audit was changed or shortened: at its line {line} it does not hold."
            )
