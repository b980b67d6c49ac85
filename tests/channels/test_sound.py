"""A sound over HTTP: named by what it is, given in parts to whoever asks so."""

import pytest

from bot.channels.sound import browsers_play, kind_of, sound_response

SOUND = b"OggS" + bytes(96)


@pytest.mark.parametrize(
    ("beginning", "kind"),
    [
        (b"OggS\x00\x02", "audio/ogg"),
        (b"\x00\x00\x00\x18ftypM4A ", "audio/mp4"),
        (b"\x00\x00\x00\x18ftyp3gp4", "audio/3gpp"),
        (b"#!AMR\n", "audio/amr"),
        (b"ID3\x04", "audio/mpeg"),
        (b"<html><script>", "application/octet-stream"),
        (b"", "application/octet-stream"),
    ],
)
def test_it_is_what_its_bytes_say(beginning, kind):
    assert kind_of(beginning) == kind


@pytest.mark.parametrize(
    ("beginning", "plays"), [(b"OggS", True), (b"#!AMR\n", False), (b"<html>", False)]
)
def test_what_no_browser_plays_is_known(beginning, plays):
    assert browsers_play(beginning) is plays


def test_nobody_keeps_it_and_nothing_in_it_runs():
    answer = sound_response(b"<html><script>alert(1)</script>")

    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("asked", "status", "body", "content_range"),
    [
        ("", 200, SOUND, None),
        ("bytes=0-", 206, SOUND, "bytes 0-99/100"),
        ("bytes=0-1", 206, b"Og", "bytes 0-1/100"),
        ("bytes=98-500", 206, SOUND[98:], "bytes 98-99/100"),
        ("bytes=100-", 416, b"", "bytes */100"),
        ("bytes=nonsense", 200, SOUND, None),
    ],
)
def test_a_part_is_given_where_a_part_is_asked_for(asked, status, body, content_range):
    answer = sound_response(SOUND, asked)

    assert (answer.status_code, answer.body) == (status, body)
    assert answer.headers.get("content-range") == content_range
