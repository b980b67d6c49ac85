"""Made-up structures, staff, youths and families. Nobody here exists, and nothing has a number.

Two structures, so that what each may see of the other can be tried. Every made-up person writes by
the web chat alone: nothing the demo sends can leave the machine.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.engine import Connection, Row

from bot.db.inserts import insert_if_absent
from bot.db.tables import care_link, consent, lease, person, staff, structure
from bot.demo import caseload, threads
from bot.demo.rows import ensure
from bot.followup.consent import record_consent
from bot.followup.hours import WEEKDAYS
from bot.followup.people import find_by_case
from bot.followup.staff import add_staff

CENTRE_A, CENTRE_B = "Centre A, San Pedro", "Centre B, Soubré"
_ONE_AT_A_TIME = "demo-data"


@dataclass(frozen=True)
class Member:
    """A made-up member of staff."""

    email: str
    name: str
    shown_name: str
    role: str
    structure: str = CENTRE_A


AWA = Member("awa@example.org", "Awa Konan", "Awa", "social_worker")
SERGE = Member("serge@example.org", "Serge Tanoh", "Serge", "on_call")
CLARISSE = Member("clarisse@example.org", "Clarisse Gnamien", "Clarisse", "supervisor")
NOEL = Member("noel@example.org", "Noël Assi", "Noël", "focal_point")
INES = Member("ines@example.org", "Inès Brou", "Inès", "administrator")
BAKARY = Member("bakary@example.org", "Bakary Soro", "Bakary", "social_worker", CENTRE_B)
RUTH = Member("ruth@example.org", "Ruth Zadi", "Ruth", "focal_point", CENTRE_B)
STAFF = (AWA, SERGE, CLARISSE, NOEL, INES, BAKARY, RUTH)


@dataclass(frozen=True)
class Someone:
    """A made-up beneficiary or caregiver. ``age`` is reached this year."""

    case: str
    first_name: str
    family_name: str
    age: int
    kind: str = "beneficiary"
    form: str = "tu"
    worker: Member = AWA
    notes: str = ""


KOFFI = Someone("0317", "Koffi", "Ahoua", 15, notes="Apprentissage de mécanique, en accord.")
MARIAM = Someone("0324", "Mariam", "Cissé", 38, kind="caregiver", form="vous")
SALIF = Someone("0325", "Salif", "Cissé", 13)
AMINATA = Someone("0326", "Aminata", "Cissé", 11, notes="Hébergée : adresse non communiquée.")
NEWCOMER = Someone("0342", "Adjoua", "Kra", 16, notes="Rencontre faite, code à donner.")
ISSA = Someone("0288", "Issa", "Bamba", 16)
FATOU = Someone("0301", "Fatou", "Diallo", 17)
YAO = Someone("0309", "Yao", "N’Dri", 14)
ROKIA = Someone("0290", "Rokia", "Sangaré", 16)
BRIGITTE = Someone("0330", "Brigitte", "Loba", 41, kind="caregiver", form="vous")
DRISSA = Someone("0512", "Drissa", "Koulibaly", 15, worker=BAKARY)
PEOPLE = (
    KOFFI, MARIAM, SALIF, AMINATA, NEWCOMER, ISSA, FATOU, YAO, ROKIA, BRIGITTE, DRISSA,
)  # fmt: skip


def fill(connection: Connection, now: datetime) -> None:
    """Add whatever made-up data is missing; what is there already stays as the visitor left it.

    Called at each start of the demo, so that payments and appointments are never out of date.
    """
    _wait_for_others(connection)
    structures = {name: _add_structure(connection, name) for name in (CENTRE_A, CENTRE_B)}
    members = {each.email: _add_member(connection, each, structures, now) for each in STAFF}
    rows = {each.case: _add_person(connection, each, members, now) for each in PEOPLE}
    _let_see(connection, rows[MARIAM.case], rows[SALIF.case], places=True)
    _let_see(connection, rows[MARIAM.case], rows[AMINATA.case], places=False)
    caseload.fill(
        connection,
        now,
        structures=(structures[CENTRE_A], structures[CENTRE_B]),
        youth=rows[KOFFI.case],
        mother=rows[MARIAM.case],
        children=(rows[SALIF.case], rows[AMINATA.case]),
    )
    threads.fill(connection, now, rows, members[AWA.email])


def member_row(connection: Connection, member: Member) -> Row:
    """Return a made-up member of staff.

    Raises:
        LookupError: the demo was not filled.
    """
    row = _find_member(connection, member.email)
    if row is None:
        raise LookupError("the demo has no data yet: call fill() first")
    return row


def newcomer_row(connection: Connection) -> Row:
    """Return the person whose worker has just spoken with them, and who has no chat yet."""
    return find_by_case(connection, NEWCOMER.case)


def _wait_for_others(connection: Connection) -> None:
    # Two processes that start at once must not both find a row missing.
    insert_if_absent(connection, lease, {"name": _ONE_AT_A_TIME})
    connection.execute(
        update(lease).where(lease.c.name == _ONE_AT_A_TIME).values(name=_ONE_AT_A_TIME)
    )


def _add_structure(connection: Connection, name: str) -> int:
    return ensure(
        connection,
        structure,
        {"name": name},
        visible_name="Infos école et formation",
        country="CI",
        timezone="Africa/Abidjan",
        duty_hours={day: ["08:00", "17:00"] for day in WEEKDAYS[:5]},
        on_call_hours={day: ["17:00", "23:00"] for day in WEEKDAYS},
    )


def _add_member(
    connection: Connection, member: Member, structures: Mapping[str, int], now: datetime
) -> Row:
    if _find_member(connection, member.email) is None:
        add_staff(
            connection,
            email=member.email,
            name=member.name,
            shown_name=member.shown_name,
            role=member.role,
            structure_id=structures[member.structure],
            # Nobody knows it: the demo's page signs in with one click.
            password=secrets.token_urlsafe(24),
            now=now,
        )
    return member_row(connection, member)


def _find_member(connection: Connection, email: str) -> Row | None:
    everybody = connection.execute(select(staff)).all()
    return next((row for row in everybody if row.email == email), None)


def _add_person(
    connection: Connection, someone: Someone, members: Mapping[str, Row], now: datetime
) -> Row:
    worker = members[someone.worker.email]
    person_id = ensure(
        connection,
        person,
        {"case_number": someone.case},
        kind=someone.kind,
        structure_id=worker.structure_id,
        worker_id=worker.id,
        first_name=someone.first_name,
        family_name=someone.family_name,
        birth_year=now.year - someone.age,
        address_form=someone.form,
        language="fr",
        country="CI",
        phone_shared=False,
        notes=someone.notes,
        created_at=now,
    )
    if someone.kind == "beneficiary" and not _has_consent(connection, person_id):
        record_consent(
            connection,
            answer="yes",
            given_by="guardian",
            language="fr",
            person_id=person_id,
            recorded_by=worker.id,
            now=now,
        )
    return connection.execute(select(person).where(person.c.id == person_id)).one()


def _has_consent(connection: Connection, person_id: int) -> bool:
    query = select(consent.c.id).where(
        consent.c.person_id == person_id, consent.c.given_by == "guardian"
    )
    return connection.execute(query.limit(1)).first() is not None


def _let_see(connection: Connection, mother: Row, child: Row, *, places: bool) -> None:
    ensure(
        connection,
        care_link,
        {"caregiver_id": mother.id, "beneficiary_id": child.id},
        relation="mother",
        sees_payments=True,
        sees_training=True,
        sees_places=places,
    )
