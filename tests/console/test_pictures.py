"""Pictures and files that people sent: opened by who may read the conversation, as they are."""

import pytest
from sqlalchemy import select

from bot.channels.media import kind_of
from bot.db.tables import attachment, audit
from tests.console.cases import flag, keep_attachment, make_talk, write
from tests.made_up import make_member, make_structure

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF an invented picture"


@pytest.fixture
def send(site, talk):
    """Give a function by which the person sends something, as the fetcher would keep it."""

    def come(content, text=None, *, restricted=False, kind="photo", **values):
        with site.database.write() as connection:
            written = write(connection, talk, text, site.clock(), kind=kind, restricted=restricted)
            media_type = kind_of(content) if content else None
            return keep_attachment(
                connection, written, content, site.clock(), media_type=media_type, **values
            )

    return come


def _thread(site, member, talk):
    return site.visitor(member).get(f"/console/conversations/{talk.id}").text


def test_a_picture_is_opened_where_it_stands_in_the_thread(site, office, talk, send):
    picture = send(JPEG, "mon bras")
    page = _thread(site, office.awa, talk)
    assert f'src="/console/pictures/{picture}"' in page
    assert "à ouvrir" in page
    assert "mon bras" in page

    answer = site.visitor(office.awa).get(f"/console/pictures/{picture}")

    assert (answer.status_code, answer.content) == (200, JPEG)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "à ouvrir" not in _thread(site, office.awa, talk)
    with site.database.read() as connection:
        assert connection.execute(select(attachment)).one().opened_by == office.awa.id
        (line,) = connection.execute(select(audit).where(audit.c.action == "attachment.read"))
    assert (line.staff_id, line.object_id) == (office.awa.id, str(picture))


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (b"\x00\x00\x00\x18ftypmp42", "<video"),
        (b"%PDF-1.7", "Enregistrer le fichier"),
        (b"<svg onload='alert(1)'>", "Enregistrer le fichier"),
    ],
)
def test_what_is_no_picture_is_shown_as_what_it_is(site, office, talk, send, content, shown):
    came = send(content)
    page = _thread(site, office.awa, talk)
    assert shown in page
    assert "<img" not in page.partition('<ol class="thread">')[2]

    answer = site.visitor(office.awa).get(f"/console/pictures/{came}")
    assert answer.content == content
    assert ("attachment" in answer.headers.get("content-disposition", "")) == (shown != "<video")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Un nouvel essai se fait tout seul."),
        ({"due_at": None, "error": "404"}, "n’est plus disponible"),
        ({"due_at": None, "error": "file_too_big"}, "trop lourd"),
    ],
)
def test_one_that_has_not_come_says_so(site, office, talk, send, values, words):
    came = send(None, **values)
    assert words in _thread(site, office.awa, talk)
    assert site.visitor(office.awa).get(f"/console/pictures/{came}").status_code == 404


def test_what_cannot_be_shown_here_says_what_to_do(site, office, talk):
    with site.database.write() as connection:
        write(connection, talk, None, site.clock(), kind="photo")
    assert "ne s’affiche pas ici" in _thread(site, office.awa, talk)


def test_a_picture_put_in_place_of_another_is_shown_too(site, office, talk, send):
    picture = send(JPEG, kind="edited")
    assert f'src="/console/pictures/{picture}"' in _thread(site, office.awa, talk)


def test_who_may_not_read_the_conversation_sees_nothing(site, office, send):
    picture = send(JPEG)
    with site.database.write() as connection:
        elsewhere = make_member(
            connection, make_structure(connection, "Centre Autre"), shown_name="Yao"
        )
    assert site.visitor(elsewhere).get(f"/console/pictures/{picture}").status_code == 404


def test_what_is_sent_about_staff_is_the_focal_points_alone(site, office, talk, send):
    picture = send(JPEG, restricted=True)
    assert "pictures" not in _thread(site, office.awa, talk)
    assert site.visitor(office.awa).get(f"/console/pictures/{picture}").status_code == 404
    assert site.visitor(office.fanta).get(f"/console/pictures/{picture}").status_code == 200


def test_it_is_sealed_where_it_is_kept(site, send):
    send(JPEG)
    with site.database.read() as connection:
        raw = connection.exec_driver_sql("SELECT content FROM attachment").scalar_one()
    assert JPEG not in bytes(raw)


def test_the_row_of_today_waits_until_it_is_opened(site, office, talk, send):
    other = make_talk(site, office, case_number="0401")
    flag(site, other, "high")
    flag(site, talk, kind="voice", category=None)
    picture = send(JPEG)
    visitor = site.visitor(office.awa)
    assert "Vocal ou photo à ouvrir" in visitor.get("/console").text

    visitor.get(f"/console/pictures/{picture}")

    assert "ouvert par Awa" in visitor.get("/console").text
