"""What staff are told on their own chats, and the buttons under it."""

import re

import pytest
from sqlalchemy import select, update

from bot.db.tables import alert, staff, staff_chat, structure
from bot.delivery.staff_alerts import acknowledge, announce_alerts
from bot.delivery.staff_replies import announce_takeover
from bot.followup import conversations
from bot.followup.alerts import history
from bot.followup.consent import MAXIMUM_CODE_FAILURES, make_staff_link_code
from tests.made_up import make_member

URL = "https://akoma.example"
CRY = "mon oncle me frappe chaque soir"


class Pocket:
    """The phone of a member of staff, linked to the bot."""

    def __init__(self, desk, member, address):
        self._desk, self.member, self.address = desk, member, address
        with desk.database.write() as connection:
            code = make_staff_link_code(connection, member.id, desk.now)
        desk.take_in(desk.message(address, code))

    def read(self):
        """Return what has come since last time, with what its buttons say."""
        mine = [message for to, message in self._desk.phone.accepted if to == self.address]
        self._desk.phone.accepted = [
            (to, message) for to, message in self._desk.phone.accepted if to != self.address
        ]
        for message in mine:
            for button in message.buttons:
                self._desk.buttons[self.address, button.title] = button.token
        return [
            " ".join([_plain(message.text), *(f"⟦{each.title}⟧" for each in message.buttons)])
            for message in mine
        ]

    async def press(self, title, token=None):
        token = token or self._desk.buttons[self.address, title]
        self._desk.take_in(self._desk.message(self.address, kind="choice", token=token))
        await self._desk.sender.send_due()
        return self.read()


def _plain(text):
    """Return a text with ordinary spaces."""
    return text.replace("\u00a0", " ")


@pytest.fixture
def ring(desk, wording):
    """Give the clock: tells whom it is time to tell."""
    desk.buttons = {}

    async def ring(minutes=0):
        desk.later(minutes=minutes)
        with desk.database.write() as connection:
            announce_alerts(connection, wording, URL, desk.now)
        await desk.sender.send_due()

    return ring


@pytest.fixture
async def awa(desk, boy, ring):
    with desk.database.read() as connection:
        member = connection.execute(select(staff).order_by(staff.c.id)).first()
    return await _ready(desk, member, "s1")


@pytest.fixture
async def serge(desk, ring):
    return await _ready(desk, _employ(desk, "on_call", "Serge"), "s2")


def _employ(desk, role, name):
    with desk.database.write() as connection:
        home = connection.execute(select(structure).order_by(structure.c.id)).first()
        return make_member(connection, home, role, name)


async def _ready(desk, member, address):
    pocket = Pocket(desk, member, address)
    await desk.sender.send_due()
    assert pocket.read() == ["C'est fait : les alertes arrivent ici."]
    return pocket


async def _cry(desk, boy):
    desk.take_in(desk.message(boy, CRY))
    await desk.sender.send_due()


async def test_an_alarm_says_case_severity_wait_and_link_and_nothing_else(desk, boy, awa, ring):
    await _cry(desk, boy)
    await ring(4)
    (text,) = awa.read()
    assert text == (
        "🔴 Dossier 0317 · critique · attend depuis 4 min\n"
        f"{URL}/console/alerts/1 ⟦Je prends⟧ ⟦Pas disponible⟧"
    )
    await ring()
    assert awa.read() == []


async def test_who_takes_it_is_told_to_go_on_and_all_others_who_has_it(desk, boy, awa, serge, ring):
    await _cry(desk, boy)
    await ring()
    await ring(5)
    assert "Personne ne s'en occupe encore." in serge.read()[0]
    awa.read()
    (answer,) = await serge.press("Je prends")
    assert "c'est pour vous" in answer
    assert awa.read() == ["Dossier 0317 : Serge s'en occupe."]
    assert await awa.press("Je prends") == ["Dossier 0317 : Serge s'en occupe."]
    (row,) = desk.alerts
    assert (row.state, row.assigned_to) == ("acknowledged", serge.member.id)
    await ring(9)
    assert awa.read() == serge.read() == []


async def test_without_an_answer_the_alarm_comes_back(desk, boy, awa, serge, ring):
    await _cry(desk, boy)
    await ring()
    awa.read()
    await awa.press("Je prends")
    await ring(10)
    assert re.search(r"attend depuis 10 min", serge.read()[0])


async def test_not_available_calls_the_next_at_once(desk, boy, awa, serge, ring):
    await _cry(desk, boy)
    await ring()
    awa.read()
    assert await awa.press("Pas disponible") == [
        "Dossier 0317 : c'est noté, l'alerte continue sans vous."
    ]
    await ring()
    assert "🔴 Dossier 0317" in serge.read()[0]


async def test_a_button_works_in_the_chat_it_was_sent_to_alone(desk, boy, awa, serge, ring):
    await _cry(desk, boy)
    await ring()
    awa.read()
    token = desk.buttons["s1", "Je prends"]
    (answer,) = await serge.press("", token)
    assert "Ce chat reçoit les alertes" in answer
    desk.take_in(desk.message("stranger", kind="choice", token=token))
    assert desk.alerts[0].state == "open"


async def test_who_has_left_takes_nothing(desk, boy, awa, ring):
    await _cry(desk, boy)
    await ring()
    awa.read()
    with desk.database.write() as connection:
        connection.execute(update(staff).values(active=False))
    (answer,) = await awa.press("Je prends")
    assert "Ce chat reçoit les alertes" in answer
    assert desk.alerts[0].state == "open"


async def test_a_button_of_a_closed_alert_says_so(desk, boy, awa, ring):
    await _cry(desk, boy)
    await ring()
    awa.read()
    with desk.database.write() as connection:
        connection.execute(update(alert).values(state="resolved"))
    assert await awa.press("Je prends") == ["Dossier 0317 : l'alerte est fermée."]


async def test_what_is_taken_in_the_console_is_told_on_the_chats(
    desk, boy, awa, serge, ring, wording
):
    await _cry(desk, boy)
    await ring()
    await ring(5)
    awa.read()
    serge.read()
    with desk.database.write() as connection:
        acknowledge(connection, wording, awa.member, 1, desk.now)
        acknowledge(connection, wording, awa.member, 1, desk.now)
    await desk.sender.send_due()
    assert awa.read() == []
    assert len(serge.read()) == 1


async def test_taking_over_the_conversation_is_told_on_the_chats(
    desk, boy, awa, serge, ring, wording
):
    await _cry(desk, boy)
    await ring()
    awa.read()
    with desk.database.write() as connection:
        conversations.take_over(connection, serge.member, 1)
        announce_takeover(connection, serge.member, 1, wording, desk.now)
    await desk.sender.send_due()
    assert awa.read() == ["Dossier 0317 : Serge s'en occupe."]


async def test_with_nobody_on_duty_the_child_and_the_supervisors_are_told_so(desk, boy, awa, ring):
    clarisse = await _ready(desk, _employ(desk, "supervisor", "Clarisse"), "s3")
    with desk.database.write() as connection:
        # Hours that say somebody is on call, and nobody to call.
        always = dict.fromkeys(
            ("mon", "tue", "wed", "thu", "fri", "sat", "sun"), ("00:00", "23:59")
        )
        connection.execute(update(structure).values(on_call_hours=always))
    desk.later(hours=10)
    await _cry(desk, boy)
    told = [_plain(message.text) for to, message in desk.phone.accepted if to == boy]
    assert "Personne de l'équipe n'est là maintenant." in told[-1]
    await ring()
    assert "Personne n'est de garde maintenant." in clarisse.read()[0]


async def test_a_chat_that_was_told_stands_in_the_history(desk, boy, awa, ring):
    await _cry(desk, boy)
    await ring()
    with desk.database.read() as connection:
        lines = [(event.verb, event.staff_name) for event in history(connection, 1)]
    assert lines == [("opened", None), ("notified", awa.member.shown_name)]


async def test_what_is_delivered_twice_is_answered_once(desk, boy, awa, ring):
    written = desk.message(awa.address, "bonjour")
    desk.take_in(written)
    desk.take_in(written)
    await desk.sender.send_due()
    assert len(awa.read()) == 1
    await _cry(desk, boy)
    await ring(4)
    awa.read()
    taken = desk.message(awa.address, kind="choice", token=desk.buttons[awa.address, "Je prends"])
    desk.take_in(taken)
    desk.take_in(taken)
    await desk.sender.send_due()
    assert len(awa.read()) == 1


@pytest.fixture
def link_code(desk, boy):
    with desk.database.write() as connection:
        member = connection.execute(select(staff).order_by(staff.c.id)).first()
        return make_staff_link_code(connection, member.id, desk.now)


async def test_a_link_code_in_a_sentence_links_too(desk, link_code):
    (answer,) = await desk.say("s9", f"mon code : {link_code}, merci")
    assert "C'est fait" in answer


async def test_after_too_many_wrong_codes_a_right_one_links_nothing(desk, link_code):
    for _ in range(MAXIMUM_CODE_FAILURES):
        await desk.say("s9", "ZZZZ9999")
    (answer,) = await desk.say("s9", link_code)
    assert "Trop d'essais" in answer
    assert desk.rows(staff_chat) == []
    (answer,) = await desk.say("s8", link_code)
    assert "C'est fait" in answer


async def test_wrong_codes_that_no_worker_has_seen_yet_count(desk, link_code):
    for wrong in ["ZZZZ9999", "ZZZZ9998", "mon code est ZZZZ9997", "bonjour", "ZZZZ9996"]:
        desk.take_in(desk.message("s9", wrong))
    desk.take_in(desk.message("s9", "/start", code="ZZZZ9995"), desk.message("s9", link_code))
    assert desk.rows(staff_chat) == []
    await desk.turns.run_waiting()
    assert desk.talks[-1].code_failures == MAXIMUM_CODE_FAILURES


async def test_a_link_code_after_few_wrong_ones_still_links(desk, link_code):
    for _ in range(MAXIMUM_CODE_FAILURES - 1):
        desk.take_in(desk.message("s9", "ZZZZ9999"))
    desk.take_in(desk.message("s9", link_code))
    assert len(desk.rows(staff_chat)) == 1
