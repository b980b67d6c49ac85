"""The thread, the facts before writing, and the reply in place."""

import re
from datetime import datetime, timedelta, timezone
from html import unescape

import pytest
from sqlalchemy import select

from bot.console.conversations import PAGE_SIZE
from bot.db.tables import audit, outbox
from bot.delivery.refusals import hold, until_the_person_writes
from bot.delivery.staff_replies import MAXIMUM_LENGTH
from bot.followup import conversations, typing
from bot.followup.days_off import add_leave
from bot.followup.people import find_by_case
from tests.console.cases import answer, flag, make_talk, write
from tests.made_up import make_conversation, make_person
from tests.made_up_caseload import make_appointment, make_link

_FRIDAY = datetime(2026, 11, 27, 10, tzinfo=timezone.utc)


@pytest.fixture
def talk(site, office):
    return make_talk(site, office, case_number="0317", first_name="Koffi")


def _words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def _box(html: str) -> str:
    """Return what stands in the reply's field."""
    return html.split('<textarea id="text"')[1].split(">", 1)[1].split("</textarea>")[0]


def _path(talk) -> str:
    return f"/console/conversations/{talk.id}"


def _owner(site, talk):
    with site.database.read() as connection:
        return conversations.get_conversation(connection, talk.id).owner_id


def _sent(site, talk):
    with site.database.read() as connection:
        query = select(outbox).where(
            outbox.c.conversation_id == talk.id, outbox.c.author == "staff"
        )
        return [row.text for row in connection.execute(query.order_by(outbox.c.id))]


def _take(site, talk, member):
    visitor = site.visitor(member)
    visitor.submit(f"/conversations/{talk.id}/take-over")
    return visitor


def test_the_thread_says_who_wrote_what_when_and_how_far_it_came(site, office, talk):
    at = site.clock() - timedelta(days=1)
    with site.database.write() as connection:
        write(connection, talk, "slt", at)
        answer(connection, talk, "Bonjour. Ça va ?", at, state="delivered", choices=("Oui", "Non"))
        answer(connection, talk, "Awa : à demain", site.clock(), state="sent", by=office.awa)
    words = _words(site.visitor(office.awa).get(_path(talk)).text)
    assert "Dossier 0317 Koffi" in words
    assert "Hier La personne slt 10:30 Le programme Bonjour. Ça va ? Oui Non 10:30 Arrivé" in words
    assert "Aujourd’hui Awa, équipe Awa : à demain 10:30 Envoyé" in words


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("queued", "En attente d’envoi"),
        ("sent", "Envoyé"),
        ("delivered", "Arrivé"),
        ("read", "Lu"),
        ("failed", "Pas arrivé"),
        ("held", "Gardé jusqu’à 10:30"),
        ("cancelled", "Annulé, pas parti"),
    ],
)
def test_every_state_has_a_word_and_a_drawing(site, office, talk, state, words):
    with site.database.write() as connection:
        answer(connection, talk, "Bonjour", site.clock(), state=state)
    page = site.visitor(office.awa).get(_path(talk)).text
    assert f'<use href="#i-{state}"/></svg>{words}' in page
    assert f'<symbol id="i-{state}"' in page


@pytest.mark.parametrize(
    ("until", "words"),
    [
        (timedelta(hours=6), "Gardé jusqu’à 16:30"),
        (timedelta(hours=30), "Gardé jusqu’à jeudi 26 novembre à 16:30"),
        (None, "Gardé jusqu’à son prochain message"),
    ],
)
def test_what_is_held_says_what_it_waits_for(site, office, talk, until, words):
    now = site.clock()
    with site.database.write() as connection:
        answer(connection, talk, "Bonjour", now, by=office.awa)
        (row,) = connection.execute(select(outbox))
        hold(connection, row, now + until if until else until_the_person_writes(now))
    assert words in _words(site.visitor(office.awa).get(_path(talk)).text)


def test_before_writing_one_sees_that_the_channel_takes_but_a_notice_now(site, office):
    with site.database.write() as connection:
        someone = make_person(connection, office.home)
        talk = make_conversation(connection, someone, channel="whatsapp")
        write(connection, talk, "bonjour", site.clock() - timedelta(hours=23))
    closed = "rien de la personne depuis 1 jour. Un mot neutre part d’abord"
    assert closed not in _words(site.visitor(office.awa).get(_path(talk)).text)
    site.clock.forward(timedelta(hours=1))
    assert f"WhatsApp {closed}" in _words(site.visitor(office.awa).get(_path(talk)).text)


def test_what_is_no_text_has_a_place(site, office, talk):
    with site.database.write() as connection:
        write(connection, talk, None, site.clock(), kind="voice")
        write(connection, talk, "mon bras", site.clock(), kind="photo")
        write(connection, talk, None, site.clock())
    words = _words(site.visitor(office.awa).get(_path(talk)).text)
    assert "Message vocal" in words
    assert "Photo ou fichier Ce message ne s’affiche pas ici." in words
    assert "mon bras" in words
    assert "Texte pas gardé : il n’y a pas d’accord." in words


def test_what_people_write_is_shown_and_never_run(site, office, talk):
    with site.database.write() as connection:
        write(connection, talk, "<script>alert(1)</script>\"'><img src=x>", site.clock())
        answer(connection, talk, "ok", site.clock(), choices=("<b>Oui</b>",))
    page = site.visitor(office.awa).get(_path(talk)).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    for tag in ("<script>alert", "<img", "<b>"):
        assert tag not in page


def test_what_is_sealed_shows_to_the_focal_point_alone(site, office, talk):
    with site.database.write() as connection:
        write(connection, talk, "l’éducateur demande 5000 f", site.clock(), restricted=True)
        answer(connection, talk, "Personne ne doit demander ça", site.clock(), restricted=True)
    for path in (_path(talk), f"{_path(talk)}/thread"):
        page = site.visitor(office.awa).get(path).text
        assert page.count("Message réservé à la protection") == 2
        assert "5000" not in page
        assert "demander" not in page
        assert "5000" in site.visitor(office.fanta).get(path).text


def test_a_long_thread_has_pages_the_newest_at_the_bottom(site, office, talk):
    with site.database.write() as connection:
        for number in range(PAGE_SIZE + 3):
            at = site.clock() + timedelta(seconds=number)
            write(connection, talk, f"numéro-{number}.", at)
    visitor = site.visitor(office.awa)
    newest = visitor.get(_path(talk)).text
    assert re.findall(r"numéro-(\d+)\.", newest) == [str(n) for n in range(3, PAGE_SIZE + 3)]
    older = re.findall(r'href="([^"]+before=\d+)"', newest)
    page = visitor.get(older[0]).text
    assert re.findall(r"numéro-(\d+)\.", page) == ["0", "1", "2"]
    assert "Plus ancien" not in page
    assert "/reply" not in page
    assert "Revenir aux derniers messages" in page
    for nonsense in ("x", "-1", "9" * 30):
        assert visitor.get(f"{_path(talk)}?before={nonsense}").status_code == 404


def test_no_message_falls_between_two_pages(site, office, talk):
    count = PAGE_SIZE // 2 + 5
    with site.database.write() as connection:
        for number in range(count):
            at = site.clock() + timedelta(seconds=number)
            write(connection, talk, f"message-{number}.", at)
            answer(connection, talk, f"réponse-{number}.", at)
        write(connection, talk, "fin", at + timedelta(seconds=1))
    visitor = site.visitor(office.awa)
    newest = visitor.get(_path(talk)).text
    older = re.findall(r'href="([^"]+before=\d+)"', newest)
    pages = visitor.get(older[0]).text + newest
    for kind in ("message", "réponse"):
        assert re.findall(rf"{kind}-(\d+)\.", pages) == [str(n) for n in range(count)]


def test_before_writing_one_sees_whose_phone_it_is_and_what_was_asked(site, office, talk):
    shared = make_talk(
        site, office, phone_shared=True, safe_from_hour=17, safe_until_hour=19, address_form="vous"
    )
    visitor = site.visitor(office.awa)
    words = _words(visitor.get(_path(shared)).text)
    assert "Téléphone partagé : quelqu’un d’autre peut lire" in words
    assert "Heures sûres de 17 h à 19 h, pas maintenant" in words
    assert "Langue Français, on se dit vous" in words
    site.clock.forward(timedelta(hours=7))
    visitor = site.visitor(office.awa)
    words = _words(visitor.get(_path(shared)).text)
    assert "Heures sûres de 17 h à 19 h Langue" in words
    words = _words(visitor.get(_path(talk)).text)
    assert "Téléphone personnel" in words
    assert "on se dit tu" in words


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("left_at", "par X, 10:30. Rien ne part avant son prochain message."),
        ("opted_out_at", "a écrit STOP, 10:30. Répondre seulement."),
        ("blocked_at", "Ce compte nous bloque, 10:30."),
    ],
)
def test_what_stops_messages_stands_before_writing(site, office, talk, change, words):
    with site.database.write() as connection:
        conversations.change(connection, talk.id, **{change: site.clock()})
    assert words in _words(site.visitor(office.awa).get(_path(talk)).text)


def test_the_last_x_is_known_after_the_person_has_written_again(site, office, talk):
    with site.database.write() as connection:
        left = site.clock() - timedelta(days=1)
        conversations.change(connection, talk.id, left_at=None, last_left_at=left)
    words = _words(site.visitor(office.awa).get(_path(talk)).text)
    assert "Dernier X hier à 10:30, a réécrit depuis" in words
    assert "Sortie" not in words


def test_who_writes_knows_that_the_language_is_a_draft(site, office, talk):
    with site.database.write() as connection:
        conversations.change(connection, talk.id, language="ak")
    words = _words(site.visitor(office.awa).get(_path(talk)).text)
    assert "Textes en brouillon : la ligne « English » suit." in words


def test_somebody_unknown_or_unsure_is_named_by_no_name(site, office, talk):
    with site.database.write() as connection:
        stranger = make_conversation(connection)
        conversations.change(connection, talk.id, enrolment="to_confirm")
    visitor = site.visitor(office.awa)
    words = _words(visitor.get(_path(stranger)).text)
    assert "Personne inconnue" in words
    assert "Identité inconnue : ne rien dire de personnel" in words
    page = visitor.get(_path(talk)).text
    assert "à confirmer\u00a0: ne rien dire de personnel" in page
    assert "Koffi" not in page


def test_taking_over_silences_the_bot_greets_once_and_takes_the_alerts(site, office, talk):
    made = flag(site, talk)
    visitor = site.visitor(office.awa)
    token = visitor.token()
    for _ in range(2):
        page = visitor.submit(f"/conversations/{talk.id}/take-over", token=token)
    assert _owner(site, talk) == office.awa.id
    assert "Votre réponse" in page.text
    assert page.text.count("Awa, une personne\u00a0: bonjour.") == 1
    assert "Awa s’en occupe" in _words(visitor.get(f"/console/alerts/{made}").text)
    assert "vous répondez" in visitor.get("/console/alerts").text


def test_of_two_who_press_one_answers(site, office, talk):
    awa, sita = site.visitor(office.awa), site.visitor(office.sita)
    token = sita.token()
    awa.submit(f"/conversations/{talk.id}/take-over")
    late = sita.submit(f"/conversations/{talk.id}/take-over", token=token)
    assert late.status_code == 409
    assert "Awa répond à cette personne" in _words(late.text)
    assert _owner(site, talk) == office.awa.id
    refused = sita.submit(
        f"/conversations/{talk.id}/reply", token=token, text="bonjour, c’est Sita"
    )
    assert refused.status_code == 409
    assert "bonjour, c’est Sita" in refused.text
    assert sita.submit(f"/conversations/{talk.id}/hand-back", token=token).status_code == 409
    assert _sent(site, talk) == []


def test_a_colleague_who_does_not_answer_is_relieved(site, office, talk):
    _take(site, talk, office.awa)
    sita = site.visitor(office.sita)
    relief = {"relieve": "yes"}
    path = f"/conversations/{talk.id}/take-over"
    assert "Prendre le relais" not in sita.get(_path(talk)).text
    with site.database.write() as connection:
        write(connection, talk, "tu es là ?", site.clock())
    site.clock.forward(timedelta(minutes=9))
    assert sita.submit(path, **relief).status_code == 409
    site.clock.forward(timedelta(minutes=1))
    assert "attend depuis 10 min · Si Awa ne peut pas" in _words(sita.get(_path(talk)).text)
    site.visitor(office.awa).submit(f"/conversations/{talk.id}/typing")
    assert sita.submit(path, **relief).status_code == 409
    site.clock.forward(typing.LASTS)
    assert sita.submit(path).status_code == 409
    page = sita.submit(path, **relief)
    assert "Sita, une personne" in page.text
    assert _owner(site, talk) == office.sita.id
    late = site.visitor(office.awa).submit(f"/conversations/{talk.id}/reply", text="Bonjour")
    assert late.status_code == 409


def test_nobody_relieves_the_focal_point_of_a_complaint(site, office, talk):
    with site.database.write() as connection:
        write(connection, talk, "l’éducateur", site.clock(), restricted=True)
    flag(site, talk, kind="staff_complaint", category=None, restricted=True)
    _take(site, talk, office.fanta)
    site.clock.forward(timedelta(hours=1))
    refused = site.visitor(office.awa).submit(f"/conversations/{talk.id}/take-over", relieve="yes")
    assert refused.status_code == 409
    assert _owner(site, talk) == office.fanta.id


def test_a_reply_is_queued_shown_and_stops_the_clock(site, office, talk):
    with site.database.write() as connection:
        write(connection, talk, "bonjour", site.clock())
    flag(site, talk)
    visitor = _take(site, talk, office.awa)
    page = visitor.submit(f"/conversations/{talk.id}/reply", text="  Bonjour.\r\nÀ demain !  ")
    assert page.url.path == _path(talk)
    assert _sent(site, talk) == ["Awa, une personne\u00a0: Bonjour.\nÀ demain !"]
    assert "À demain !" in page.text
    assert "personne n’attend" in _words(visitor.get("/console/alerts").text)


def test_a_reply_that_betrays_its_subject_does_not_leave_and_is_not_lost(site, office, talk):
    visitor = _take(site, talk, office.awa)
    page = visitor.submit(f"/conversations/{talk.id}/reply", text="La police vient demain")
    assert page.status_code == 422
    assert "Mots à ne pas mettre au début\u00a0: police." in page.text
    assert "La police vient demain</textarea>" in page.text
    assert _sent(site, talk) == []


@pytest.mark.parametrize("text", ["", "   ", "x" * (MAXIMUM_LENGTH + 1)])
def test_a_reply_has_a_length(site, office, talk, text):
    visitor = _take(site, talk, office.awa)
    page = visitor.submit(f"/conversations/{talk.id}/reply", text=text)
    assert page.status_code == 422
    assert f"de 1 à {MAXIMUM_LENGTH} signes" in page.text
    assert _sent(site, talk) == []


def test_nobody_answers_without_having_taken_over(site, office, talk):
    visitor = site.visitor(office.awa)
    refused = visitor.submit(f"/conversations/{talk.id}/reply", text="bonjour")
    assert refused.status_code == 409
    assert "n’est plus à vous" in refused.text
    assert _sent(site, talk) == []


def test_handing_back_lets_the_bot_speak_and_says_so(site, office, talk):
    visitor = _take(site, talk, office.awa)
    page = visitor.submit(f"/conversations/{talk.id}/hand-back")
    assert _owner(site, talk) is None
    assert "Awa a fini pour le moment" in page.text
    assert "Prendre la conversation" in page.text


def _handed_back(site, office, someone, language="fr"):
    """Take a conversation, hand it back on its page; return what the person is told with that."""
    with site.database.write() as connection:
        talk = make_conversation(connection, someone, language=language)
    page = _take(site, talk, office.awa).submit(f"/conversations/{talk.id}/hand-back")
    with site.database.read() as connection:
        query = select(outbox.c.text).where(outbox.c.conversation_id == talk.id)
        told = list(connection.execute(query.order_by(outbox.c.id)).scalars())[-1]
    assert told in unescape(page.text)
    return told.replace("\u00a0", " ")


@pytest.mark.parametrize("form", ["tu", "vous"])
@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "fr",
            "(programme) Awa a fini pour le moment. "
            "Rendez-vous vendredi 27 novembre à 10 h. Je suis là.",
        ),
        (
            "en",
            "(program) Awa has finished for now. "
            "Next appointment: Friday 27 November at 10 am. I am here.",
        ),
    ],
)
def test_handing_back_names_the_next_appointment_without_its_place(
    site, office, form, language, told
):
    with site.database.write() as connection:
        someone = make_person(connection, office.home, address_form=form)
        make_appointment(connection, someone, _FRIDAY)
    assert _handed_back(site, office, someone, language) == told


@pytest.mark.parametrize("form", ["tu", "vous"])
@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("fr", "(programme) Awa a fini pour le moment. Je suis là."),
        ("en", "(program) Awa has finished for now. I am here."),
    ],
)
def test_handing_back_names_no_appointment_that_is_far_or_past(site, office, form, language, told):
    with site.database.write() as connection:
        someone = make_person(connection, office.home, address_form=form)
        make_appointment(connection, someone, site.clock() - timedelta(hours=1))
        make_appointment(connection, someone, site.clock() + timedelta(days=8))
    assert _handed_back(site, office, someone, language) == told


@pytest.mark.parametrize(("right", "is_told"), [("sees_places", True), ("sees_payments", False)])
def test_handing_back_tells_a_caregiver_when_a_child_is_where_only_if_it_was_ticked(
    site, office, right, is_told
):
    with site.database.write() as connection:
        mother = make_person(connection, office.home, kind="caregiver", address_form="vous")
        child = make_person(connection, office.home)
        make_link(connection, mother, child, right)
        make_appointment(connection, child, _FRIDAY)
    assert ("27 novembre" in _handed_back(site, office, mother)) is is_told


def test_handing_back_tells_no_visit_to_whoever_may_not_be_contacted(site, office):
    with site.database.write() as connection:
        child = make_person(connection, office.home)
        make_appointment(connection, child, _FRIDAY)
        talk = make_conversation(connection, child)
    flag(site, talk)
    assert "novembre" not in _handed_back(site, office, child)


def test_handing_back_a_strangers_conversation_names_nothing(site, office):
    with site.database.write() as connection:
        make_appointment(connection, make_person(connection, office.home), _FRIDAY)
    assert "novembre" not in _handed_back(site, office, None)


def test_reading_and_taking_over_are_in_the_book(site, office, talk):
    visitor = _take(site, talk, office.awa)
    visitor.get(f"{_path(talk)}/thread")
    visitor.submit(f"/conversations/{talk.id}/hand-back")
    with site.database.read() as connection:
        lines = connection.execute(select(audit).order_by(audit.c.id)).all()
    assert [line.action for line in lines] == [
        "conversation.take_over",
        "conversation.read",
        "conversation.hand_back",
    ]
    assert {(line.object_id, line.staff_id) for line in lines} == {(str(talk.id), office.awa.id)}


def test_the_thread_alone_is_fetched_only_when_it_changed(site, office, talk):
    visitor = site.visitor(office.awa)
    part = visitor.get(f"{_path(talk)}/thread")
    tag = {"If-None-Match": part.headers["etag"]}
    assert visitor.get(f"{_path(talk)}/thread", headers=tag).status_code == 304
    with site.database.write() as connection:
        write(connection, talk, "nouveau", site.clock())
    assert "nouveau" in visitor.get(f"{_path(talk)}/thread", headers=tag).text


def test_a_conversation_that_is_not_there_is_not_found(site, office):
    visitor = site.visitor(office.awa)
    token = visitor.token()
    for number in ("999", "9" * 30):
        assert visitor.get(f"/console/conversations/{number}").status_code == 404
    for verb in ("take-over", "reply", "hand-back"):
        answer = visitor.submit(f"/conversations/999/{verb}", token=token, text="oui")
        assert answer.status_code == 404


AGAINST = {"left_at": "Sortie", "opted_out_at": "STOP", "blocked_at": "Bloqué"}


@pytest.mark.parametrize(("change", "word"), AGAINST.items())
def test_what_speaks_against_writing_asks_once_with_neutral_words(site, office, talk, change, word):
    visitor = _take(site, talk, office.awa)
    with site.database.write() as connection:
        conversations.change(connection, talk.id, **{change: site.clock()})
    page = visitor.submit(f"/conversations/{talk.id}/reply", text="Je passe demain")
    assert page.status_code == 409
    assert word in page.text
    assert "C&#39;est bon pour toi d&#39;écrire maintenant" in _box(page.text)
    assert "<blockquote>Je passe demain</blockquote>" in page.text
    assert _sent(site, talk) == []
    visitor.submit(f"/conversations/{talk.id}/reply", text="Je passe demain", anyway="yes")
    assert _sent(site, talk) == ["Awa, une personne\u00a0: Je passe demain"]
    with site.database.read() as connection:
        actions = connection.execute(select(audit.c.action)).scalars().all()
    assert "conversation.reply_anyway" in actions


def test_out_of_the_safe_hours_one_is_asked_too(site, office):
    talk = make_talk(site, office, safe_from_hour=17, safe_until_hour=19)
    visitor = _take(site, talk, office.awa)
    page = visitor.submit(f"/conversations/{talk.id}/reply", text="Bonjour")
    assert "Heures sûres" in _words(page.text)
    assert page.status_code == 409


LASTING = {"phone_shared": (True, "Téléphone : partagé"), "language": ("ak", "Langue : Twi")}


@pytest.mark.parametrize(("name", "value"), LASTING.items())
def test_a_shared_phone_and_a_draft_language_ask_once_in_a_conversation(site, office, name, value):
    given, words = value
    talk = make_talk(site, office, **{name: given})
    visitor = _take(site, talk, office.awa)
    path = f"/conversations/{talk.id}/reply"
    page = visitor.submit(path, text="Ta visite est mardi")
    assert page.status_code == 409
    assert words in page.text
    assert "<blockquote>Ta visite est mardi</blockquote>" in page.text
    neutral = {"language": "Is it a good moment", "phone_shared": "C&#39;est bon pour toi"}[name]
    assert neutral in _box(page.text)
    assert _sent(site, talk) == []
    visitor.submit(path, text="Ta visite est mardi", anyway="yes")
    assert visitor.submit(path, text="À mardi").status_code == 200
    assert len(_sent(site, talk)) == 2
    # Something new binds: one is asked again, of that and of it alone.
    with site.database.write() as connection:
        conversations.change(connection, talk.id, left_at=site.clock())
    page = visitor.submit(path, text="Tu es là ?")
    assert page.status_code == 409
    assert words not in page.text.split('role="alert"')[1].split("</blockquote>")[0]
    with site.database.write() as connection:
        conversations.change(connection, talk.id, left_at=None)
    # Whoever has it next does not know yet.
    visitor.submit(f"/conversations/{talk.id}/hand-over", to=str(office.sita.id))
    sita = site.visitor(office.sita)
    assert sita.submit(path, text="Bonjour").status_code == 409
    sita.submit(path, text="Bonjour", anyway="yes")
    sita.submit(f"/conversations/{talk.id}/hand-back")
    again = _take(site, talk, office.awa)
    assert again.submit(path, text="Me revoici").status_code == 409


def test_nobody_knows_who_holds_a_strangers_phone_so_one_is_asked(site, office):
    with site.database.write() as connection:
        stranger = make_conversation(connection)
    visitor = _take(site, stranger, office.awa)
    page = visitor.submit(f"/conversations/{stranger.id}/reply", text="Bonjour")
    assert page.status_code == 409
    assert "on ne sait pas qui le tient" in page.text.split("<blockquote>")[0]


def test_what_binds_is_on_top_whether_it_warns_or_not(site, office, talk):
    page = site.visitor(office.awa).get(_path(talk)).text
    top = _words(page.split('id="before"')[1].split("</summary>")[0])
    for words in ("Téléphone : personnel", "Dernier X : jamais", "Heures sûres : pas notées"):
        assert words in top
    assert "Contacts gelés : aucun" in top
    assert "Langue : Français" in top


def test_a_frozen_contact_stands_on_top_and_is_asked_about(site, office, talk):
    with site.database.write() as connection:
        child = find_by_case(connection, "0317")
        mother = make_person(connection, office.home, kind="caregiver", case_number="0320")
        make_link(connection, mother, child, "sees_payments")
        hers = make_conversation(connection, mother)
    visitor = _take(site, hers, office.awa)
    assert "Contacts gelés aucun" in _words(visitor.get(_path(hers)).text)
    flag(site, talk)
    assert "Contact gelé une alerte touche la famille." in _words(visitor.get(_path(hers)).text)
    asked = visitor.submit(f"/conversations/{hers.id}/reply", text="Il va bien")
    assert asked.status_code == 409
    assert _sent(site, hers) == []
    # The child in danger is written to without being asked first.
    _take(site, talk, office.awa).submit(f"/conversations/{talk.id}/reply", text="Bonjour")
    assert len(_sent(site, talk)) == 1
    words = _words(visitor.get(_path(talk)).text)
    assert "Famille gelée Dossier 0320 : ne rien y dire de cette personne" in words


@pytest.mark.parametrize("held_until_hours_begin", [False, True])
def test_what_a_frozen_contact_holds_says_so_and_who_lets_it_go(
    site, office, talk, held_until_hours_begin
):
    with site.database.write() as connection:
        child = find_by_case(connection, "0317")
        mother = make_person(connection, office.home, kind="caregiver", case_number="0320")
        make_link(connection, mother, child, "sees_payments")
        hers = make_conversation(connection, mother)
        answer(connection, hers, "Il commence lundi.", site.clock())
        (row,) = connection.execute(select(outbox).where(outbox.c.conversation_id == hers.id))
        tomorrow = site.clock() + timedelta(days=1)
        hold(
            connection,
            row,
            tomorrow if held_until_hours_begin else until_the_person_writes(site.clock()),
        )
    visitor = site.visitor(office.awa)
    assert "Gardé jusqu’" in visitor.get(_path(hers)).text
    site.clock.forward(timedelta(minutes=1))
    flag(site, talk)
    page = visitor.get(_path(hers)).text
    assert "Gardé jusqu’" not in page
    assert "Gardé : ce contact est gelé. Qui suit le dossier peut lever le gel." in _words(page)
    assert f'href="/console/people/{mother.id}#frozen"' in page
    assert "ce contact est gelé" in visitor.get(f"{_path(hers)}/thread").text
    released = {f"contact-{mother.id}": "yes", "reason": "Elle protège."}
    visitor.submit(f"/people/{mother.id}/release", **released)
    assert "ce contact est gelé" not in visitor.get(_path(hers)).text


def test_after_a_safe_word_one_is_asked_before_writing(site, office, talk):
    visitor = _take(site, talk, office.awa)
    flag(site, talk, "critical", kind="safe_word", category=None)
    words = _words(visitor.get(_path(talk)).text)
    assert "Mot de secours écrit, 10:30. N’appelez pas" in words
    asked = visitor.submit(f"/conversations/{talk.id}/reply", text="Tu vas bien ?")
    assert asked.status_code == 409


def test_a_colleague_sees_who_is_writing_until_it_is_sent(site, office, talk):
    awa, sita = _take(site, talk, office.awa), site.visitor(office.sita)
    path, part = f"/conversations/{talk.id}/typing", f"{_path(talk)}/thread"
    assert "écrit…" not in sita.get(part).text
    assert awa.submit(path).status_code == 204
    assert "Awa écrit…" in sita.get(part).text
    assert "Awa écrit…" not in awa.get(part).text
    awa.submit(f"/conversations/{talk.id}/reply", text="Bonjour")
    assert "écrit…" not in sita.get(part).text


def test_who_stops_writing_is_forgotten_and_who_has_it_not_is_not_seen(site, office, talk):
    awa, sita = _take(site, talk, office.awa), site.visitor(office.sita)
    path, part = f"/conversations/{talk.id}/typing", f"{_path(talk)}/thread"
    assert sita.submit(path).status_code == 204
    assert "écrit…" not in awa.get(part).text
    awa.submit(path)
    site.clock.forward(typing.LASTS)
    assert "écrit…" not in sita.get(part).text
    awa.submit(path)
    assert 'data-lasts="15"' in sita.get(part).text
    awa.submit(f"/conversations/{talk.id}/hand-back")
    assert "écrit…" not in sita.get(part).text


def test_an_open_page_learns_that_something_new_binds_whoever_writes(site, office, talk):
    visitor = _take(site, talk, office.awa)

    def binding():
        (found,) = re.findall(r'data-binding="(\w+)"', visitor.get(f"{_path(talk)}/thread").text)
        return found

    before = binding()
    assert binding() == before
    with site.database.write() as connection:
        conversations.change(connection, talk.id, left_at=site.clock())
    assert binding() != before


def test_ready_replies_speak_as_the_person_does(site, office):
    child = make_talk(site, office, address_form="tu")
    adult = make_talk(site, office, address_form="vous", language="en")
    for talk, words in ((child, "Merci de ton message."), (adult, "Thank you for your message.")):
        visitor = _take(site, talk, office.awa)
        page = visitor.get(f"{_path(talk)}?canned=read").text
        box = _box(page)
        assert words in box
        assert "17" in box or "5" in box  # by when, today
    assert "<textarea" in visitor.get(f"{_path(adult)}?canned=nonsense").text


def test_a_conversation_is_handed_over_to_a_colleague_who_greets(site, office, talk):
    visitor = _take(site, talk, office.awa)
    visitor.submit(f"/conversations/{talk.id}/hand-over", to=str(office.sita.id))
    assert _owner(site, talk) == office.sita.id
    page = site.visitor(office.sita).get(_path(talk)).text
    assert "Sita, une personne" in page
    late = visitor.submit(f"/conversations/{talk.id}/hand-over", to=str(office.sita.id))
    assert late.status_code == 409
    assert "n’a pas été passée" in late.text


def test_who_hands_something_over_sees_who_is_away_and_until_when(site, office, talk):
    # It is Wednesday, 25 November.
    today = site.clock().date()
    with site.database.write() as connection:
        add_leave(connection, office.sita, today, today + timedelta(days=5))
        add_leave(connection, office.fanta, today + timedelta(days=2), today + timedelta(days=3))
    away = "Sita (travail social), absence jusqu’au lundi 30 novembre"
    coming = "Fanta (point focal protection), absence vendredi 27 novembre → samedi 28 novembre"
    made = flag(site, talk)
    visitor = _take(site, talk, office.awa)
    page = _words(visitor.get(_path(talk)).text)
    # To share the case, and to hand the conversation over.
    assert page.count(away) == page.count(coming) == 2
    assert away in _words(visitor.get(f"/console/alerts/{made}").text)
    english = site.visitor(office.awa)
    english.cookies.set("akoma_language", "en", path="/console")
    assert "away until Monday 30 November" in _words(english.get(_path(talk)).text)


def test_a_note_is_written_beside_the_thread_and_never_sent(site, office, talk):
    visitor = site.visitor(office.awa)
    page = visitor.submit(f"/conversations/{talk.id}/note", note="Préfère la tante.")
    assert page.url.path == _path(talk)
    assert "Préfère la tante." in page.text
    with site.database.read() as connection:
        assert connection.execute(select(outbox.c.id)).all() == []
    for note in ("", " ", "x" * 2001):
        refused = visitor.submit(f"/conversations/{talk.id}/note", note=note)
        assert refused.status_code == 422
    with site.database.write() as connection:
        stranger = make_conversation(connection)
    refused = visitor.submit(f"/conversations/{stranger.id}/note", note="Bonjour")
    assert refused.status_code == 404


def test_a_case_is_shared_from_its_conversation_and_no_longer(site, office, talk):
    visitor = site.visitor(office.awa)
    page = visitor.submit(f"/conversations/{talk.id}/share", to=str(office.sita.id))
    assert "Ne plus partager avec Sita" in page.text
    page = visitor.submit(f"/conversations/{talk.id}/unshare", to=str(office.sita.id))
    assert "Ne plus partager" not in page.text
    with site.database.write() as connection:
        stranger = make_conversation(connection)
    answer = visitor.submit(f"/conversations/{stranger.id}/share", to=str(office.sita.id))
    assert answer.status_code == 404
