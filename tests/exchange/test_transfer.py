"""Sheets come in whole or not at all, say what is wrong with them, and come out as they went in."""

import stat
from datetime import date, datetime, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.caseload import SheetKind
from bot.db.tables import (
    appointment,
    audit,
    care_link,
    conversation,
    payment,
    person,
    structure,
    training_enrolment,
)
from bot.exchange.transfer import KINDS, export_sheet, import_sheet
from bot.followup.audit import first_broken_line
from bot.followup.consent import ConsentMissing, make_enrolment_code, record_consent
from bot.followup.people import find_by_case
from bot.sheets import UnreadableSheet, read_sheet, write_sheet
from tests.exchange.conftest import LINKS, PEOPLE, Office

PAYMENTS = (
    "case,recipient_case,amount,currency,month,due_on,sent_on,account_ending\n"
    "0317,0400,25000,XOF,2026-11,2026-11-04,2026-11-04,2\n"
)
PROGRAMMES = (
    "structure,title,trade,place,town,places_left\n"
    "Centre Exemple,Couture,couture,Centre A,San Pedro,6\n"
)
ENROLMENTS = "case,programme,state,first_day\n0317,Couture,accepted,2026-12-01 08:00\n"
APPOINTMENTS = "case,kind,starts_at,worker\n0317,visit,01/12/2026 09:30,awa@exemple.test\n"
SHEETS = {
    "people": PEOPLE,
    "links": LINKS,
    "programmes": PROGRAMMES,
    "enrolments": ENROLMENTS,
    "payments": PAYMENTS,
    "appointments": APPOINTMENTS,
}


def test_the_command_line_names_every_kind():
    assert [kind.value for kind in SheetKind] == list(KINDS)


def test_an_empty_installation_begins_with_its_structures(database, tmp_path, now):
    office = Office(database, tmp_path, now)
    done = office.take_in(
        "structures",
        "name;country;duty_hours;on_call_hours\n"
        "Centre A;CI;mon-fri 08:00-17:00, sat 08:00-12:00;mon-sun 17:00-22:00\n",
    )
    assert done.added == 1
    (made,) = office.rows(structure)
    assert made.duty_hours["fri"] == ["08:00", "17:00"]
    assert made.duty_hours["sat"] == ["08:00", "12:00"]
    assert "sun" not in made.duty_hours
    assert len(made.on_call_hours) == 7
    assert (made.timezone, made.visible_name) == ("Africa/Abidjan", "Infos école et formation")


def test_people_come_in_sealed_with_worker_and_consent(office, now):
    assert office.take_in("people", PEOPLE).added == 2
    with office.database.write() as connection:
        boy = find_by_case(connection, "0317")
        assert (boy.first_name, boy.address_form, boy.phone_shared) == ("Kouadio", "tu", True)
        assert boy.worker_id is not None
        assert make_enrolment_code(connection, boy, now)


def test_a_child_without_anybodys_consent_gets_no_code(office, now):
    office.take_in("people", PEOPLE.replace(",guardian", ","))
    with office.database.write() as connection, pytest.raises(ConsentMissing):
        make_enrolment_code(connection, find_by_case(connection, "0317"), now)


def test_no_import_joins_a_phone_to_a_person(family):
    """Only a code does that, and the person's own yes (safeguarding 2)."""
    assert family.rows(conversation) == []


def test_a_no_is_not_overruled_by_a_sheet(family, now):
    with family.database.write() as connection:
        boy = find_by_case(connection, "0317")
        record_consent(
            connection, answer="no", given_by="self", language="fr", now=now, person_id=boy.id
        )
    (refusal,) = family.take_in("people", PEOPLE).refusals
    assert refusal.startswith("line 2: consent_by: ")


def test_all_kinds_come_in_as_they_mean(family):
    for kind in ("programmes", "enrolments", "payments", "appointments"):
        assert family.take_in(kind, SHEETS[kind]).refusals == ()
    (link,) = family.rows(care_link)
    assert (link.sees_payments, link.sees_training, link.sees_places) == (True, False, False)
    (paid,) = family.rows(payment)
    assert (paid.amount, paid.for_month, paid.state) == (Decimal(25000), date(2026, 11, 1), "sent")
    assert paid.account_ending == "02"
    (place,) = family.rows(training_enrolment)
    assert place.first_day == datetime(2026, 12, 1, 8, tzinfo=timezone.utc)
    (visit,) = family.rows(appointment)
    assert visit.starts_at == datetime(2026, 12, 1, 9, 30, tzinfo=timezone.utc)
    assert (visit.kind, visit.state) == ("visit", "planned")


def test_hours_are_those_of_the_persons_structure(family, now):
    zone = "name,country,timezone,duty_hours\nCentre Exemple,CI,Africa/Nairobi,mon 08:00-17:00\n"
    assert family.take_in("structures", zone).changed == 1
    family.take_in("appointments", APPOINTMENTS)
    (visit,) = family.rows(appointment)
    assert visit.starts_at == datetime(2026, 12, 1, 6, 30, tzinfo=timezone.utc)


def test_one_refused_row_keeps_the_others_out(office):
    done = office.take_in("people", PEOPLE + "0500,beneficiary,Centre Exemple,,A,,12,tu,\n")
    assert done.added == 0
    (refusal,) = done.refusals
    assert refusal == (
        "line 4: family_name: must not be empty; birth_year: write a number from 1900 to 2100"
    )
    assert office.rows(person) == []
    assert office.rows(audit) == []


def test_a_trial_finds_the_same_and_keeps_nothing(office):
    assert office.take_in("people", PEOPLE, dry_run=True).added == 2
    assert office.rows(person) == []
    bad = PEOPLE.replace("Centre Exemple", "Centre X")
    assert len(office.take_in("people", bad, dry_run=True).refusals) == 2


def test_no_refusal_repeats_what_stands_in_the_sheet(office):
    secret = "Zépho"
    header, *_ = PEOPLE.splitlines()
    rows = [
        ",".join([secret * 20] * 9),
        ",".join([secret] * 9),
        f"0317,beneficiary,Centre Exemple,{secret}@x.test,{secret},{secret},2011,tu,worker",
    ]
    done = office.take_in("people", "\n".join([header, *rows]) + "\n")
    assert [refusal[:6] for refusal in done.refusals] == ["line 2", "line 3", "line 4"]
    without_header = office.take_in("people", "\n".join(rows[2:]) + "\n")
    assert without_header.refusals
    told = "".join(done.refusals + without_header.refusals)
    assert secret.casefold() not in told.casefold()


@pytest.mark.parametrize(
    ("kind", "text", "told"),
    [
        ("people", PEOPLE.replace("awa@", "nobody@"), "line 2: worker: nobody of that structure"),
        ("people", PEOPLE.replace("guardian", "worker"), "line 2: consent_reason: must say why"),
        ("people", PEOPLE.replace(",family_name", ",surname"), "line 1: unknown columns: 1"),
        ("people", "case,kind\n1,beneficiary\n", "line 1: missing columns: structure"),
        ("links", LINKS.replace("0400,0317", "0317,0400"), "line 2: caregiver_case: this person"),
        ("links", LINKS.replace("0400,0317", "0400,9"), "line 2: case: no such case"),
        ("payments", PAYMENTS.replace("25000", "25000 F"), "line 2: amount: write the amount"),
        ("payments", PAYMENTS.replace("25000", "-1"), "line 2: amount: write an amount above 0"),
        ("payments", PAYMENTS.replace("2026-11,", "nov,"), "line 2: month: write the month as"),
        ("payments", PAYMENTS.replace(",2\n", ",0102030405\n"), "line 2: account_ending: write"),
        ("enrolments", ENROLMENTS, "line 2: programme: not one of this title"),
        ("appointments", APPOINTMENTS.replace("09:30", "9h"), "line 2: starts_at: write day and"),
    ],
)
def test_a_refusal_says_where_and_what_to_do(family, kind, text, told):
    done = family.take_in(kind, text)
    assert done.refusals
    assert done.refusals[0].startswith(told)


def test_somebody_who_is_not_linked_is_paid_for_nobody(office):
    office.take_in("people", PEOPLE)
    (refusal,) = office.take_in("payments", PAYMENTS).refusals
    assert refusal.startswith("line 2: recipient_case: no link")


def test_the_same_sheet_again_changes_what_it_says_and_no_more(family):
    family.take_in("payments", PAYMENTS)
    with family.database.write() as connection:
        connection.execute(payment.update().values(state="wrong_amount"))
        connection.execute(person.update().values(phone_shared=False))
    assert family.take_in("payments", PAYMENTS.replace("25000", "26000")).changed == 1
    assert family.take_in("people", PEOPLE).changed == 2
    (paid,) = family.rows(payment)
    assert (paid.amount, paid.state) == (Decimal(26000), "wrong_amount")
    assert not any(row.phone_shared for row in family.rows(person))


def test_a_payment_that_was_due_is_sent_by_its_date(family):
    family.take_in("payments", PAYMENTS.replace("2026-11-04,2\n", ",2\n"))
    assert family.rows(payment)[0].state == "due"
    family.take_in("payments", PAYMENTS)
    assert family.rows(payment)[0].state == "sent"


def test_another_structures_file_is_not_taken_over(family):
    other = "name,country,duty_hours\nCentre B,CI,mon 08:00-17:00\n"
    family.take_in("structures", other)
    moved = PEOPLE.replace("Centre Exemple,awa@exemple.test", "Centre B,")
    assert family.take_in("people", moved).refusals[0].startswith("line 2: case: ")


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
def test_what_goes_out_comes_in_again_unchanged(family, tmp_path, now, name):
    for kind in ("programmes", "enrolments", "payments", "appointments"):
        family.take_in(kind, SHEETS[kind])
    for each in KINDS.values():
        path = tmp_path / f"{each.name}-{name}"
        count = export_sheet(family.database, each, path, now)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        before = read_sheet(path)
        assert len(before[1]) == count > 0
        done = import_sheet(family.database, each, path, now)
        assert (done.added, done.changed, done.refusals) == (0, count, ())
        export_sheet(family.database, each, path, now)
        assert read_sheet(path) == before


def test_import_and_export_are_in_the_audit(family, tmp_path, now):
    export_sheet(family.database, KINDS["people"], tmp_path / "out.csv", now)
    actions = [row.action for row in family.rows(audit)]
    assert actions == ["person.import", "person.import", "care_link.import", "people.export"]
    with family.database.read() as connection:
        home = find_by_case(connection, "0317").structure_id
        assert first_broken_line(connection, home) is None
        assert first_broken_line(connection, None) is None


@given(st.sampled_from("=+-@"), st.text(st.characters(categories=["L", "N"]), max_size=8))
def test_no_cell_that_goes_out_is_a_formula(tmp_path_factory, sign, rest):
    path = tmp_path_factory.mktemp("formula") / "out.csv"
    write_sheet(path, ["name"], [{"name": sign + rest}])
    assert path.read_text(encoding="utf-8-sig").splitlines()[1].strip('"').startswith("'")
    assert read_sheet(path)[1] == [(2, {"name": sign + rest})]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "prénom\nZoé\n".encode("latin-1")),
        ("a.xlsx", b"not a workbook"),
        ("a.ods", b""),
    ],
)
def test_a_file_that_is_no_sheet_is_refused(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnreadableSheet):
        read_sheet(path)


def test_a_sheet_of_a_spreadsheet_is_read_like_its_text(office):
    assert office.take_in("people", PEOPLE, name="sheet.xlsx").added == 2
