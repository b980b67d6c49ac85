"""The sender: crisis replies first, each once, and nothing that betrays."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.channels.base import DeliveryUpdate, Limits
from bot.channels.errors import Misconfigured, RecipientGone, Retryable, Throttled, WindowClosed
from bot.channels.tasks import end
from bot.delivery.clock import blank_without_consent, release_due
from bot.delivery.queue import Priority, enqueue
from bot.delivery.staff_replies import TextBetrays, announce_takeover, send_reply
from bot.followup import conversations
from bot.followup.access import NotAllowed
from bot.followup.staff import find_by_email
from bot.i18n.wording import Said

NOTICE = "Bonjour. Il y a une réponse pour"
WINDOW = Limits(text=1024, buttons=3, button_title=20, window=timedelta(hours=24))


def queue(desk, text, priority=Priority.REPLY, talk=0):
    with desk.database.write() as connection:
        return enqueue(connection, desk.talks[talk], Said(text), desk.now, priority=priority)


def states(desk):
    return [reply.state for reply in desk.replies]


@pytest.fixture
def member(desk, boy):
    with desk.database.write() as connection:
        found = find_by_email(connection, "awa900@exemple.test")
        conversations.take_over(connection, found, desk.talks[0].id)
    return found


async def test_crisis_replies_leave_first(desk, boy, mother):
    desk.take_in(desk.message(boy, "bonjour"))
    await desk.turns.run_waiting()
    desk.take_in(desk.message(mother, "mon mari me frappe et il a un couteau"))
    await desk.sender.send_due()
    assert "1: bonjour" not in desk.phone.texts[0]
    assert desk.phone.texts[1] == "1: bonjour"


@pytest.mark.parametrize("what", ["died", "hangs"])
async def test_a_crisis_reply_does_not_wait_for_a_sender_that_died_or_hangs(desk, boy, what):
    desk.phone.stuck = {boy} if what == "hangs" else set()
    desk.take_in(desk.message(boy, "bonjour"))
    await desk.turns.run_waiting()
    under_way = desk.sender._record_and_claim([])
    sending = [asyncio.create_task(desk.sender._send(each)) for each in under_way]
    if what == "died":
        await end(sending)
    await asyncio.sleep(0)
    desk.phone.stuck = set()

    desk.take_in(desk.message(boy, "mon oncle me frappe"))
    await desk.make_sender("another").send_due()

    assert len(desk.phone.texts) == 1
    assert "116" in desk.phone.texts[0]
    await end(sending)


async def test_replies_of_one_conversation_arrive_in_order(desk, boy):
    await desk.say(boy, "bonjour")
    for number in range(6):
        queue(desk, f"ligne {number}")
    for _ in range(8):
        await desk.sender.send_due()
        desk.later(seconds=2)
    assert desk.phone.texts[1:] == [f"ligne {number}" for number in range(6)]


@pytest.mark.parametrize("failure", [Retryable("network"), Throttled("429", 3)])
async def test_a_passing_fault_is_tried_again_and_the_order_kept(desk, boy, failure):
    desk.phone.failures = [failure]
    assert await desk.say(boy, "un") == []
    assert await desk.say(boy, "deux") == []
    desk.later(seconds=4)
    await desk.sender.send_due()
    assert desk.phone.texts == ["1: un", "2: deux"]


async def test_a_fault_that_does_not_pass_is_given_up_after_a_day_with_a_task(desk, boy):
    desk.take_in(desk.message(boy, "mon oncle me frappe"))
    for _ in range(60):
        desk.phone.failures = [Retryable("network")]
        await desk.sender.send_due()
        desk.later(hours=1)
    assert states(desk) == ["failed"]
    assert [a.kind for a in desk.alerts] == ["red_flag", "undelivered"]


async def test_a_person_who_blocked_us_is_not_tried_again(desk, boy):
    desk.phone.failures = [RecipientGone("403")]
    await desk.say(boy, "bonjour")
    assert states(desk) == ["failed"]
    assert desk.talks[0].blocked_at is not None
    assert [a.kind for a in desk.alerts] == ["undelivered"]


async def test_a_refused_token_keeps_the_message(desk, boy):
    desk.phone.failures = [Misconfigured("401")]
    await desk.say(boy, "bonjour")
    assert states(desk) == ["queued"]


async def test_a_message_that_may_have_left_before_a_crash_is_sent_again_and_counted(desk, boy):
    desk.take_in(desk.message(boy, "bonjour"))
    await desk.turns.run_waiting()
    desk.sender._record_and_claim([])  # claimed, and then the process dies
    await desk.sender.send_due()
    assert desk.phone.texts == []
    desk.later(seconds=59)
    desk.take_in(desk.message(boy, "encore là"))
    desk.later(seconds=2)
    await desk.sender.send_due()
    assert desk.phone.texts[0] == "1: bonjour"
    counted = desk.metrics.uncertain_resends.labels("telegram")._value.get()
    assert counted == 1


async def test_outside_the_window_a_template_goes_and_the_text_waits(desk, boy):
    desk.phone.limits = WINDOW
    await desk.say(boy, "bonjour")
    desk.later(hours=25)
    queue(desk, "la réponse")
    await desk.sender.send_due()
    assert desk.phone.templates[0].startswith(NOTICE)
    assert "la réponse" not in desk.phone.texts
    assert "la réponse" in await desk.say(boy, "oui ?")


async def test_the_window_is_counted_from_when_it_was_written(desk, boy):
    desk.phone.limits = WINDOW
    await desk.say(boy, "bonjour", sent_at=desk.now - timedelta(hours=25))
    assert desk.phone.texts == []
    assert len(desk.phone.templates) == 1


async def test_a_window_that_the_provider_says_is_closed_holds_the_text(desk, boy):
    desk.phone.failures = [WindowClosed("131047")]
    await desk.say(boy, "bonjour")
    assert desk.replies[0].state == "held"
    assert desk.replies[1].kind == "notice"


async def test_a_window_that_the_provider_alone_knows_is_closed_is_announced_once(desk, boy):
    desk.phone.limits = WINDOW
    desk.phone.failures = [WindowClosed("131047")] * 3
    await desk.say(boy, "bonjour")
    for _ in range(3):
        desk.later(seconds=10)
        await desk.sender.send_due()
    assert [(reply.kind, reply.state) for reply in desk.replies] == [
        ("text", "held"),
        ("notice", "sent"),
    ]
    assert len(desk.phone.templates) == 1


async def test_a_notice_refused_only_later_leaves_as_a_template_once(desk, boy):
    desk.phone.limits = WINDOW
    await desk.say(boy, "bonjour")
    desk.later(minutes=2)
    queue(desk, "la réponse")
    await desk.sender.send_due()
    assert desk.phone.texts[-1].startswith(NOTICE)
    closed = WindowClosed("131047")
    desk.take_in(DeliveryUpdate("sent-2", "failed", desk.now, "131047", failure=closed))
    for _ in range(3):
        desk.later(seconds=10)
        await desk.sender.send_due()
    assert len(desk.phone.templates) == 1
    assert [reply.kind for reply in desk.replies] == ["text", "text", "notice"]


NO_TEMPLATE = [Misconfigured("132001"), Throttled("131049", 86_400)]


@pytest.mark.parametrize("refusal", NO_TEMPLATE, ids=lambda refusal: refusal.code)
async def test_a_notice_that_cannot_leave_keeps_no_answer_from_who_writes(desk, boy, refusal):
    desk.phone.limits = WINDOW
    await desk.say(boy, "bonjour")
    desk.later(hours=25)
    queue(desk, "ta semaine ?")
    desk.phone.template_failures = [refusal]
    await desk.sender.send_due()
    desk.later(minutes=1)
    assert await desk.say(boy, "slt") == ["ta semaine ?", "2: slt"]
    desk.later(days=2)
    await desk.sender.send_due()
    assert desk.phone.templates == []


@pytest.mark.parametrize("refusal", NO_TEMPLATE, ids=lambda refusal: refusal.code)
async def test_a_notice_refused_while_the_person_writes_keeps_no_answer_either(desk, boy, refusal):
    desk.phone.limits = WINDOW
    await desk.say(boy, "bonjour")
    desk.later(hours=25)
    queue(desk, "ta semaine ?")

    async def refuse(*_template):
        desk.later(seconds=1)
        desk.take_in(desk.message(boy, "slt"))
        raise refusal

    desk.phone.send_template = refuse
    await desk.sender.send_due()
    await desk.turns.run_waiting()
    await desk.sender.send_due()
    assert desk.phone.texts == ["1: bonjour", "ta semaine ?", "2: slt"]


class TestDiscretion:
    async def test_an_answer_given_at_once_goes(self, desk, boy):
        assert await desk.say(boy, "bonjour") == ["1: bonjour"]

    async def test_a_minute_later_only_the_neutral_notice_goes_until_it_is_read(self, desk, boy):
        desk.take_in(desk.message(boy, "bonjour"))
        await desk.turns.run_waiting()
        desk.later(seconds=61)
        await desk.sender.send_due()
        await desk.sender.send_due()
        assert len(desk.phone.texts) == 1
        assert desk.phone.texts[0].startswith(NOTICE)
        assert await desk.press(boy, "Lire") == ["1: bonjour"]

    async def test_what_reached_us_hours_later_is_answered_by_the_notice(self, desk, boy):
        hours_ago = desk.now - timedelta(hours=2)
        (notice,) = await desk.say(boy, "bonjour", sent_at=hours_ago)
        assert notice.startswith(NOTICE)
        assert await desk.press(boy, "Lire") == ["1: bonjour"]

    async def test_a_cry_for_help_that_reached_us_hours_later_is_answered(self, desk, boy):
        hours_ago = desk.now - timedelta(hours=2)
        (crisis,) = await desk.say(boy, "mon oncle me frappe", sent_at=hours_ago)
        assert "116" in crisis

    async def test_a_clock_that_is_wrong_makes_no_answer_late(self, desk, boy):
        years_ago = desk.now - timedelta(days=900)
        assert await desk.say(boy, "bonjour", sent_at=years_ago) == ["1: bonjour"]
        tomorrow = desk.now + timedelta(days=1)
        assert await desk.say(boy, "encore", sent_at=tomorrow) == ["2: encore"]

    async def test_one_notice_announces_several_answers(self, desk, boy):
        await desk.say(boy, "bonjour")
        desk.later(minutes=5)
        queue(desk, "un")
        queue(desk, "deux")
        for _ in range(3):
            await desk.sender.send_due()
            desk.later(seconds=2)
        assert len(desk.phone.texts) == 2
        assert await desk.press(boy, "Lire") == ["un", "deux"]

    async def test_after_quick_exit_nothing_goes_until_the_person_writes(
        self, desk, boy, member, wording
    ):
        await desk.say(boy, "bonjour")
        await desk.say(boy, "X")
        with desk.database.write() as connection:
            send_reply(connection, member, desk.talks[0].id, "tu es là ?", wording, desk.now)
        desk.later(seconds=1)
        with desk.database.write() as connection:
            send_reply(connection, member, desk.talks[0].id, "je suis là", wording, desk.now)
        await desk.sender.send_due()
        assert desk.phone.texts[-1] == "👋"
        assert "Awa900, une personne\u00a0: je suis là" in await desk.say(boy, "slt")

    async def test_what_a_fault_kept_back_does_not_come_after_quick_exit(self, desk, boy):
        async def fail(*_message):
            desk.later(seconds=1)
            desk.take_in(desk.message(boy, "X"))
            del desk.phone.send
            raise Retryable("network")

        desk.phone.send = fail
        await desk.say(boy, "bonjour")
        for _ in range(3):
            desk.later(minutes=5)
            await desk.sender.send_due()
        assert desk.phone.texts == ["👋"]
        assert states(desk) == ["cancelled", "sent", "sent"]

    async def test_what_waits_for_its_place_does_not_come_after_quick_exit(self, desk, boy):
        desk.phone.limits = Limits(
            text=4096,
            buttons=10,
            button_title=60,
            per_chat_interval=timedelta(seconds=0.5),
            per_chat_burst=1,
        )
        await desk.say(boy, "bonjour")
        desk.take_in(desk.message(boy, "encore"))
        await desk.turns.run_waiting()
        sending = asyncio.create_task(desk.sender.send_due())
        await asyncio.sleep(0.1)
        desk.take_in(desk.message(boy, "X"))
        await sending
        desk.later(seconds=2)
        await desk.sender.send_due()
        assert desk.phone.texts == ["1: bonjour", "👋"]

    async def test_what_a_turn_says_to_somebody_who_just_left_waits(self, desk, boy):
        desk.take_in(desk.message(boy, "bonjour"))
        said_at = desk.now
        desk.later(seconds=1)
        desk.take_in(desk.message(boy, "X"))
        with desk.database.write() as connection:
            enqueue(connection, desk.talks[0], Said("la réponse"), said_at)
        await desk.sender.send_due()
        assert desk.phone.texts == ["👋"]

    async def test_after_stop_what_we_start_is_cancelled_and_answers_go(self, desk, boy):
        await desk.say(boy, "stop")
        queue(desk, "ta semaine ?", Priority.STARTED_BY_US)
        await desk.sender.send_due()
        assert states(desk)[-1] == "cancelled"
        assert await desk.say(boy, "dis-moi") != []

    async def test_a_late_staff_reply_waits_for_the_safe_hours(self, desk, boy, member, wording):
        with desk.database.write() as connection:
            connection.exec_driver_sql("UPDATE person SET safe_from_hour=18, safe_until_hour=20")
        await desk.say(boy, "bonjour")
        desk.later(minutes=31)
        with desk.database.write() as connection:
            send_reply(connection, member, desk.talks[0].id, "bonjour, ça va ?", wording, desk.now)
        await desk.sender.send_due()
        assert states(desk)[-1] == "held"
        desk.now = desk.now.replace(hour=18, minute=1)
        with desk.database.write() as connection:
            assert release_due(connection, desk.now) == 1
        await desk.sender.send_due()
        assert desk.phone.texts[-1].startswith(NOTICE)


class TestStaff:
    async def test_a_reply_arrives_and_stops_the_human_clock(self, desk, boy, member, wording):
        await desk.say(boy, "tu es là ?")
        with desk.database.write() as connection:
            send_reply(connection, member, desk.talks[0].id, "Oui, je suis là.", wording, desk.now)
        await desk.sender.send_due()
        assert desk.phone.texts == ["Awa900, une personne\u00a0: Oui, je suis là."]
        assert desk.talks[0].unanswered_since is None

    async def test_only_who_has_the_conversation_answers(self, desk, boy, mother, wording):
        with desk.database.write() as connection:
            other = find_by_email(connection, "awa901@exemple.test")
            with pytest.raises(NotAllowed):
                send_reply(connection, other, desk.talks[0].id, "bonjour", wording, desk.now)

    async def test_a_reply_that_would_betray_on_a_locked_screen_is_refused(
        self, desk, member, wording
    ):
        with desk.database.write() as connection, pytest.raises(TextBetrays):
            send_reply(
                connection, member, desk.talks[0].id, "La violence de ton oncle", wording, desk.now
            )

    async def test_the_person_is_told_that_a_human_is_there(self, desk, boy, member, wording):
        await desk.say(boy, "mon oncle me frappe")
        with desk.database.write() as connection:
            announce_takeover(connection, member, desk.talks[0].id, wording, desk.now)
        await desk.sender.send_due()
        assert "Awa900, une personne" in desk.phone.texts[-1]
        assert desk.alerts[0].state == "acknowledged"


async def test_without_consent_a_text_does_not_outlive_a_quarter_of_an_hour(desk, boy):
    desk.take_in(desk.message("77", "bonjour"), desk.message(boy, "bonjour"))
    with desk.database.write() as connection:
        assert blank_without_consent(connection, desk.now + timedelta(minutes=14)) == 0
        assert blank_without_consent(connection, desk.now + timedelta(minutes=15)) == 1
    assert [m.text for m in desk.messages] == [None, "bonjour"]


async def test_a_message_refused_only_later_is_settled_as_if_refused_at_once(desk, boy):
    await desk.say(boy, "bonjour")
    gone = RecipientGone("131026")
    desk.take_in(DeliveryUpdate("sent-1", "failed", desk.now, "131026", failure=gone))
    assert states(desk) == ["failed"]
    assert desk.talks[0].blocked_at is not None


async def test_a_refusal_after_it_was_read_changes_nothing(desk, boy):
    await desk.say(boy, "bonjour")
    desk.take_in(DeliveryUpdate("sent-1", "read", desk.now))
    desk.take_in(DeliveryUpdate("sent-1", "failed", desk.now, "1"))
    assert states(desk) == ["read"]


async def test_a_send_that_hangs_keeps_nobody_else_waiting(desk, boy, mother):
    desk.phone.stuck = {boy}
    desk.take_in(desk.message(boy, "bonjour"))
    await desk.turns.run_waiting()
    running = asyncio.create_task(desk.sender.run(_look_again_soon))
    await asyncio.sleep(0.2)
    desk.take_in(desk.message(mother, "bonjour"))
    await desk.turns.run_waiting()
    for _ in range(500):
        if desk.phone.accepted:
            break
        await asyncio.sleep(0.01)
    await end([running])
    assert desk.phone.accepted[0][0] == mother


async def test_what_a_turn_says_leaves_by_its_own_sender_in_order(desk, boy, mother):
    desk.dialogue.choices = (("1", "Oui", "/affirm"),)
    turns = desk.make_turns("w", desk.sender)
    running = asyncio.create_task(desk.sender.run(_never_woken))
    for address in (boy, mother, boy):
        desk.take_in(desk.message(address, "bonjour"))
    assert await turns.run_waiting() == 3
    await _until(lambda: states(desk) == ["sent", "sent", "sent"])
    await end([running])
    assert [text for address, text in desk.phone.accepted_texts if address == boy] == [
        "1: bonjour",
        "2: bonjour",
    ]


async def test_what_a_turn_says_is_claimed_with_it(desk, boy):
    desk.phone.stuck = {boy}
    turns = desk.make_turns("w", desk.sender)
    desk.take_in(desk.message(boy, "bonjour"))
    await turns.run_waiting()
    # Another process's sender leaves it alone, until the claim has lapsed.
    other = desk.make_sender("other")
    desk.phone.stuck = set()
    assert await other.send_due() == 0
    desk.later(seconds=61)
    assert await other.send_due() == 1


async def test_a_sender_that_is_stopped_still_records_what_leaves(desk, boy):
    running = asyncio.create_task(desk.sender.run(_never_woken))
    turns = desk.make_turns("w", desk.sender)
    desk.phone.slow = 0.2
    desk.take_in(desk.message(boy, "bonjour"))
    await turns.run_waiting()
    await asyncio.sleep(0.05)
    await end([running])
    assert states(desk) == ["sent"]


async def _until(holds: Callable[[], bool]) -> None:
    for _ in range(500):
        if holds():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("not within five seconds")


async def _never_woken(_seconds: float) -> bool:
    await asyncio.Event().wait()
    return False


async def _look_again_soon(_seconds: float) -> bool:
    await asyncio.sleep(0.01)
    return False
