"""The file of a person: what it tells, to whom, and what is added to it."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import insert, select

from bot.console.person import page as person_page
from bot.console.person.entry import Entry, TimelineSource
from bot.console.person.page import PAGE_SIZE
from bot.console.person.sources import TIMELINE, UNDER_WAY
from bot.db.tables import (
    aid_request,
    appointment,
    audit,
    care_link,
    checkin,
    consent,
    conversation,
    outbox,
    payment,
    training_enrolment,
)
from bot.followup import conversations
from bot.followup.consent import record_consent
from bot.followup.notes import add_note
from bot.followup.people import find_person
from bot.followup.promises import make_promise
from bot.followup.safe_word import set_safe_word
from bot.followup.sharing import share_case
from tests.console.cases import answer, flag, make_talk, write
from tests.made_up import make_conversation, make_member, make_person
from tests.made_up_caseload import (
    make_aid_kind,
    make_appointment,
    make_due_payment,
    make_enrolment,
    make_link,
    make_payment,
    make_programme,
)

DAY = timedelta(days=1)


def _words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ")


def _timeline(page) -> str:
    return _words(page.text.partition('id="timeline"')[2].partition("</section>")[0])


def _under_way(page) -> str:
    return _words(page.text.partition('id="under-way"')[2].partition("</section>")[0])


@pytest.fixture
def boy(site, office):
    """Give Awa's case 0317, who has written and was answered."""
    talk = make_talk(site, office, case_number="0317", worker_id=office.awa.id)
    with site.database.write() as connection:
        write(connection, talk, "un secret du jeune", site.clock() - DAY)
        answer(connection, talk, "une réponse", site.clock() - DAY)
        return find_person(connection, talk.person_id)


@pytest.fixture
def path(boy):
    return f"/console/people/{boy.id}"


@pytest.fixture
def awa(site, office):
    return site.visitor(office.awa)


def _news(site, boy, week, sleep, weeks_ago, **values):
    with site.database.write() as connection:
        connection.execute(
            insert(checkin).values(
                person_id=boy.id,
                week=week,
                sleep=sleep,
                at=site.clock() - weeks_ago * 7 * DAY,
                **values,
            )
        )


def _rows(site, table):
    with site.database.read() as connection:
        return connection.execute(select(table).order_by(table.c.id)).all()


def test_who_it_is_and_how_to_write_safely(site, office, awa):
    talk = make_talk(
        site,
        office,
        case_number="0412",
        phone_shared=True,
        safe_from_hour=16,
        safe_until_hour=20,
        notes="Apprentissage en accord.",
    )
    words = _words(awa.get(f"/console/people/{talk.person_id}").text)
    for told in (
        "Dossier 0412 Kouadio Inventé",
        "15 ans",
        "Français, on se dit tu",
        "partagé : quelqu’un d’autre peut lire",
        "de 16 h à 20 h",
        "Apprentissage en accord.",
        "Conversation Telegram",
    ):
        assert told in words


def test_messages_are_counted_and_never_quoted(site, office, boy, awa, path):
    page = awa.get(path)
    assert "secret" not in page.text
    assert "une réponse" not in page.text
    assert "2 messages 1 de la personne, 1 de nous · Telegram" in _timeline(page)
    (link,) = re.findall(r'href="(/console/conversations/\d+\?before=\d+)"', page.text)
    assert "un secret du jeune" in awa.get(link).text


def test_every_source_stands_in_the_timeline_newest_first(site, office, boy, awa, path):
    _news(site, boy, 2, 4, 1, workshop="some_days", wants_contact="call", calm_hour="après 17 h")
    with site.database.write() as connection:
        now = site.clock()
        add_note(connection, office.awa, boy.id, "Vu au marché.", now - 2 * DAY)
        make_appointment(connection, boy, now - 3 * DAY, state="done", staff_id=office.awa.id)
        make_payment(connection, boy, sent_on=(now - 4 * DAY).date(), state="wrong_amount")
        course = make_programme(connection, office.home)
        make_enrolment(connection, boy, course, now - 60 * DAY, first_day=now - 5 * DAY)
        kind = make_aid_kind(connection)
        connection.execute(
            insert(aid_request).values(
                person_id=boy.id, aid_kind_id=kind.id, state="given", requested_at=now - 6 * DAY
            )
        )
        record_consent(
            connection,
            answer="yes",
            given_by="guardian",
            language="fr",
            now=now - 90 * DAY,
            person_id=boy.id,
            recorded_by=office.awa.id,
        )
    with site.database.read() as connection:
        (talk,) = connection.execute(select(conversation)).all()
    flag(site, talk, category="fear")
    page = awa.get(path)
    words, at = _timeline(page), 0
    for told in (
        "Peur, danger pas nommé",
        "Urgent · ouverte",
        "2 messages",
        "Awa a noté Vu au marché.",
        "Visite a eu lieu · avec Awa · rue du Marché",
        "Paiement : 25 000 F CFA dit que le montant n’est pas bon · compte …\u206042",
        "Premier jour : Couture",
        "Aide demandée : Kit de couture donné",
        "Nouvelles : semaine 2 sur 5, sommeil 4 sur 5 atelier : pas tous les jours · "
        "veut un appel · heure calme : après 17 h",
        "Formation demandée : Couture en cours",
        "Un parent, ou qui a la tutelle a dit oui noté par Awa",
    ):
        assert told in words[at:], told
        at = words.index(told, at)
    for source in TIMELINE:
        assert _timeline(awa.get(f"{path}?show={source.name}")).count("Rien encore.") == 0
    assert "Peur" not in _timeline(awa.get(f"{path}?show=notes"))


def test_a_source_more_is_one_line_more_with_a_filter(site, boy, awa, path, monkeypatch):
    def referrals(look):
        at = look.now - DAY
        return [Entry(at, "Confié au centre de soins", "accepté")] if at < look.before else []

    def referrals_under_way(look):
        return [Entry(look.now, "Confié à un atelier", "à accepter", warns=True)]

    more = TimelineSource("referrals", lambda _: "Relais", referrals)
    monkeypatch.setattr(person_page, "TIMELINE", (*TIMELINE, more))
    monkeypatch.setattr(person_page, "UNDER_WAY", (*UNDER_WAY, referrals_under_way))
    page = awa.get(path)
    assert "Relais" in _timeline(page)
    assert "Hier Confié au centre de soins accepté" in _timeline(page)
    assert "Confié à un atelier" in _under_way(page)
    alone = _timeline(awa.get(f"{path}?show=referrals"))
    assert "Confié au centre de soins" in alone
    assert "messages" not in alone


def test_a_long_timeline_has_pages_and_loses_nothing(site, office, boy, awa, path):
    with site.database.write() as connection:
        for number in range(PAGE_SIZE + 5):
            # Three at a time share their moment.
            at = site.clock() - (2 + number // 3) * DAY
            add_note(connection, office.awa, boy.id, f"note n{number:02d}.", at)
    seen, address = [], f"{path}?show=notes"
    while address:
        page = awa.get(address)
        seen += re.findall(r"note n\d\d", _timeline(page))
        older = re.findall(r'href="([^"]*before=\d+)[^"]*"', page.text)
        address = older[-1].replace("&amp;", "&") if older else ""
    assert sorted(seen) == [f"note n{number:02d}" for number in range(PAGE_SIZE + 5)]


@pytest.mark.parametrize("address", ["?before=x", f"?before={'9' * 30}"])
def test_a_moment_that_is_none_is_not_found(awa, path, address):
    assert awa.get(path + address).status_code == 404


def test_what_is_planned_or_waits_stands_apart_and_what_is_late_first(site, office, boy, awa, path):
    with site.database.write() as connection:
        now = site.clock()
        make_appointment(connection, boy, now + 2 * DAY)
        make_due_payment(connection, boy, (now - 2 * DAY).date())
        kind = make_aid_kind(connection)
        connection.execute(
            insert(aid_request).values(
                person_id=boy.id,
                aid_kind_id=kind.id,
                state="approved",
                expected_on=(now + 5 * DAY).date(),
                requested_at=now - DAY,
            )
        )
        course = make_programme(connection, office.home)
        make_enrolment(connection, boy, course, now, state="requested")
        (talk,) = connection.execute(select(conversation)).all()
        for subject in ("training", "staff_complaint"):
            make_promise(
                connection,
                conversation_id=talk.id,
                person_id=boy.id,
                subject=subject,
                due_at=now + timedelta(hours=3),
                now=now,
            )
    words = _under_way(awa.get(path))
    assert words.index("pas envoyé, en retard") < words.index("promis avant 13:30")
    for told in (
        "Visite vendredi 27 novembre prévu · rue du Marché",
        "Aide demandée : Kit de couture",
        "c’est oui · prévu lundi 30 novembre",
        "Formation demandée : Couture Aujourd’hui réponse à donner",
    ):
        assert told in words
    # A promise about a complaint on staff is the focal point's.
    assert "Plainte" not in words
    assert "Plainte" in _under_way(site.visitor(office.fanta).get(path))


def test_sealed_alerts_and_messages_are_counted_for_nobody_else(site, office, boy, awa, path):
    with site.database.write() as connection:
        (talk,) = connection.execute(select(conversation)).all()
        write(connection, talk, "sur un éducateur", site.clock(), restricted=True)
    flag(site, talk, category=None, kind="staff_complaint", restricted=True)
    page = awa.get(path)
    assert "Plainte" not in page.text
    assert "2 messages" in _timeline(page)
    assert "1 message" not in _timeline(page)
    page = site.visitor(office.fanta).get(path)
    assert "Plainte" in page.text
    assert "1 message" in _timeline(page)


def test_wellbeing_is_drawn_with_its_threshold_and_the_same_in_words(site, office, boy, awa, path):
    assert "Pas encore de nouvelles avec les visages." in _words(awa.get(path).text)
    for weeks_ago, week, sleep in ((3, 5, None), (2, 4, 4), (1, 2, 1), (0, 3, 3)):
        _news(site, boy, week, sleep, weeks_ago)
    page = awa.get(path)
    (drawing,) = re.findall(r'<svg class="chart".*?</svg>', page.text, re.S)
    assert drawing.count("<circle") == 4
    assert drawing.count("is-low") == 2
    assert 'class="threshold"' in drawing
    words = _words(page.text)
    assert "La dernière fois (aujourd’hui) : semaine 3 sur 5, sommeil 3 sur 5." in words
    assert "Bas 1 fois sur 4." in words
    (table,) = re.findall(r"<table>.*?</table>", page.text, re.S)
    assert table.count("<tr>") == 5
    assert "mercredi 4 novembre 5 –" in _words(table)


def test_the_safe_word_is_said_to_be_set_and_never_shown(site, office, boy, awa, path):
    assert "pas encore choisi" in _words(awa.get(path).text)
    page = awa.submit(f"/people/{boy.id}/safe-word", word="tonton parapluie")
    assert "choisi (il ne s’affiche nulle part)" in _words(page.text)
    assert "parapluie" not in page.text
    with site.database.read() as connection:
        assert find_person(connection, boy.id).safe_word == "tonton parapluie"
    for unfit in ("parapluie" * 5, "Kouadio"):
        refused = awa.submit(f"/people/{boy.id}/safe-word", word=unfit)
        assert refused.status_code == 422
        assert f'value="{unfit}"' not in refused.text
        assert "parapluie" not in refused.text


def test_frozen_contacts_stand_first_and_are_released_with_a_reason(site, office, boy, awa, path):
    with site.database.write() as connection:
        mother = make_person(
            connection, office.home, kind="caregiver", case_number="0320", first_name="Mariam"
        )
        make_link(connection, mother, boy, "sees_payments")
        hers = make_conversation(connection, mother)
        talk = make_conversation(connection, boy)
        answer(connection, hers, "Il commence lundi.", site.clock(), state="held")
    assert "Contacts gelés" not in awa.get(path).text
    flag(site, talk)
    page = awa.get(path).text
    assert page.index("Contacts gelés") < page.index("Alertes ouvertes")
    assert "Dossier 0320 Mariam : ce qui parle de l’enfant" in _words(page)
    ticked = f"contact-{mother.id}"
    refused = awa.submit(f"/people/{boy.id}/release", **{ticked: "yes", "reason": " "})
    assert refused.status_code == 422
    assert f'name="{ticked}" value="yes" checked' in refused.text
    page = awa.submit(f"/people/{boy.id}/release", **{ticked: "yes", "reason": "Elle protège."})
    assert "Dossier 0320 Mariam : ce qui parle" not in _words(page.text)
    assert "Contacts gelés" in page.text
    with site.database.read() as connection:
        (waiting,) = connection.execute(select(outbox).where(outbox.c.conversation_id == hers.id))
    assert waiting.state == "queued"


def test_family_and_its_rights_lead_from_one_file_to_the_other(site, office, boy, awa, path):
    with site.database.write() as connection:
        mother = make_person(
            connection, office.home, kind="caregiver", case_number="0320", first_name="Mariam"
        )
        make_link(connection, mother, boy, "sees_payments")
    page = awa.get(path)
    assert "Mariam Inventé Dossier 0320, mère Peut savoir : les paiements" in _words(page.text)
    assert f'href="/console/people/{mother.id}"' in page.text
    assert f'href="{path}"' in awa.get(f"/console/people/{mother.id}").text


def test_a_link_is_added_and_refused_with_its_reason(site, office, boy, awa, path):
    with site.database.write() as connection:
        make_person(connection, office.home, kind="caregiver", case_number="0320")
        make_person(connection, office.home, case_number="0321")
        hers = make_person(connection, office.home, kind="caregiver", worker_id=office.sita.id)
    link = f"/people/{boy.id}/link"
    page = awa.submit(link, case="0320", relation="aunt", sees_training="yes")
    assert "tante Peut savoir : la formation" in _words(page.text)
    (kept,) = _rows(site, care_link)
    assert (kept.relation, kept.sees_payments, kept.sees_training) == ("aunt", False, True)
    for case, why in (
        ("0321", "Un lien joint une personne suivie et quelqu’un de sa famille."),
        (hers.case_number, "Pas de dossier de ce numéro parmi les vôtres."),
        ("nonsense", "Pas de dossier de ce numéro parmi les vôtres."),
    ):
        page = awa.submit(link, case=case, relation="aunt")
        assert page.status_code == 422
        assert why in _words(page.text)
        assert f'value="{case}"' in page.text
    assert awa.submit(link, case="0320", relation="").status_code == 422
    assert len(_rows(site, care_link)) == 1


def test_a_note_is_added_and_shown_in_the_conversation_too(site, office, boy, awa, path):
    page = awa.submit(f"/people/{boy.id}/note", text=" Préfère la tante. ")
    assert "Awa, 10:30 Préfère la tante." in _words(page.text)
    (talk,) = re.findall(r'href="(/console/conversations/\d+)#newest"', page.text)
    page = awa.get(talk)
    assert "Préfère la tante." in page.text
    assert f'href="{path}#notes"' in page.text
    for nonsense in ("  ", "x" * 2001):
        page = awa.submit(f"/people/{boy.id}/note", text=nonsense)
        assert page.status_code == 422
        assert nonsense.strip() in page.text


def test_an_appointment_is_planned_and_one_that_is_past_took_place(site, office, boy, awa, path):
    send = f"/people/{boy.id}/appointment"
    fields = {"kind": "visit", "place": "chez la tante", "staff": str(office.sita.id)}
    page = awa.submit(send, starts_at="2026-11-27T09:00", **fields)
    assert "prévu · avec Sita · chez la tante" in _under_way(page)
    page = awa.submit(send, starts_at="2026-11-20T09:00", **fields)
    assert "Visite a eu lieu · avec Sita · chez la tante" in _timeline(page)
    page = awa.submit(send, starts_at="2026-11-27T09:00", **fields)
    assert (page.status_code, "déjà un rendez-vous" in page.text) == (422, True)
    for wrong in ({"kind": "party"}, {"starts_at": "demain"}, {"place": "x" * 81}):
        page = awa.submit(send, **{"starts_at": "2026-11-28T09:00", **fields, **wrong})
        assert page.status_code == 422
    stranger = {**fields, "staff": "999"}
    assert awa.submit(send, starts_at="2026-11-28T09:00", **stranger).status_code == 404
    assert [row.state for row in _rows(site, appointment)] == ["planned", "done"]


def test_what_became_of_an_appointment_is_noted_in_one_tap(site, office, boy, awa, path):
    with site.database.write() as connection:
        over = make_appointment(connection, boy, site.clock() - DAY)
        coming = make_appointment(connection, boy, site.clock() + DAY)
    page = awa.get(path)
    assert "à noter : a eu lieu ?" in _under_way(page)
    assert "rue du Marché" not in _timeline(page)
    assert re.findall(r'value="(\d+-\w+)"', page.text)[:2] == [
        f"{over.id}-done",
        f"{over.id}-missed",
    ]
    page = awa.submit(f"/people/{boy.id}/appointment-state", answer=f"{over.id}-missed")
    assert "n’a pas eu lieu" in _timeline(page)
    for wrong in (f"{coming.id}-done", f"{over.id}-lost", "x-done", "999-done"):
        refused = awa.submit(f"/people/{boy.id}/appointment-state", answer=wrong)
        assert refused.status_code == 404
    assert [row.state for row in _rows(site, appointment)] == ["missed", "planned"]


def _payment(boy, **fields):
    return {
        "amount": "25 000",
        "recipient": str(boy.id),
        "month": "2026-12",
        "due_on": "2026-12-04",
        "account_ending": "42",
        **fields,
    }


def test_a_payment_is_entered_once_a_month_to_whom_has_a_link(site, office, boy, awa, path):
    with site.database.write() as connection:
        mother = make_person(connection, office.home, kind="caregiver")
        make_link(connection, mother, boy)
        stranger = make_person(connection, office.home, kind="caregiver")
    send = f"/people/{boy.id}/payment"
    page = awa.submit(send, **_payment(boy))
    assert "Paiement : 25 000 F CFA" in _under_way(page)
    to_mother = _payment(boy, recipient=str(mother.id), sent_on="2026-11-24")
    assert "envoyé, réception pas confirmée" in _timeline(awa.submit(send, **to_mother))
    again = awa.submit(send, **_payment(boy, amount="9000"))
    assert (again.status_code, "déjà un paiement pour ce mois" in again.text) == (422, True)
    assert 'value="9000"' in again.text
    refused = awa.submit(send, **_payment(boy, recipient=str(stranger.id)))
    assert refused.status_code == 404
    kept = [(row.amount, row.currency, row.recipient_id, row.state) for row in _rows(site, payment)]
    assert kept == [
        (Decimal(25000), "XOF", boy.id, "due"),
        (Decimal(25000), "XOF", mother.id, "sent"),
    ]
    other = awa.submit(f"/people/{mother.id}/payment", **_payment(mother))
    assert other.status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": "beaucoup"},
        {"month": ""},
        {"due_on": "demain"},
        {"recipient": "x"},
        {"sent_on": "hier"},
        {"account_ending": "4"},
        {"account_ending": "0142"},
    ],
)
def test_a_payment_that_makes_no_sense_is_refused(site, office, boy, awa, wrong):
    page = awa.submit(f"/people/{boy.id}/payment", **_payment(boy, **wrong))
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert _rows(site, payment) == []


def test_a_wish_is_noted_once(site, office, boy, awa, path):
    with site.database.write() as connection:
        kind, course = make_aid_kind(connection), make_programme(connection, office.home)
        closed = make_aid_kind(connection, name="Fermé", open=False)
    send = f"/people/{boy.id}/request"
    page = awa.submit(send, what=f"aid-{kind.id}")
    assert "Aide demandée : Kit de couture" in _under_way(page)
    page = awa.submit(send, what=f"training-{course.id}")
    assert "Formation demandée : Couture" in _under_way(page)
    wrong = (f"aid-{kind.id}", f"training-{course.id}", f"aid-{closed.id}", "aid-x", "food-1", "")
    for what in wrong:
        assert awa.submit(send, what=what).status_code == 422
    assert len(_rows(site, aid_request)) == len(_rows(site, training_enrolment)) == 1


def test_safe_contact_is_changed(site, office, boy, awa, path):
    send = f"/people/{boy.id}/contact"
    page = awa.submit(send, phone="shared", safe_from="16", safe_until="20")
    assert "de 16 h à 20 h" in _words(page.text)
    assert "partagé" in page.text
    for wrong in ({"safe_from": "16"}, {"safe_from": "16", "safe_until": "24"}):
        page = awa.submit(send, phone="own", **wrong)
        assert (page.status_code, "Écrivez les deux heures" in page.text) == (422, True)
    page = awa.submit(send, phone="own", safe_from="", safe_until="")
    assert "pas notées" in _words(page.text)
    # Nobody said whose phone it is: the careful answer.
    page = awa.submit(send)
    assert "partagé" in _words(page.text)


def test_consent_is_recorded_with_who_and_why(site, office, boy, awa, path):
    send = f"/people/{boy.id}/consent"
    page = awa.submit(send, given_by="worker", answer="yes")
    assert (page.status_code, "pourquoi aucun parent" in page.text) == (422, True)
    page = awa.submit(send, given_by="worker", answer="yes", reason="Le tuteur est le danger.")
    words = _words(page.text)
    assert "L’équipe, sans parent ni tutelle a dit oui" in words
    assert "Le tuteur est le danger." in words
    for wrong in ({"answer": "yes"}, {"given_by": "self", "answer": "maybe"}):
        assert awa.submit(send, **wrong).status_code == 422
    (kept,) = _rows(site, consent)
    assert (kept.given_by, kept.recorded_by) == ("worker", office.awa.id)


@pytest.mark.parametrize(("answer", "enrolment"), [("yes", "confirmed"), ("no", "none")])
def test_a_name_that_did_not_fit_is_settled_by_the_worker(
    site, office, boy, awa, path, answer, enrolment
):
    assert "n’est pas le bon" not in awa.get(path).text
    with site.database.write() as connection:
        talk = make_conversation(connection, boy, channel="whatsapp", enrolment="to_confirm")
        known = connection.execute(select(conversation.c.id)).scalars().first()
    page = awa.get(path)
    assert "le prénom écrit n’est pas le bon. Conversation WhatsApp" in _words(page.text)
    send = f"/people/{boy.id}/identity"
    for wrong in (f"{known}-no", "999-yes", f"{talk.id}-maybe", ""):
        assert awa.submit(send, writer=wrong).status_code == 404
    page = awa.submit(send, writer=f"{talk.id}-{answer}")
    assert "n’est pas le bon" not in page.text
    with site.database.read() as connection:
        settled = conversations.get_conversation(connection, talk.id)
    assert settled.enrolment == enrolment
    assert (settled.person_id == boy.id) is (answer == "yes")


def test_reading_and_each_change_are_in_the_audit(site, office, boy, awa, path):
    awa.get(path)
    awa.get(path)
    awa.submit(f"/people/{boy.id}/note", text="fait")
    with site.database.read() as connection:
        lines = connection.execute(
            select(audit.c.action).where(audit.c.object_type == "person").order_by(audit.c.id)
        )
        assert list(lines.scalars()) == ["person.read", "person.note"]


def test_a_shared_case_opens_and_a_colleagues_does_not(site, office, boy, path):
    sita = site.visitor(office.sita)
    assert sita.get(path).status_code == 404
    with site.database.write() as connection:
        share_case(connection, office.awa, boy.id, office.sita.id, site.clock())
    assert sita.get(path).status_code == 200


def test_alert_conversation_and_today_lead_to_the_file_of_ones_own(site, office, boy, path):
    with site.database.write() as connection:
        (talk,) = connection.execute(select(conversation)).all()
        visit = make_appointment(connection, boy, site.clock() + timedelta(hours=1))
    made = flag(site, talk, category="fear")
    awa = site.visitor(office.awa)
    for page in (f"/console/alerts/{made}", f"/console/conversations/{talk.id}"):
        assert f'href="{path}"' in awa.get(page).text
    today = awa.get("/console").text
    assert re.search(rf'id="appointment-{visit.id}" href="{path}"', today)
    # Who was given the alert alone reads the conversation, not the file.
    awa.submit(f"/alerts/{made}/assign", to=str(office.sita.id))
    sita = site.visitor(office.sita)
    for page in (f"/console/alerts/{made}", f"/console/conversations/{talk.id}"):
        assert f'href="{path}' not in sita.get(page).text


def test_a_caregivers_file_has_no_payment_form_and_no_empty_drawing(site, office, awa):
    with site.database.write() as connection:
        mother = make_person(connection, office.home, kind="caregiver", birth_year=1988)
        make_conversation(connection, mother)
    page = awa.get(f"/console/people/{mother.id}")
    assert "Ajouter un paiement" not in page.text
    assert "Bien-être" not in page.text
    assert "Famille, ou qui s’occupe de jeunes · 38 ans" in _words(page.text)


def test_a_file_is_there_in_english_too(site, office, boy, awa, path):
    awa.cookies.set("akoma_language", "en", path="/console")
    words = _words(awa.get(path).text)
    assert "Case 0317" in words
    assert "Dossier" not in words


def test_no_name_and_no_word_stands_in_an_address(site, office, boy, awa, path):
    with site.database.write() as connection:
        set_safe_word(connection, office.awa, boy.id, "parapluie", site.clock())
    page = awa.get(path)
    addresses = re.findall(r'(?:href|action)="([^"]*)"', page.text)
    assert addresses
    assert not [a for a in addresses if "Kouadio" in a or "Invent" in a or "0317" in a]


def test_who_reads_no_cases_has_no_list(site, office):
    with site.database.write() as connection:
        ines = make_member(connection, office.home, "administrator", "Ines")
    assert site.visitor(ines).get("/console/people").status_code == 403
