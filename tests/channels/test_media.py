"""A file over HTTP: named by what it is, shown only where browsers show it by themselves."""

import pytest

from bot.channels.media import UNKNOWN, kind_of, media_response, shape_of


@pytest.mark.parametrize(
    ("beginning", "kind", "shape"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg", "picture"),
        (b"\x89PNG\r\n\x1a\n", "image/png", "picture"),
        (b"GIF89a", "image/gif", "picture"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp", "picture"),
        (b"\x00\x00\x00\x18ftypmp42", "video/mp4", "film"),
        (b"\x1a\x45\xdf\xa3", "video/webm", "film"),
        (b"%PDF-1.7", "application/pdf", "file"),
        # A picture of a newer phone, which most browsers do not show.
        (b"\x00\x00\x00\x18ftypheic", UNKNOWN, "file"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>", UNKNOWN, "file"),
        (b"<html><script>", UNKNOWN, "file"),
        (b"RIFF\x10\x00\x00\x00WAVEfmt ", UNKNOWN, "file"),
        (b"MZ\x90", UNKNOWN, "file"),
        (b"", UNKNOWN, "file"),
    ],
)
def test_it_is_what_its_bytes_say(beginning, kind, shape):
    assert kind_of(beginning) == kind
    assert shape_of(kind) == shape


@pytest.mark.parametrize("kind", [UNKNOWN, "application/pdf"])
def test_what_is_no_picture_is_saved_and_nothing_in_it_runs(kind):
    answer = media_response(b"<script>alert(1)</script>", kind, save_as="7")

    assert answer.headers["content-type"] == kind
    assert answer.headers["content-disposition"].startswith('attachment; filename="7')
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"


def test_a_picture_is_shown_where_it_stands():
    answer = media_response(b"\xff\xd8\xff", "image/jpeg", save_as="7")

    assert answer.headers["content-type"] == "image/jpeg"
    assert "content-disposition" not in answer.headers
    assert "sandbox" in answer.headers["content-security-policy"]
