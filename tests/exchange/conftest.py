"""A structure with staff, and sheets as they are saved by a spreadsheet."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import tablib

from bot.exchange.transfer import KINDS, import_sheet
from tests.english import english
from tests.made_up import make_member, make_structure

PEOPLE = (
    "case,kind,structure,worker,first_name,family_name,birth_year,form,consent_by\n"
    "0317,beneficiary,Centre Exemple,awa@exemple.test,Kouadio,Inventé,2011,tu,guardian\n"
    "0400,caregiver,Centre Exemple,,Mariam,Inventée,1985,vous,\n"
)
LINKS = "caregiver_case,case,relation,sees_payments\n0400,0317,mother,yes\n"


class Office:
    """Imports sheets given as text into a database."""

    def __init__(self, database, folder, now):
        self.database, self.folder, self.now = database, folder, now

    def path(self, text, name="sheet.csv"):
        path = self.folder / name
        if name.endswith(".xlsx"):
            rows = [line.split(",") for line in text.splitlines()]
            path.write_bytes(tablib.Dataset(*rows[1:], headers=rows[0]).export("xlsx"))
        else:
            path.write_text(text, encoding="utf-8")
        return path

    def take_in(self, kind, text, *, name="sheet.csv", dry_run=False):
        path = self.path(text, name)
        done = import_sheet(self.database, KINDS[kind], path, self.now, dry_run=dry_run)
        told: Any = tuple(map(english, done.refusals))
        return replace(done, refusals=told)

    def rows(self, table):
        with self.database.read() as connection:
            return connection.execute(table.select()).all()


@pytest.fixture
def office(database, tmp_path: Path, now):
    """Give an office whose structure and social worker are there."""
    with database.write() as connection:
        make_member(connection, make_structure(connection))
    return Office(database, tmp_path, now)


@pytest.fixture
def family(office):
    """Give an office that follows a boy and his mother."""
    assert office.take_in("people", PEOPLE).added == 2
    assert office.take_in("links", LINKS).added == 1
    return office
