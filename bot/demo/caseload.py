"""What is followed up in the demo: trades, aid, payments, appointments, all around today."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from sqlalchemy import select, update
from sqlalchemy.engine import Connection, Row

from bot.db.tables import (
    aid_kind,
    aid_request,
    appointment,
    case_note,
    checkin,
    payment,
    programme,
    training_enrolment,
)
from bot.demo.rows import ensure

# trade, title, place, town, weeks until it starts (none: at any time), places left, minimum age
_PROGRAMMES = (
    ("couture", "Couture", "Centre A", "San Pedro", 3, 6, 14),
    ("couture", "Couture et broderie", "Atelier B", "San Pedro", None, 1, 14),
    ("mécanique", "Mécanique moto", "Garage C", "San Pedro", 2, 4, 14),
    ("coiffure", "Coiffure", "Salon D", "San Pedro", None, 3, 14),
    ("menuiserie", "Menuiserie", "Atelier E", "San Pedro", 5, 0, 14),
    ("soudure", "Soudure", "Atelier F", "San Pedro", 4, 2, 16),
)
_SOUBRE = ("maraîchage", "Maraîchage", "Ferme G", "Soubré", None, 8, 14)

_IN_ENGLISH = {
    "Couture": "Sewing",
    "Couture et broderie": "Sewing and embroidery",
    "Mécanique moto": "Motorbike repair",
    "Coiffure": "Hairdressing",
    "Menuiserie": "Carpentry",
    "Soudure": "Welding",
    "Maraîchage": "Vegetable growing",
}

_AID_KINDS = (
    ("Kit de métier", "pour qui commence un apprentissage", "Tool kit", "to begin a trade"),
    ("Kit scolaire", "pour qui va à l’école ou y retourne", "School kit", "to go to school"),
    (
        "Soins de santé",
        "pour qui est suivi, avec l’accord de l’équipe",
        "Health care",
        "if the team agrees",
    ),
    ("Extrait de naissance", "pour qui n’a pas de papiers", "Birth paper", "if you have none"),
    (
        "Transport",
        "pour aller à l’atelier ou à un rendez-vous",
        "Transport",
        "to your workshop or a visit",
    ),
)

# The faces of the last weeks (week, sleep), the oldest first; a week without one was silent.
_FACES = ((4, 4), (4, 3), (5, 4), None, (4, 4), (3, 3), (3, 2), (2, 2), (3, 3), (4, 4))

_MONTHLY = Decimal("25000")
_APPRENTICE = Decimal("10000")


def fill(
    connection: Connection,
    now: datetime,
    *,
    structures: tuple[int, int],
    youth: Row,
    mother: Row,
    children: tuple[Row, ...],
) -> None:
    """Add the follow-up of the youth and of the mother of ``children``."""
    today = now.date()
    home, other = structures
    for line in _PROGRAMMES:
        _add_programme(connection, home, line, today)
    _add_programme(connection, other, _SOUBRE, today)
    for name, for_whom, name_en, for_whom_en in _AID_KINDS:
        ensure(
            connection,
            aid_kind,
            {"name": name},
            for_whom=for_whom,
            name_in={"en": name_en},
            for_whom_in={"en": for_whom_en},
            open=True,
        )
    _follow_youth(connection, youth, now)
    for child in children:
        _pay_monthly(connection, child, mother, today)
    _plan_visit(connection, mother, now, days=5, hour=15, kind="office")


def _add_programme(
    connection: Connection,
    structure_id: int,
    line: tuple[str, str, str, str, int | None, int, int],
    today: date,
) -> None:
    trade, title, place, town, weeks, places, age = line
    starts_on = None if weeks is None else _monday(today) + timedelta(weeks=weeks)
    programme_id = ensure(
        connection,
        programme,
        {"structure_id": structure_id, "title": title},
        title_in={"en": _IN_ENGLISH[title]},
        trade=trade,
        place=place,
        town=town,
        starts_on=starts_on,
        places_left=places,
        minimum_age=age,
        open=True,
    )
    # A demo that is started again weeks later must not offer what has begun.
    connection.execute(
        update(programme)
        .where(programme.c.id == programme_id, programme.c.starts_on <= today)
        .values(starts_on=starts_on)
    )


def _follow_youth(connection: Connection, youth: Row, now: datetime) -> None:
    today = now.date()
    mechanics = select(programme.c.id).where(
        programme.c.structure_id == youth.structure_id, programme.c.title == "Mécanique moto"
    )
    ensure(
        connection,
        training_enrolment,
        {"person_id": youth.id},
        programme_id=connection.execute(mechanics).scalar_one(),
        state="following",
        first_day=_at(_monday(today) - timedelta(weeks=6), 8, now),
        requested_at=now - timedelta(weeks=9),
    )
    kit = select(aid_kind.c.id).where(aid_kind.c.name == "Kit de métier")
    ensure(
        connection,
        aid_request,
        {"person_id": youth.id, "aid_kind_id": connection.execute(kit).scalar_one()},
        state="approved",
        expected_on=today + timedelta(days=9),
        requested_at=now - timedelta(days=12),
    )
    _plan_visit(connection, youth, now, days=3, hour=10, kind="visit")
    _remember(connection, youth, now)
    # Not there yet: "not yet" is an answer too.
    month = today.replace(day=1)
    ensure(
        connection,
        payment,
        {"beneficiary_id": youth.id, "for_month": month},
        recipient_id=youth.id,
        amount=_APPRENTICE,
        currency="XOF",
        due_on=_next_month(month) - timedelta(days=1),
        account_ending="17",
        state="due",
    )


def _remember(connection: Connection, youth: Row, now: datetime) -> None:
    """Add the news of the last weeks, a visit that took place, and what was noted of it."""
    this_week = _monday(now.date())
    for weeks_ago, faces in enumerate(reversed(_FACES), start=1):
        if faces is not None:
            at = _at(this_week - timedelta(weeks=weeks_ago, days=-2), 17, now)
            week, sleep = faces
            ensure(connection, checkin, {"person_id": youth.id, "at": at}, week=week, sleep=sleep)
    visited = _at(this_week - timedelta(weeks=3, days=-3), 15, now)
    ensure(
        connection,
        appointment,
        {"person_id": youth.id, "starts_at": visited},
        staff_id=youth.worker_id,
        kind="visit",
        state="done",
    )
    ensure(
        connection,
        case_note,
        {"person_id": youth.id, "at": visited + timedelta(hours=2)},
        staff_id=youth.worker_id,
        text="Visite à l’atelier, avec son maître. Sommeil difficile. À rappeler jeudi.",
    )


def _pay_monthly(connection: Connection, child: Row, mother: Row, today: date) -> None:
    month = today.replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    for for_month, state in ((before, "received"), (month, "sent")):
        due_on = for_month + timedelta(days=3)
        ensure(
            connection,
            payment,
            {"beneficiary_id": child.id, "for_month": for_month},
            recipient_id=mother.id,
            amount=_MONTHLY,
            currency="XOF",
            due_on=due_on,
            sent_on=min(due_on, today),
            account_ending="42",
            state=state,
        )


def _plan_visit(
    connection: Connection, someone: Row, now: datetime, *, days: int, hour: int, kind: str
) -> None:
    """Plan one, unless one lies ahead."""
    ahead = select(appointment.c.id).where(
        appointment.c.person_id == someone.id, appointment.c.starts_at > now
    )
    if connection.execute(ahead.limit(1)).first() is not None:
        return
    ensure(
        connection,
        appointment,
        {
            "person_id": someone.id,
            "starts_at": _at(_weekday(now.date() + timedelta(days=days)), hour, now),
        },
        staff_id=someone.worker_id,
        kind=kind,
        place="Centre A",
        state="planned",
    )


def _at(day: date, hour: int, now: datetime) -> datetime:
    # San Pedro keeps UTC all year.
    return datetime.combine(day, time(hour), now.tzinfo)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _weekday(day: date) -> date:
    """Return the day, or the Monday after a Saturday or Sunday."""
    return day if day.weekday() < 5 else _monday(day) + timedelta(weeks=1)


def _next_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)
