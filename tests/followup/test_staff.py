"""Accounts, and signing in with a password."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.db.tables import staff
from bot.followup.access import ROLES
from bot.followup.sessions import find_session, start_session
from bot.followup.staff import (
    LOCKED_FOR,
    MAXIMUM_FAILURES,
    StaffRefused,
    add_staff,
    authenticate,
)
from tests.made_up import PASSWORD

ADDRESS = "awa@exemple.test"


def _account(**changes):
    return {
        "email": "Sita@Exemple.test ",
        "name": "Sita Inventée",
        "shown_name": "Sita",
        "role": "supervisor",
        "password": PASSWORD,
        **changes,
    }


def _signs_in(connection, address, password, now):
    member = authenticate(connection, address, password, now)
    return member.id if member else None


def _guess(connection, now, times):
    return [authenticate(connection, ADDRESS, "wrong", now) for _ in range(times)]


def test_an_account_opens_with_its_own_password_only(connection, home, now):
    made = add_staff(connection, structure_id=home.id, now=now, **_account())
    assert _signs_in(connection, "sita@exemple.test", PASSWORD, now) == made
    assert authenticate(connection, "sita@exemple.test", PASSWORD + "!", now) is None
    assert authenticate(connection, "nobody@exemple.test", PASSWORD, now) is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"role": "boss"}, "social_worker"),
        ({"password": "court"}, "12 signes"),
        ({"email": "sita"}, "@"),
    ],
)
def test_an_account_that_cannot_be_made_is_refused_with_the_reason(
    connection, home, now, changes, reason
):
    with pytest.raises(StaffRefused, match=reason):
        add_staff(connection, structure_id=home.id, now=now, **_account(**changes))


def test_one_address_has_one_account_however_it_is_written(connection, home, now):
    add_staff(connection, structure_id=home.id, now=now, **_account())
    with pytest.raises(StaffRefused, match="déjà"):
        add_staff(connection, structure_id=home.id, now=now, **_account(email="SITA@exemple.test"))


def test_every_role_can_have_an_account(connection, home, now):
    for role in ROLES:
        add_staff(
            connection,
            structure_id=home.id,
            now=now,
            **_account(role=role, email=f"{role}@exemple.test"),
        )


def test_a_password_is_stored_in_no_readable_form(awa):
    assert awa.password_hash.startswith("$argon2id$")


def test_five_failures_lock_for_fifteen_minutes_even_the_right_password(connection, awa, now):
    _guess(connection, now, MAXIMUM_FAILURES)
    assert _signs_in(connection, ADDRESS, PASSWORD, now) is None
    almost = now + LOCKED_FOR - timedelta(seconds=1)
    assert authenticate(connection, ADDRESS, PASSWORD, almost) is None
    assert _signs_in(connection, ADDRESS, PASSWORD, now + LOCKED_FOR) == awa.id


def test_a_lock_that_ended_leaves_five_attempts_again(connection, awa, now):
    _guess(connection, now, MAXIMUM_FAILURES)
    later = now + LOCKED_FOR
    _guess(connection, later, MAXIMUM_FAILURES - 1)
    assert _signs_in(connection, ADDRESS, PASSWORD, later) == awa.id


def test_the_right_password_forgets_earlier_failures(connection, awa, now):
    _guess(connection, now, MAXIMUM_FAILURES - 1)
    authenticate(connection, ADDRESS, PASSWORD, now)
    _guess(connection, now, MAXIMUM_FAILURES - 1)
    assert _signs_in(connection, ADDRESS, PASSWORD, now) == awa.id


def test_a_closed_account_neither_signs_in_nor_stays_signed_in(connection, awa, now):
    token = start_session(connection, awa.id, now)
    connection.execute(update(staff).where(staff.c.id == awa.id).values(active=False))
    assert _signs_in(connection, ADDRESS, PASSWORD, now) is None
    assert find_session(connection, token, now) is None
