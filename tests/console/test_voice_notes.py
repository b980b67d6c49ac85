"""Voice notes that people sent: heard by who may read the conversation, and by nobody unseen."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.db.tables import attachment, audit
from tests.console.cases import flag, keep_attachment, make_talk, write
from tests.i18n.test_encode import as_format, heard, tone
from tests.made_up import make_member, make_structure

SOUND = b"OggS" + bytes(60)


@pytest.fixture
def note(site, talk):
    """Give a voice note in the conversation, with the alert that it raised."""
    flag(site, talk, kind="voice", category=None)
    with site.database.write() as connection:
        written = write(connection, talk, None, site.clock(), kind="voice")
        return keep_attachment(connection, written, SOUND, site.clock())


def _note(site):
    with site.database.read() as connection:
        return connection.execute(select(attachment)).one()


def _heard_lines(site):
    with site.database.read() as connection:
        query = select(audit).where(audit.c.action == "attachment.read")
        return connection.execute(query).all()


def test_it_is_heard_where_it_stands_in_the_thread(site, office, talk, note):
    visitor = site.visitor(office.awa)
    page = visitor.get(f"/console/conversations/{talk.id}").text
    assert f'src="/console/voice-notes/{note}"' in page
    assert "pas encore écouté" in page

    answer = visitor.get(f"/console/voice-notes/{note}")

    assert (answer.status_code, answer.content) == (200, SOUND)
    assert answer.headers["content-type"] == "audio/ogg"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert _note(site).opened_by == office.awa.id
    assert "pas encore écouté" not in visitor.get(f"/console/conversations/{talk.id}").text


def test_a_part_is_given_and_one_hearing_is_one_line_of_the_book(site, office, note):
    visitor = site.visitor(office.awa)
    for part in ("bytes=0-", "bytes=4-9"):
        answer = visitor.get(f"/console/voice-notes/{note}", headers={"Range": part})
        assert answer.status_code == 206
    assert answer.content == SOUND[4:10]

    (line,) = _heard_lines(site)
    assert (line.staff_id, line.object_id) == (office.awa.id, str(note))


@pytest.fixture
def hear(site, office, talk):
    """Give a function that hears a note in the browser as somebody sent it."""

    def listen(sound, part=""):
        with site.database.write() as connection:
            written = write(connection, talk, None, site.clock(), kind="voice")
            note = keep_attachment(connection, written, sound, site.clock())
        headers = {"Range": part} if part else {}
        return site.visitor(office.awa).get(f"/console/voice-notes/{note}", headers=headers)

    return listen


@pytest.mark.parametrize("container", ["amr", "3gp"])
def test_what_no_browser_plays_is_turned_into_what_it_plays(site, hear, container):
    # Longer than what staff may record: what came is heard whole.
    long = tone(130, channels=1, rate=8000)
    amr = {"codec": "libopencore_amrnb", "rate": 8000, "samples": 160, "layout": "mono"}
    sound = as_format(long, container, **amr)

    whole, part = hear(sound), hear(sound, "bytes=0-99")

    assert whole.headers["content-type"] == part.headers["content-type"] == "audio/ogg"
    kind, codec, _, seconds = heard(whole.content)
    assert (kind, codec) == ("ogg", "opus")
    assert seconds == pytest.approx(130, abs=0.3)
    assert part.content == whole.content[:100]
    with site.database.read() as connection:
        # It is kept as it came.
        assert set(connection.execute(select(attachment.c.content)).scalars()) == {sound}


def test_what_is_no_sound_is_given_to_save_as_it_came(hear):
    answer = hear(b"something else")

    assert answer.content == b"something else"
    assert "attachment" in answer.headers["content-disposition"]


def test_it_is_sealed_where_it_is_kept(site, note):
    with site.database.read() as connection:
        raw = connection.exec_driver_sql("SELECT content FROM attachment").scalar_one()
    assert SOUND not in bytes(raw)


def test_who_may_not_read_the_conversation_hears_nothing(site, office, note):
    with site.database.write() as connection:
        elsewhere = make_structure(connection, "Centre Autre")
        others = [
            make_member(connection, elsewhere, "supervisor", "Loin"),
            make_member(connection, office.home, "administrator", "Admin"),
        ]
    for member in others:
        assert site.visitor(member).get(f"/console/voice-notes/{note}").status_code == 404
    assert _note(site).opened_at is None
    assert _heard_lines(site) == []


def test_one_about_staff_is_heard_by_the_focal_point_alone(site, office, talk):
    with site.database.write() as connection:
        written = write(connection, talk, None, site.clock(), kind="voice", restricted=True)
        note = keep_attachment(connection, written, SOUND, site.clock())

    page = site.visitor(office.awa).get(f"/console/conversations/{talk.id}").text
    assert "voice-notes" not in page
    assert site.visitor(office.awa).get(f"/console/voice-notes/{note}").status_code == 404
    assert site.visitor(office.fanta).get(f"/console/voice-notes/{note}").status_code == 200


@pytest.mark.parametrize(
    ("values", "words"),
    [({}, "Le vocal arrive."), ({"due_at": None, "error": "404"}, "n’est plus disponible")],
)
def test_one_that_has_not_come_says_so(site, office, talk, values, words):
    with site.database.write() as connection:
        written = write(connection, talk, None, site.clock(), kind="voice")
        note = keep_attachment(connection, written, None, site.clock(), **values)

    visitor = site.visitor(office.awa)
    assert words in visitor.get(f"/console/conversations/{talk.id}").text
    assert visitor.get(f"/console/voice-notes/{note}").status_code == 404


def test_the_unheard_come_first_among_the_urgent_and_then_are_not_urgent(site, office, talk):
    waits_longer = make_talk(site, office, case_number="0401")
    flag(site, waits_longer, "high")
    critical = make_talk(site, office, case_number="0402")
    flag(site, critical, "critical")
    site.clock.forward(timedelta(minutes=30))
    flag(site, talk, kind="voice", category=None)
    with site.database.write() as connection:
        written = write(connection, talk, None, site.clock(), kind="voice")
        note = keep_attachment(connection, written, SOUND, site.clock())
    visitor = site.visitor(office.awa)

    def order():
        page = visitor.get("/console").text
        return sorted(("0402", "0317", "0401"), key=page.index)

    assert order() == ["0402", "0317", "0401"]
    visitor.get(f"/console/voice-notes/{note}")
    assert order() == ["0402", "0401", "0317"]
    assert "ouvert par Awa" in visitor.get("/console").text


def test_a_second_note_is_unheard_again(site, office, talk, note):
    visitor = site.visitor(office.awa)
    visitor.get(f"/console/voice-notes/{note}")
    assert "ouvert par Awa" in visitor.get("/console").text
    with site.database.write() as connection:
        written = write(connection, talk, None, site.clock(), kind="voice")
        keep_attachment(connection, written, SOUND, site.clock())

    assert "ouvert par Awa" not in visitor.get("/console").text
