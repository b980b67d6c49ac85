"""Hearing what is written: by a word or an ear, and only what may be heard unasked."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.channels.errors import Misconfigured, Retryable
from bot.db.tables import conversation, outbox, recording, staff
from bot.i18n.recordings import find_voices
from bot.i18n.speech import words_of
from tests.i18n.test_encode import heard


@pytest.fixture
def voice(desk):
    """Give a function that records a voice; ``says`` other words than today's if told so."""

    def record(reference, sound=b"OggS of it", *, says=None):
        language, _, name = reference.partition("/")
        words = words_of(desk.wording.responses, desk.wording.catalogs, name, language).text
        file = desk.wording.voices.get(language, name)
        with desk.database.write() as connection:
            who = connection.execute(select(staff.c.id)).scalars().first()
            connection.execute(
                recording.insert().values(
                    language=language,
                    name=name,
                    says=says or words,
                    sound=sound,
                    replaces=file.digest if file else "",
                    staff_id=who,
                    at=desk.now,
                )
            )
        return sound

    return record


def _audio_rows(desk):
    return [row for row in desk.replies if row.kind == "audio"]


async def _ask(desk, address):
    """Let the bot say something that has a voice: STOP is answered so."""
    return await desk.say(address, "stop")


async def test_nobody_hears_who_has_not_asked(desk, boy, voice):
    voice("fr/utter_stopped")

    await _ask(desk, boy)

    assert desk.phone.heard == []
    assert _audio_rows(desk) == []


@pytest.mark.parametrize("word", ["écouter", "Écouter !", "listen", "🔊", "👂🏿", "lamɛn"])
async def test_a_word_or_an_ear_lets_hear_the_last_message_and_those_after(desk, boy, voice, word):
    stopped = voice("fr/utter_stopped", b"OggS stopped")
    await _ask(desk, boy)

    said = await desk.say(boy, word)

    assert said == [
        "D'accord, la voix vient aussi. Pour arrêter\u00a0: écris «\u00a0sans voix\u00a0»."
    ]
    assert desk.phone.heard == [stopped]
    assert desk.talks[0].listens is True
    assert desk.dialogue.heard == []

    await _ask(desk, boy)
    assert desk.phone.heard == [stopped, stopped]


async def test_the_text_goes_first_and_the_voice_after_it(desk, boy, voice):
    voice("fr/utter_stopped")
    await _ask(desk, boy)
    await desk.say(boy, "écouter")

    await _ask(desk, boy)

    assert [kind for kind, _ in desk.phone.order[-2:]] == ["text", "audio"]


async def test_it_ends_when_told_so(desk, boy, voice):
    voice("fr/utter_stopped")
    await _ask(desk, boy)
    await desk.say(boy, "écouter")

    before = len(desk.phone.heard)
    said = await desk.say(boy, "sans voix")
    await _ask(desk, boy)

    assert said == ["D'accord, sans voix. Pour la remettre\u00a0: écris «\u00a0écouter\u00a0»."]
    assert len(desk.phone.heard) == before
    assert desk.talks[0].listens is False


@pytest.fixture
def patient(desk):
    """Let the phone take a voice as long as a crisis reply's."""
    desk.phone.limits = replace(desk.phone.limits, audio=100_000)


async def test_a_crisis_is_heard_only_when_it_is_asked_for(desk, boy, voice, patient):
    voice("fr/utter_stopped")
    await _ask(desk, boy)
    await desk.say(boy, "écouter")
    before = len(desk.phone.heard)

    await desk.say(boy, "mon oncle me frappe chaque soir")
    assert len(desk.phone.heard) == before

    said = await desk.say(boy, "🔊")
    assert said == []  # it is known already that voices come
    assert len(desk.phone.heard) == before + 1


NUMBER = ["utter_crisis_number_free_always", *(f"utter_said_digit_{digit}" for digit in "116")]


async def _hear_a_crisis(desk, boy):
    await desk.say(boy, "mon oncle me frappe chaque soir")
    await desk.say(boy, "écouter")
    (row,) = _audio_rows(desk)
    return [reference.partition("/")[2] for reference in row.voice.split(",")]


async def test_the_number_of_a_helpline_is_heard_digit_by_digit(desk, boy, patient):
    played = await _hear_a_crisis(desk, boy)

    assert played == [
        "utter_crisis_opening_not_your_fault",
        "utter_crisis_time_duty",
        *NUMBER,
        "utter_crisis_choices",
    ]
    files = [desk.wording.voices.get("fr", name).path.read_bytes() for name in played]
    (sound,) = desk.phone.heard
    assert heard(sound)[:3] == ("ogg", "opus", 1)
    assert heard(sound)[3] == pytest.approx(sum(heard(file)[3] for file in files), abs=0.6)


async def test_at_night_it_is_heard_when_somebody_is_there_again(desk, mother, patient):
    desk.later(hours=12)

    played = await _hear_a_crisis(desk, mother)

    assert played[1:4] == [
        "utter_crisis_time_nobody.vous",
        f"utter_said_day_{(desk.now + timedelta(hours=12)).isoweekday()}",
        "utter_said_hour_8",
    ]


async def test_a_number_of_which_a_digit_is_not_said_is_not_heard_at_all(desk, boy, voice, patient):
    voice("fr/utter_said_digit_6", says="sept")

    played = await _hear_a_crisis(desk, boy)

    assert played[-1] == "utter_crisis_choices"
    assert not set(NUMBER) & set(played)


async def test_the_choices_that_were_offered_still_stand(desk, boy, voice):
    desk.dialogue.choices = (("1", "Oui", "/affirm"),)
    await desk.say(boy, "bonjour")

    await desk.say(boy, "écouter")
    await desk.say(boy, "1")

    assert desk.dialogue.heard[-1] == "/affirm"


async def test_what_has_no_voice_says_so(desk, boy):
    await desk.say(boy, "bonjour")

    said = await desk.say(boy, "écouter")

    assert said[-1] == "Ce message n'a pas encore de voix, pardon."
    assert desk.phone.heard == []


async def test_a_voice_that_says_other_words_is_not_sent(desk, boy, voice):
    voice("fr/utter_stopped", says="Autre chose.")
    await _ask(desk, boy)
    await desk.say(boy, "écouter")

    assert desk.phone.heard == []


async def test_after_x_nothing_from_before_is_heard(desk, boy, voice):
    voice("fr/utter_crisis_opening_not_your_fault")
    await desk.say(boy, "mon oncle me frappe chaque soir")
    await desk.say(boy, "x")

    said = await desk.say(boy, "écouter")

    assert desk.phone.heard == []
    assert said[-1] == "Ce message n'a pas encore de voix, pardon."


async def test_a_newcomer_who_wants_to_hear_is_welcomed(desk):
    desk.dialogue.intents["🔊"] = "out_of_scope"

    said = await desk.say("990", "🔊")

    assert "programme" in said[0]
    assert desk.talks[0].listens is True


async def test_hearing_again_leaves_nobody_waiting(desk, boy, voice):
    voice("fr/utter_stopped")
    await _ask(desk, boy)
    with desk.database.write() as connection:
        connection.execute(conversation.update().values(unanswered_since=None))

    await desk.say(boy, "écouter")
    assert desk.talks[0].unanswered_since is None


@pytest.mark.parametrize("failure", [Misconfigured("VOICE_FORBIDDEN"), Retryable("500")])
async def test_a_refused_voice_is_left_out_and_keeps_no_text_waiting(desk, boy, voice, failure):
    voice("fr/utter_stopped")
    await _ask(desk, boy)
    await desk.say(boy, "écouter")
    desk.phone.audio_failures.append(failure)

    await _ask(desk, boy)
    said = await desk.say(boy, "bonjour")

    assert said
    assert "failed" in [row.state for row in _audio_rows(desk)]
    assert [each.kind for each in desk.alerts if each.kind == "undelivered"] == []


async def test_a_text_costs_nobody_who_only_reads_a_row_more(desk, boy):
    await _ask(desk, boy)

    assert [row.kind for row in desk.replies] == ["text"]
    assert desk.replies[0].voice == "fr/utter_stopped"


async def test_french_is_heard_where_it_stands_beneath_or_instead(desk, boy, voice):
    voice("fr/utter_stopped")
    with desk.database.write() as connection:
        connection.execute(conversation.update().values(language="dyu"))
        (found,) = find_voices(connection, desk.wording, "dyu/utter_stopped")
    assert found.reference == "fr/utter_stopped"
    await _ask(desk, boy)
    await desk.say(boy, "lamɛn")

    sent = [row.voice for row in desk.rows(outbox) if row.kind == "audio"]
    assert sent == ["fr/utter_stopped"]
