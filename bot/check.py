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
from bot.reasons import Reason, mark
from bot.safety.trained_file import TRAINED_SCREEN, NotTrained, load_trained_screen
from bot.settings import PROJECT, Settings

# A complaint about a focal point needs a second one (safeguarding 15).
_FOCAL_POINTS = 2


@dataclass(frozen=True)
class Finding:
    """One thing found. ``serious``: it does not work like this."""

    serious: bool
    reason: Reason


SCREEN_NOT_TRAINED = mark(
    "Le filtre de danger n'a pas sa part apprise, ou elle est ancienne : lancez "
    "`python -m bot train`."
)


def _serious(source: str, **values: object) -> Finding:
    return Finding(True, Reason(source, **values))


def _hint(source: str, **values: object) -> Finding:
    return Finding(False, Reason(source, **values))


def examine(settings: Settings, database: Database, now: datetime) -> list[Finding]:
    """Look at the settings, the model and the database, serious findings first."""
    found = [*_of_settings(settings), *_of_model(settings), *_of_database(database, now)]
    return sorted(found, key=lambda finding: not finding.serious)


def _of_settings(settings: Settings) -> Iterator[Finding]:
    telegram, whatsapp = settings.telegram, settings.whatsapp
    if not settings.demo and not telegram.token and not whatsapp.token:
        yield _serious(
            mark("Aucun canal n'est ouvert : donnez AKOMA_TELEGRAM_TOKEN ou AKOMA_WHATSAPP_TOKEN.")
        )
    if telegram.token and telegram.mode == "webhook" and not telegram.secret:
        yield _serious(
            mark(
                "Le webhook de Telegram est fermé : donnez AKOMA_TELEGRAM_SECRET, ou prenez "
                "polling."
            )
        )
    if whatsapp.token and not (whatsapp.app_secret and whatsapp.verify_token):
        yield _serious(
            mark(
                "Le webhook de WhatsApp est fermé : donnez AKOMA_WHATSAPP_APP_SECRET et "
                "AKOMA_WHATSAPP_VERIFY_TOKEN."
            )
        )
    if telegram.token and not telegram.name:
        yield _hint(mark("AKOMA_TELEGRAM_NAME manque : les cartes n'ont pas de lien Telegram."))
    if whatsapp.token and not whatsapp.number:
        yield _hint(mark("AKOMA_WHATSAPP_NUMBER manque : les cartes n'ont pas de lien WhatsApp."))
    if not settings.demo and not settings.public_url.startswith("https:"):
        yield _hint(
            mark("AKOMA_PUBLIC_URL n'est pas en https : les mots de passe se liraient en chemin.")
        )


def _of_model(settings: Settings) -> Iterator[Finding]:
    if newest_model(settings) is None:
        yield _serious(mark("Il n'y a pas de modèle : lancez `python -m bot train`."))
    elif not is_current(settings):
        yield _hint(
            mark("Le modèle est plus ancien que ses exemples : lancez `python -m bot train`.")
        )
    try:
        load_trained_screen(settings.model_path)
    except NotTrained:
        yield _serious(SCREEN_NOT_TRAINED)
    else:
        if not TRAINED_SCREEN.is_current(settings.model_path, PROJECT):
            yield _hint(
                mark(
                    "Le filtre de danger n'a pas appris des exemples d'aujourd'hui : lancez "
                    "`python -m bot train`."
                )
            )


def _of_database(database: Database, now: datetime) -> Iterator[Finding]:
    try:
        with database.read() as connection:
            if differences(connection):
                yield _serious(
                    mark("La base n'a pas cette version : lancez `python -m bot migrate`.")
                )
                return
            if not opens(connection):
                yield _serious(mark("AKOMA_SECRET_KEY n'est pas la clé de cette base de données."))
                return
            if connection.execute(select(func.count()).select_from(structure)).scalar_one() == 0:
                yield _serious(
                    mark(
                        "Il n'y a pas encore de structure : une réponse n'est pas possible. Lancez "
                        "`python -m bot import structures FICHIER`."
                    )
                )
            yield from _of_audit(connection)
            active = (staff.c.role == "focal_point", staff.c.active.is_(True))
            points = select(func.count()).select_from(staff).where(*active)
            if connection.execute(points).scalar_one() < _FOCAL_POINTS:
                yield _hint(
                    mark(
                        "Moins de deux points focaux : une plainte contre l'un n'a pas de lecteur."
                    )
                )
            lines = [f"{row.country} {row.number}" for row in to_verify(connection, now)]
            if lines:
                yield _hint(
                    mark("Appelez ces lignes d'aide et notez la date : {lines}."),
                    lines=", ".join(lines),
                )
    except SQLAlchemyError as error:
        yield _serious(mark("La base est illisible ({error})."), error=type(error).__name__)


def _of_audit(connection: Connection) -> Iterator[Finding]:
    """Read every chain of the audit: the one of each structure, and the one of no structure."""
    for chain in (*connection.execute(select(structure.c.id)).scalars(), None):
        line = first_broken_line(connection, chain)
        if line is not None:
            yield _serious(
                mark("Le journal a été changé ou raccourci : il ne tient plus à sa ligne {line}."),
                line=line,
            )
