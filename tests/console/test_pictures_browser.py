"""A picture that somebody sent, in a real browser: it comes when it is asked for, and only once."""

from __future__ import annotations

import struct
import zlib

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from bot.channels.media import kind_of
from bot.db.tables import attachment
from tests.browser import assert_accessible, assert_fits, browser
from tests.console.cases import keep_attachment, make_talk, write
from tests.console.in_browser import complaints, signed_in, site, url

__all__ = ["browser", "complaints", "signed_in", "site", "url"]

pytestmark = pytest.mark.browser

NARROW = {"width": 360, "height": 640}
PATIENCE = 5000


def _png(width: int, height: int) -> bytes:
    """Draw an orange picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        whole = kind + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    rows = (b"\0" + b"\xe0\x90\x30" * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


PICTURE = _png(1200, 900)


@pytest.fixture
def talk(site, office):
    """Give a conversation in which somebody sent a picture."""
    talk = make_talk(site, office, case_number="0317")
    with site.database.write() as connection:
        written = write(connection, talk, "mon bras", site.clock(), kind="photo")
        keep_attachment(connection, written, PICTURE, site.clock(), media_type=kind_of(PICTURE))
    return talk


def test_a_picture_comes_when_it_is_asked_for_and_stays(site, office, talk, signed_in, complaints):
    page = signed_in(office.awa, f"/console/conversations/{talk.id}", viewport=NARROW)
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    expect(page.get_by_text("à ouvrir")).to_be_visible()
    assert_accessible(page)
    with site.database.read() as connection:
        assert connection.execute(select(attachment.c.opened_at)).scalar_one() is None

    page.get_by_text("Voir la photo").click()

    shown = page.get_by_role("img", name="Photo envoyée par la personne")
    page.wait_for_function("() => document.querySelector('.picture img').naturalWidth === 1200")
    expect(page.get_by_text("à ouvrir")).to_have_count(0, timeout=PATIENCE)
    with site.database.write() as connection:
        write(connection, talk, "et encore", site.clock())
    expect(page.get_by_text("et encore")).to_be_visible(timeout=PATIENCE)
    expect(shown).to_be_visible()
    assert len([address for address in fetched if "/pictures/" in address]) == 1
    assert_fits(page)
    assert complaints == []
