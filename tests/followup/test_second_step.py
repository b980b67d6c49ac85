"""Codes from an app on the phone, and the recovery codes that stand in for it."""

from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select, text

from bot.db.tables import recovery_code, staff
from bot.followup import second_step
from bot.followup.staff import LOCKED_FOR, MAXIMUM_FAILURES, authenticate
from tests.made_up import PASSWORD, make_member

STEP = timedelta(seconds=30)


def _again(connection, member):
    return connection.execute(select(staff).where(staff.c.id == member.id)).one()


def _code(secret, at):
    return pyotp.TOTP(secret).at(at)


@pytest.fixture
def secret(connection, awa, now):
    """Give the secret of Awa's app, whose second step is on since a while."""
    secret = second_step.begin(connection, awa)
    before = now - timedelta(days=1)
    assert second_step.take_up(connection, _again(connection, awa), _code(secret, before), before)
    return secret


def test_it_is_on_only_after_the_app_has_shown_a_right_code(connection, awa, now):
    secret = second_step.begin(connection, awa)
    awa = _again(connection, awa)
    assert second_step.begin(connection, awa) == secret
    assert second_step.take_up(connection, awa, "000000", now) is None
    assert not second_step.is_on(_again(connection, awa))
    codes = second_step.take_up(connection, awa, _code(secret, now), now)
    assert codes is not None
    assert len(set(codes)) == second_step.RECOVERY_CODES
    assert second_step.is_on(_again(connection, awa))


def test_the_picture_names_the_account(awa):
    address = second_step.address_for("A" * 32, awa.email)
    assert address.startswith("otpauth://totp/Akoma:awa%40exemple.test?")
    assert f"secret={'A' * 32}" in address


def test_a_code_works_once_and_half_a_minute_early_or_late(connection, awa, secret, now):
    for at in (now - STEP, now, now + STEP):
        assert second_step.check_code(connection, awa.id, _code(secret, at), now)
        assert not second_step.check_code(connection, awa.id, _code(secret, at), now)
    assert not second_step.check_code(connection, awa.id, _code(secret, now - STEP), now)
    assert not second_step.check_code(connection, awa.id, _code(secret, now + 3 * STEP), now)


def test_the_code_of_another_member_does_not_work(connection, home, awa, secret, now):
    sita = make_member(connection, home, shown_name="Sita")
    assert not second_step.check_code(connection, sita.id, _code(secret, now), now)


@pytest.mark.parametrize("typed", ["{}", " {} ", "lower"])
def test_a_recovery_code_works_once_however_it_is_typed(connection, awa, secret, now, typed):
    codes = second_step.make_recovery_codes(connection, awa.id, now)
    written = codes[0].replace("-", "").lower() if typed == "lower" else typed.format(codes[0])
    assert second_step.check_code(connection, awa.id, written, now)
    assert not second_step.check_code(connection, awa.id, written, now)
    assert second_step.recovery_codes_left(connection, awa.id) == second_step.RECOVERY_CODES - 1


def test_new_recovery_codes_take_the_place_of_the_old_ones(connection, awa, secret, now):
    old = second_step.make_recovery_codes(connection, awa.id, now)
    second_step.make_recovery_codes(connection, awa.id, now)
    assert not second_step.check_code(connection, awa.id, old[0], now)


def test_nothing_of_it_is_stored_in_readable_form(connection, awa, secret, now):
    codes = second_step.make_recovery_codes(connection, awa.id, now)
    kept = [row.code_index for row in connection.execute(select(recovery_code))]
    assert not any(code[:4] in index for code in codes for index in kept)
    (sealed,) = connection.execute(text("SELECT totp_secret FROM staff")).scalars()
    assert secret.encode() not in bytes(sealed)


def test_wrong_codes_lock_the_account_like_wrong_passwords(connection, awa, secret, now):
    for _ in range(MAXIMUM_FAILURES):
        assert not second_step.check_code(connection, awa.id, "000000", now)
    assert not second_step.check_code(connection, awa.id, _code(secret, now), now)
    assert authenticate(connection, awa.email, PASSWORD, now) is None
    later = now + LOCKED_FOR
    assert second_step.check_code(connection, awa.id, _code(secret, later), later)


def test_knowing_the_password_gives_no_more_tries_at_the_code(connection, awa, secret, now):
    entered = []
    for _ in range(MAXIMUM_FAILURES):
        entered.append(authenticate(connection, awa.email, PASSWORD, now) is not None)
        second_step.check_code(connection, awa.id, "000000", now)
    assert entered[0]
    assert not entered[-1]


def test_a_lost_phone_is_switched_off_with_its_recovery_codes(connection, awa, secret, now):
    codes = second_step.make_recovery_codes(connection, awa.id, now)
    second_step.switch_off(connection, awa.id)
    assert not second_step.is_on(_again(connection, awa))
    assert second_step.begin(connection, _again(connection, awa)) != secret
    assert not second_step.check_code(connection, awa.id, codes[0], now)
