"""Conversations and alerts of the last days, so that chat and console have something to show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import insert, update
from sqlalchemy.engine import Connection, Row

from bot.channels.webchat.thread import CHANNEL
from bot.db.tables import inbox, outbox
from bot.followup import cases, closing, conversations
from bot.followup.alerts import Kind, Severity
from bot.followup.consent import record_consent

YOUTH_ADDRESS, MOTHER_ADDRESS = "demo-youth", "demo-mother"

Writer = Literal["person", "bot", "staff"]


@dataclass(frozen=True)
class _Alert:
    """Raised by the thread's last message of the person. ``closed``: with this outcome."""

    kind: Kind
    severity: Severity
    category: str | None = None
    restricted: bool = False
    closed: str | None = None


@dataclass(frozen=True)
class _Thread:
    """Lines are (minutes before now, who, text)."""

    case: str
    address: str
    lines: tuple[tuple[int, Writer, str], ...]
    alert: _Alert | None = None


_DAY = 24 * 60

_THREADS = (
    _Thread(
        "0317",
        YOUTH_ADDRESS,
        (
            (_DAY + 55, "person", "slt"),
            (_DAY + 55, "bot", "Bonjour Koffi 👋 Comment va l’atelier ?"),
            (_DAY + 52, "person", "ca va bien, jai demonte un moteur"),
            (_DAY + 52, "bot", "Bravo ! Merci pour tes nouvelles. Tu peux écrire quand tu veux."),
        ),
    ),
    _Thread(
        "0324",
        MOTHER_ADDRESS,
        (
            (3 * _DAY + 40, "person", "bonjour la réunion des parents c quand"),
            (3 * _DAY + 40, "bot", "Bonjour. Je demande à Awa et je vous écris ici."),
            (3 * _DAY + 12, "staff", "Awa, une personne : la réunion est samedi à 9 h. Merci !"),
            (3 * _DAY + 9, "person", "merci beaucoup"),
            (3 * _DAY + 9, "bot", "Avec plaisir. Vous pouvez écrire quand vous voulez."),
        ),
    ),
    _Thread(
        "0288",
        "demo-critical",
        (
            (14, "person", "bsr"),
            (14, "bot", "Bonsoir 👋 Je suis là."),
            (12, "person", "le patron ma encore frapé avec le baton, jai mal au bras"),
            (
                12,
                "bot",
                "Merci de ton message. Tu as bien fait d’écrire. Ce n’est pas ta faute.\n"
                "Je préviens l’équipe. Une personne écrit ici.\n"
                "Côte d’Ivoire, 116 : gratuit, jour et nuit.",
            ),
        ),
        _Alert("red_flag", "critical", "violence"),
    ),
    _Thread(
        "0301",
        "demo-high",
        (
            (131, "person", "tonton dit je retourne au champ lundi, lecole c fini"),
            (
                131,
                "bot",
                "Merci de ton message. Tu as bien fait d’écrire.\n"
                "Je préviens l’équipe. Une personne écrit ici.",
            ),
        ),
        _Alert("red_flag", "high", "exploitation"),
    ),
    _Thread(
        "0309",
        "demo-normal",
        (
            (305, "person", "je veux parler à quelqu’un stp"),
            (305, "bot", "Je demande à une personne de te répondre. En danger : tape 9."),
        ),
        _Alert("human_asked", "normal"),
    ),
    _Thread(
        "0290",
        "demo-closed",
        (
            (2 * _DAY + 200, "person", "jai peur de rentrer ce soir"),
            (
                2 * _DAY + 200,
                "bot",
                "Merci de ton message. Tu as bien fait d’écrire. "
                "Va près d’un adulte de confiance, si tu peux.",
            ),
            (2 * _DAY + 193, "staff", "Awa, une personne : c’est bon pour toi d’écrire ?"),
            (2 * _DAY + 188, "person", "oui, je suis chez ma tante maintenant"),
            (2 * _DAY + 180, "staff", "Awa, une personne : merci. Je passe demain à 10 h."),
        ),
        _Alert("red_flag", "critical", "fear", closed="safe_now"),
    ),
    _Thread(
        "0330",
        "demo-complaint",
        (
            (96, "person", "l’éducateur demande 5000 f pour donner le kit"),
            (
                96,
                "bot",
                "Merci de votre message. Personne ne doit vous demander de l’argent pour ça. "
                "Une personne de la protection le lit, pas l’équipe de votre centre.",
            ),
        ),
        _Alert("staff_complaint", "high", "exploitation", restricted=True),
    ),
    _Thread(
        "0512",
        "demo-elsewhere",
        (
            (410, "person", "je peux changer d’atelier ?"),
            (410, "bot", "Je demande à une personne de te répondre. En danger : tape 9."),
        ),
        _Alert("human_asked", "normal"),
    ),
)


def fill(connection: Connection, now: datetime, people: Mapping[str, Row], worker: Row) -> None:
    """Add the threads that are not there yet.

    Args:
        people: the made-up people by case number.
        worker: who answered and closed what lies in the past.
    """
    for thread in _THREADS:
        if conversations.find(connection, CHANNEL, thread.address) is None:
            _add(connection, thread, people[thread.case], worker, now)


def _add(connection: Connection, thread: _Thread, someone: Row, worker: Row, now: datetime) -> None:
    moments = [now - timedelta(minutes=minutes) for minutes, _, _ in thread.lines]
    talk = conversations.find_or_open(connection, CHANNEL, thread.address, moments[0])
    record_consent(
        connection,
        answer="yes",
        given_by="self",
        language="fr",
        person_id=someone.id,
        conversation_id=talk.id,
        now=moments[0],
    )
    alert = thread.alert
    restricted = alert is not None and alert.restricted
    written: list[tuple[int, datetime]] = []
    for at, (_, writer, text) in zip(moments, thread.lines, strict=True):
        if writer == "person":
            written.append((_write(connection, talk, text, at, restricted), at))
        else:
            staff_id = worker.id if writer == "staff" else None
            _reply(connection, talk, written[-1][0], staff_id, text, at, restricted)
    waits = alert is not None and alert.closed is None
    conversations.change(
        connection,
        talk.id,
        person_id=someone.id,
        enrolment="confirmed",
        consent="yes",
        last_inbound_at=written[-1][1],
        last_written_at=written[-1][1],
        unanswered_since=written[-1][1] if waits else None,
    )
    if alert is not None:
        _raise(connection, talk.id, alert, written, worker)


def _write(connection: Connection, talk: Row, text: str, at: datetime, restricted: bool) -> int:
    inserted = connection.execute(
        insert(inbox).values(
            channel=CHANNEL,
            provider_id=f"{talk.address}-{at.isoformat()}",
            conversation_id=talk.id,
            kind="text",
            text=text,
            payload={},
            answered_at_intake=False,
            restricted=restricted,
            sent_at=at,
            received_at=at,
            done_at=at,
            attempts=1,
        )
    )
    return inserted.inserted_primary_key[0]


def _reply(
    connection: Connection,
    talk: Row,
    in_reply_to: int,
    staff_id: int | None,
    text: str,
    at: datetime,
    restricted: bool,
) -> None:
    at += timedelta(seconds=2)
    connection.execute(
        insert(outbox).values(
            conversation_id=talk.id,
            in_reply_to=None if staff_id else in_reply_to,
            author="staff" if staff_id else "bot",
            staff_id=staff_id,
            kind="text",
            text=text,
            choices=[],
            priority=1 if staff_id else 2,
            state="read",
            restricted=restricted,
            attempts=1,
            due_at=at,
            provider_id=f"{talk.address}-{at.isoformat()}",
            created_at=at,
            sent_at=at,
            delivered_at=at,
            read_at=at,
        )
    )


def _raise(
    connection: Connection,
    conversation_id: int,
    raised: _Alert,
    written: list[tuple[int, datetime]],
    worker: Row,
) -> None:
    # A closed one was raised by the first message: the rest of the thread is how it was dealt with.
    inbox_id, at = written[0] if raised.closed else written[-1]
    if raised.category:
        connection.execute(
            update(inbox)
            .where(inbox.c.id == inbox_id)
            .values(category=raised.category, severity=raised.severity)
        )
    alert_id = cases.open_alert(
        connection,
        kind=raised.kind,
        severity=raised.severity,
        category=raised.category,
        talk=conversations.get_conversation(connection, conversation_id),
        inbox_id=inbox_id,
        restricted=raised.restricted,
        now=at,
    )
    if raised.closed:
        cases.acknowledge(connection, worker, alert_id, at + timedelta(minutes=5))
        closing.resolve(connection, worker, alert_id, raised.closed, at + timedelta(minutes=40))
