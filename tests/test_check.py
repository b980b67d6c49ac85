"""What ``python -m bot check`` finds."""

from dataclasses import replace

import pytest
from sqlalchemy import delete

from bot.check import examine
from bot.db.tables import audit, metadata
from bot.followup import helplines
from bot.followup.audit import record_by
from bot.settings import TelegramSettings, WhatsAppSettings, read_settings
from tests.english import english
from tests.made_up import make_member, make_structure


@pytest.fixture
def settings(tmp_path):
    ready = read_settings({"AKOMA_PUBLIC_URL": "https://example.org"}, needs_key=False)
    return replace(ready, telegram=TelegramSettings(token="7:t"), model_path=tmp_path)


def texts(settings, database, now, *, serious):
    found = examine(settings, database, now)
    return " ".join(english(finding.reason) for finding in found if finding.serious is serious)


def test_an_empty_installation_is_told_what_to_do(settings, database, now):
    found = texts(settings, database, now, serious=True)
    assert "python -m bot train" in found
    assert "No structure" in found


def test_a_database_of_another_version_is_found(settings, sqlite_database, now):
    metadata.drop_all(sqlite_database.engine)
    assert "python -m bot migrate" in texts(settings, sqlite_database, now, serious=True)


def test_webhooks_without_their_secrets_are_found(settings, database, now):
    unsafe = replace(
        settings,
        telegram=TelegramSettings(token="7:t", mode="webhook"),
        whatsapp=WhatsAppSettings(token="t"),
    )
    found = texts(unsafe, database, now, serious=True)
    assert "AKOMA_TELEGRAM_SECRET" in found
    assert "AKOMA_WHATSAPP_APP_SECRET" in found


def test_cards_without_links_are_a_warning(settings, database, now):
    with database.write() as connection:
        make_structure(connection)
    silent = replace(
        settings, telegram=TelegramSettings(token="7:t"), whatsapp=WhatsAppSettings(token="t")
    )
    found = texts(silent, database, now, serious=False)
    assert "AKOMA_TELEGRAM_NAME" in found
    assert "AKOMA_WHATSAPP_NUMBER" in found


def test_helplines_to_dial_and_a_missing_focal_point_are_warnings(settings, database, now):
    with database.write() as connection:
        make_member(connection, make_structure(connection), "focal_point")
        helplines.seed(connection)
    found = texts(settings, database, now, serious=False)
    assert "CI 116" in found
    assert "two focal points" in found


def test_an_audit_that_was_tampered_with_is_found(settings, database, now):
    with database.write() as connection:
        member = make_member(connection, make_structure(connection))
        for alert_id in (1, 2):
            record_by(connection, member, "alert.close", "alert", alert_id, now)
    assert "The audit" not in texts(settings, database, now, serious=True)
    with database.write() as connection:
        connection.execute(delete(audit).where(audit.c.object_id == "1"))
    assert "The audit was changed" in texts(settings, database, now, serious=True)
