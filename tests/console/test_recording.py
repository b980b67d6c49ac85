"""Saying the messages in the console: who may, what is taken, and that people hear it."""

import re

import pytest
from sqlalchemy import select

from bot.db.tables import audit, recording
from bot.followup import translations
from bot.i18n.recordings import find_voices, script
from tests.console.cases import make_recording
from tests.i18n.test_encode import heard, tone
from tests.made_up import make_member

# A message that is said in French by a machine, and in Dioula by nobody.
NAME = "utter_thank"


@pytest.fixture
def speaker(site, office):
    """Give a colleague who was named for Dioula and has no other right to words."""
    with site.database.write() as connection:
        member = make_member(connection, office.home, "reviewer", "Mariam")
        translations.name_reviewer(connection, member.id, "dyu", site.clock())
    return member


def _send(visitor, sound, language="dyu", name=NAME, **fields):
    token = visitor.token("/console/voices")
    files = {"sound": ("voix.wav", sound, "audio/wav")} if sound is not None else None
    return visitor.post(
        f"/console/voices/{language}/{name}",
        data={"csrf": token, **fields},
        files=files,
        follow_redirects=False,
    )


def _rows(site):
    with site.database.read() as connection:
        return connection.execute(select(recording).order_by(recording.c.id)).all()


def test_a_speaker_says_a_message_and_people_hear_it(site, speaker, wording):
    visitor = site.visitor(speaker)
    assert "Julakan" in visitor.get("/console/voices").text

    answer = _send(visitor, tone(1.2))

    assert answer.status_code == 303
    (row,) = _rows(site)
    assert (row.language, row.name, row.staff_id) == ("dyu", NAME, speaker.id)
    assert heard(row.sound)[:3] == ("ogg", "opus", 1)
    with site.database.read() as connection:
        (voice,) = find_voices(connection, wording, f"dyu/{NAME}")
        assert (voice.language, voice.staff_id) == ("dyu", speaker.id)
        lines = connection.execute(select(audit.c.action)).scalars().all()
    assert "recording.make" in lines
    page = visitor.get("/console/voices/dyu?state=recorded").text
    assert "Mariam" in page
    assert re.search(rf'<audio [^>]*src="/console/voices/dyu/{NAME}\?', page)
    sound = visitor.get(f"/console/voices/dyu/{NAME}")
    assert (sound.content, sound.headers["content-type"]) == (row.sound, "audio/ogg")


def test_it_can_be_taken_away_again(site, speaker, wording):
    visitor = site.visitor(speaker)
    _send(visitor, tone(1))

    assert _send(visitor, None, do="take_away").status_code == 303

    with site.database.read() as connection:
        found = {each.name: each for each in script(connection, wording, "dyu")}
    assert found[NAME].voice is None
    assert len(_rows(site)) == 2


@pytest.mark.parametrize(
    ("sound", "words"),
    [
        (b"<html>", "On n’entend rien dans ce fichier."),
        (tone(121, channels=1, rate=8000), "C’est trop long"),
    ],
    ids=["no sound", "too long"],
)
def test_what_is_no_voice_is_refused_and_says_why(site, speaker, sound, words):
    answer = _send(site.visitor(speaker), sound)

    assert answer.status_code == 422
    assert words in answer.text
    assert _rows(site) == []


def test_a_file_that_is_far_too_large_is_not_read(site, speaker):
    visitor = site.visitor(speaker)
    assert _send(visitor, bytes(9 * 1024 * 1024)).status_code == 413


def test_who_has_no_session_uploads_nothing(site, office):
    answer = site.visitor().post(
        f"/console/voices/fr/{NAME}", files={"sound": b"x"}, follow_redirects=False
    )
    assert answer.headers["location"].startswith("/console/sign-in")


def test_another_language_and_an_unknown_message_are_not_found(site, speaker):
    visitor = site.visitor(speaker)

    assert _send(visitor, tone(1), language="fr").status_code == 404
    assert visitor.get("/console/voices/fr").status_code == 404
    assert _send(visitor, tone(1), name="utter_nothing").status_code == 404
    assert visitor.get(f"/console/voices/dyu/{NAME}").status_code == 404


def test_a_form_without_its_token_is_refused(site, speaker):
    answer = site.visitor(speaker).post(
        f"/console/voices/dyu/{NAME}", data={"csrf": "x"}, files={"sound": tone(1)}
    )
    assert answer.status_code == 403
    assert _rows(site) == []


def test_words_that_changed_are_shown_as_such(site, office, speaker):
    with site.database.write() as connection:
        make_recording(connection, speaker, f"dyu/{NAME}", site.clock())

    page = site.visitor(speaker).get("/console/voices/dyu?state=changed").text
    assert "Les mots ont changé" in page
    assert "Avec plaisir" in page
