"""Recording and hearing in a real browser, with a microphone that hears a beep."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.engine import Row

from bot.db.tables import recording
from bot.i18n.encode import to_voice
from tests.browser import assert_accessible, assert_fits, browser
from tests.console.cases import Office, keep_attachment, make_talk, write
from tests.console.in_browser import complaints, signed_in, site, url
from tests.console.site import Site
from tests.i18n.test_encode import heard, tone
from tests.made_up import make_member

__all__ = ["browser", "complaints", "signed_in", "site", "url"]

pytestmark = pytest.mark.browser

NARROW, WIDE = {"width": 360, "height": 780}, {"width": 1280, "height": 900}
# Converting takes a moment on a slow machine (milliseconds).
PATIENCE = 20_000


@pytest.fixture
def chief(site: Site, office: Office) -> Row:
    with site.database.write() as connection:
        return make_member(connection, office.home, "supervisor", "Ines")


@pytest.mark.parametrize("viewport", [NARROW, WIDE])
@pytest.mark.parametrize("path", ["/console/voices", "/console/voices/fr", "/console/voices/dyu"])
def test_the_pages_fit_and_are_accessible(signed_in, chief, complaints, viewport, path):
    page = signed_in(chief, path, viewport=viewport)
    assert_fits(page)
    assert_accessible(page)
    assert complaints == []


def test_a_sentence_is_recorded_and_heard_without_leaving_the_page(
    site, signed_in, chief, complaints
):
    page = signed_in(chief, "/console/voices/dyu?state=missing", viewport=NARROW)
    card = page.locator(".readings .card").first
    button = card.locator(".record")
    button.click()
    expect(button).to_contain_text("Arrêter")
    page.wait_for_timeout(1200)
    button.click()

    expect(card.locator("audio")).to_be_focused(timeout=PATIENCE)
    expect(card).to_contain_text("Dite")
    expect(card).to_contain_text("Ines")
    expect(button).to_contain_text("Enregistrer ma voix")
    with site.database.read() as connection:
        (row,) = connection.execute(select(recording)).all()
    assert heard(row.sound)[:3] == ("ogg", "opus", 1)
    length = card.locator("audio").evaluate(
        "sound => new Promise(done => { sound.onloadedmetadata = () => done(sound.duration);"
        " sound.load(); sound.play() })"
    )
    assert length > 0.5
    assert complaints == []


def test_a_file_is_sent_without_the_script(site, signed_in, chief, tmp_path):
    (tmp_path / "voix.wav").write_bytes(tone(1))
    page = signed_in(chief, "/console/voices/dyu", java_script_enabled=False)
    card = page.locator(".readings .card").first
    expect(card.locator(".record")).to_be_hidden()
    card.locator("summary").click()
    card.locator("input[type=file]").set_input_files(tmp_path / "voix.wav")
    card.get_by_role("button", name="Envoyer").click()

    expect(page.get_by_role("status")).to_contain_text("C’est gardé")
    expect(page.locator(".readings .card").first.locator("audio")).to_be_visible()


def test_hearing_a_note_is_not_cut_off_by_the_page_that_refreshes_itself(site, office, signed_in):
    talk = make_talk(site, office, case_number="0317")
    with site.database.write() as connection:
        written = write(connection, talk, None, site.clock(), kind="voice")
        keep_attachment(connection, written, to_voice(tone(4)), site.clock())
    page = signed_in(office.awa, f"/console/conversations/{talk.id}", viewport=NARROW)
    expect(page.get_by_text("pas encore écouté")).to_be_visible()
    sound = page.locator("audio")
    # In one step: between finding it and starting it the page may refresh itself.
    page.evaluate(
        "() => { const sound = document.querySelector('audio');"
        " window.same = sound; sound.muted = true; return sound.play() }"
    )
    with site.database.write() as connection:
        write(connection, talk, "et encore", site.clock())
    page.wait_for_timeout(1500)
    same = "() => document.querySelector('audio') === window.same && !window.same.paused"
    assert page.evaluate(same)

    sound.evaluate("sound => sound.pause()")
    expect(page.get_by_text("et encore")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("pas encore écouté")).to_have_count(0)
    assert sound.evaluate("sound => sound === window.same && sound.currentTime > 0")
    assert_fits(page)
