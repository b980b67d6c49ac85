"""Taking messages in: once, screened, answered at once where that cannot wait."""

import asyncio
import threading
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.channels.base import DeliveryUpdate, Reachability
from bot.channels.errors import RecipientGone
from bot.followup import conversations
from tests.delivery.conftest import Desk


def test_a_message_is_recorded_once_however_often_it_is_delivered(desk):
    message = desk.message("5", "bonjour")
    desk.take_in(message)
    desk.take_in(message, message)
    assert len(desk.messages) == 1


def test_two_deliveries_of_one_message_at_the_same_moment_are_one(desk):
    message = desk.message("5", "mon oncle me frappe chaque soir")
    threads = [threading.Thread(target=desk.take_in, args=(message,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(desk.messages) == 1
    assert len(desk.alerts) == 1
    assert len(desk.replies) == 1


def test_what_a_person_writes_is_sealed(desk, boy):
    desk.take_in(desk.message(boy, "je suis au garage"))
    with desk.database.read() as connection:
        raw = connection.execute(text("SELECT text FROM inbox")).scalar_one()
    assert b"garage" not in bytes(raw)


def test_a_red_flag_is_answered_and_alerted_before_any_understanding(desk, boy):
    desk.take_in(desk.message(boy, "mon oncle me frap chak soir"))
    (found,) = desk.alerts
    assert (found.kind, found.category, found.severity) == ("red_flag", "violence", "critical")
    (reply,) = desk.replies
    assert "116" in reply.text
    assert "Ce n'est pas ta faute" in reply.text
    assert reply.priority == 0
    assert desk.messages[0].answered_at_intake


async def test_a_red_flag_goes_out_with_the_worker_dead(desk, boy):
    desk.take_in(desk.message(boy, "aidez moi il veut me tuer"))
    await desk.sender.send_due()
    assert "116" in desk.phone.texts[0]


def test_a_stranger_in_danger_is_answered_with_vous_and_without_a_name(desk):
    desk.take_in(desk.message("77", "mon oncle me frappe tous les jours"))
    (found,) = desk.alerts
    assert found.author_unsure
    assert "votre message" in desk.replies[0].text


def test_the_text_of_a_flagged_message_is_kept_before_consent_and_no_other_is(desk):
    desk.take_in(desk.message("77", "mon oncle me frappe tous les jours"))
    desk.take_in(desk.message("77", "STOP"))
    flagged, stopped = desk.messages
    assert flagged.text is not None
    assert stopped.text is None


def test_a_danger_that_is_over_makes_a_task_and_the_dialogue_answers(desk, boy):
    desk.take_in(desk.message(boy, "avant on me frappait, maintenant ça va"))
    (found,) = desk.alerts
    assert found.severity == "normal"
    assert desk.replies == []
    assert not desk.messages[0].answered_at_intake


def test_a_danger_that_names_staff_is_the_focal_points_alone(desk, boy):
    desk.take_in(desk.message(boy, "leducateur me frappe tous les soirs au centre"))
    (found,) = desk.alerts
    assert found.restricted
    assert found.assigned_to is None
    assert desk.messages[0].restricted
    assert desk.replies[0].restricted
    assert "116" in desk.replies[0].text


def test_a_cry_for_help_split_over_two_messages_is_heard_with_the_second(desk, boy):
    desk.take_in(desk.message(boy, "le patron m'a"))
    assert not desk.alerts
    desk.later(seconds=20)
    desk.take_in(desk.message(boy, "frappé avec la machette"))
    assert [alert.severity for alert in desk.alerts] == ["critical"]


class Recorder:
    """A screen that sees nothing and keeps what it was given to read."""

    def __init__(self):
        self.heard = []

    def screen(self, text, earlier=()):
        self.heard.append((text, list(earlier)))


def test_messages_of_another_minute_or_another_person_are_not_read_together(database, wording, now):
    screen = Recorder()
    desk = Desk(database, screen, wording, now)
    desk.take_in(desk.message("1000", "le patron m'a"))
    desk.take_in(desk.message("2000", "frappé avec la machette"))
    desk.later(seconds=61)
    desk.take_in(desk.message("1000", "frappé avec la machette"))
    assert [earlier for _, earlier in screen.heard] == [[], [], []]


def test_only_what_does_not_end_like_a_sentence_is_gone_on_with(database, wording, now):
    screen = Recorder()
    desk = Desk(database, screen, wording, now)
    for written in ("bonjour.", "je suis", "au garage", "avec Ali", "merci"):
        desk.take_in(desk.message("1000", written))
    assert screen.heard == [
        ("bonjour.", []),
        ("je suis", []),
        ("au garage", []),
        ("au garage", ["je suis"]),
        ("avec Ali", []),
        ("avec Ali", ["je suis", "au garage"]),
        ("merci", []),
        ("merci", ["au garage", "avec Ali"]),
    ]


def test_what_chooses_from_an_offer_is_no_part_of_a_sentence(database, wording, now):
    screen = Recorder()
    desk = Desk(database, screen, wording, now)
    desk.take_in(desk.message("1000", "waga naani"))
    offer = [{"key": "1", "title": "Awɔ", "payload": "/affirm"}]
    with database.write() as connection:
        conversations.change(connection, desk.messages[0].conversation_id, offer=offer)
    for written in ("awɔ", "ne togo", "1"):
        desk.take_in(desk.message("1000", written))
    assert screen.heard[1:] == [("awɔ", []), ("ne togo", []), ("1", [])]


def test_a_danger_of_two_parts_that_names_staff_in_the_first_is_sealed(desk, boy):
    desk.take_in(desk.message(boy, "l'éducateur du centre m'a"))
    desk.take_in(desk.message(boy, "frappé avec la machette"))
    (alert,) = desk.alerts
    assert (alert.restricted, alert.kind) == (True, "staff_complaint")
    assert desk.messages[-1].restricted


def test_nine_is_danger(desk, boy):
    desk.take_in(desk.message(boy, "9"))
    assert desk.alerts[0].severity == "critical"
    assert desk.replies[0].priority == 0


async def test_a_nine_after_a_number_question_is_checked_once(desk, boy):
    desk.dialogue.expects_number = True
    desk.dialogue.choices = (("5", "😀", "5"), ("1", "😢", "1"))
    await desk.say(boy, "mes nouvelles")
    (check,) = await desk.say(boy, "9")
    assert desk.alerts == []
    assert "9 = danger" in check
    (again,) = await desk.press(boy, "Non")
    assert again == "1: mes nouvelles"
    assert desk.token("😀")
    await desk.say(boy, "9")
    assert desk.alerts[0].severity == "critical"


async def test_yes_to_the_check_of_a_nine_is_danger(desk, boy):
    desk.dialogue.expects_number = True
    await desk.say(boy, "mes nouvelles")
    await desk.say(boy, "9")
    (crisis,) = await desk.say(boy, "oui")
    assert "116" in crisis
    assert desk.alerts[0].category == "fear"


@pytest.mark.parametrize("words", ["non c rien laisse", "Mal compris"])
async def test_a_cry_taken_back_lowers_nothing_and_stops_the_text(desk, boy, words):
    await desk.say(boy, "mon oncle me frappe")
    severity = desk.alerts[0].severity
    (answer,) = await desk.say(boy, words)
    assert "D'accord" in answer
    assert "116" not in answer
    assert desk.alerts[0].state == "open"
    assert desk.alerts[0].severity == severity
    (again,) = await desk.say(boy, "il me frappe encore")
    assert "116" not in again
    assert desk.alerts[0].message_count == 2


async def test_nothing_is_taken_back_where_nothing_was_cried(desk, boy):
    assert await desk.say(boy, "c'est rien") == ["1: c'est rien"]


async def test_stop_stops_what_we_start_and_makes_a_task(desk, boy):
    (answer,) = await desk.say(boy, "stop")
    assert "je n'écris plus" in answer
    assert desk.talks[0].opted_out_at is not None
    assert [(a.kind, a.severity) for a in desk.alerts] == [("stopped", "normal")]


async def test_stop_with_an_open_red_flag_is_a_high_task(desk, boy):
    await desk.say(boy, "mon oncle me frappe")
    await desk.say(boy, "STOP")
    assert [(a.kind, a.severity) for a in desk.alerts][1] == ("stopped", "high")


async def test_quick_exit_says_nothing_and_erases_what_it_can(desk, boy):
    await desk.say(boy, "bonjour", origin="m-bonjour")
    assert await desk.say(boy, "X", origin="m-x") == ["👋"]
    assert set(desk.phone.erased[0]) == {"sent-1", "m-bonjour", "m-x"}
    assert desk.alerts == []


async def test_a_voice_note_is_acknowledged_and_given_to_a_person(desk, boy):
    (answer,) = await desk.say(boy, kind="voice", media="file-1")
    assert "vocal" in answer
    assert "9" in answer
    assert [(a.kind, a.severity) for a in desk.alerts] == [("voice", "high")]


@pytest.mark.parametrize(
    ("kind", "words"),
    [("photo", "mon cahier"), ("location", "5.3364, -4.0267"), ("contact", "+2250000000042")],
)
async def test_what_a_person_is_to_look_at_is_kept_whoever_sent_it(desk, kind, words):
    (answer,) = await desk.say("7", words, kind=kind, media="file-1" if kind == "photo" else "")
    assert "une personne regarde" in answer
    assert desk.messages[0].text == words


async def test_an_edited_message_is_screened_and_is_no_new_message(desk, boy):
    assert await desk.say(boy, "ça va bien", kind="edited") == []
    (crisis,) = await desk.say(boy, "il veut me tuer ce soir", kind="edited")
    assert "116" in crisis


async def test_the_human_clock_starts_at_the_first_unanswered_message(desk, boy):
    await desk.say(boy, kind="voice", media="file-1")
    start = desk.now
    desk.later(minutes=20)
    await desk.say(boy, "mon oncle me frappe")
    assert desk.alerts[1].waiting_since == start


async def test_what_the_bot_has_answered_keeps_no_human_clock_running(desk, boy):
    await desk.say(boy, "bonjour")
    desk.later(days=20)
    await desk.say(boy, "mon oncle me frappe")
    assert desk.alerts[0].waiting_since == desk.now


async def test_an_answer_of_the_bot_keeps_the_clock_running_where_somebody_has_to_look(desk, boy):
    start = desk.now
    await desk.say(boy, "avant mon oncle me frappait, maintenant ça va")
    assert [alert.severity for alert in desk.alerts] == ["normal"]
    desk.later(minutes=5)
    await desk.say(boy, "bonjour")
    assert desk.talks[0].unanswered_since == start


async def test_what_follows_a_complaint_about_staff_is_the_focal_points_too(desk, boy):
    await desk.say(boy, "leducateur demande de largent pour me donner le kit")
    await desk.say(boy, "il a pris 5000 F")
    assert [m.restricted for m in desk.messages] == [True, True]
    assert all(reply.restricted for reply in desk.replies)
    desk.later(hours=2)
    await desk.say(boy, "bonjour")
    assert not desk.messages[-1].restricted


async def test_receipts_come_in_any_order_and_never_go_back(desk, boy):
    await desk.say(boy, "bonjour")
    for receipt in ("read", "delivered", "sent"):
        desk.take_in(DeliveryUpdate("sent-1", receipt, desk.now))
    (reply,) = desk.replies
    assert reply.state == "read"
    assert reply.delivered_at is not None


async def test_a_receipt_that_overtakes_our_record_of_the_message_is_not_lost(desk, boy):
    gone = RecipientGone("131026")
    refusal = DeliveryUpdate("sent-1", "failed", desk.now, "131026", failure=gone)
    coming = []

    async def send(*_message):
        coming.append(asyncio.create_task(desk.intake("telegram", [refusal])))
        await asyncio.sleep(0.1)
        return "sent-1"

    desk.phone.send = send
    await desk.say(boy, "bonjour")
    await asyncio.gather(*coming)
    assert [reply.state for reply in desk.replies] == ["failed"]
    assert desk.talks[0].blocked_at is not None


async def test_a_receipt_of_a_message_that_we_never_sent_is_ignored(desk):
    desk.take_in(DeliveryUpdate("unknown", "read", desk.now))
    assert desk.replies == []


async def test_blocking_the_bot_is_recorded_and_taken_back(desk, boy):
    desk.take_in(Reachability(boy, False, desk.now))
    assert desk.talks[0].blocked_at == desk.now
    desk.take_in(Reachability(boy, True, desk.now + timedelta(minutes=1)))
    assert desk.talks[0].blocked_at is None
