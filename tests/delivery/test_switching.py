"""Whoever writes in another language is asked whether to go on in it: seldom, at a good time."""

import pytest
from sqlalchemy import select, update

from bot.db.tables import alert, consent, conversation, language_offer, person, structure
from bot.delivery import switching
from bot.followup import conversations
from bot.followup.consent import make_enrolment_code, record_consent
from tests.made_up import make_person

ENGLISH = "please when will the training start"
DIOULA = "ne bɛ taga dugu la sini"
ASKED = "Shall we go on in English?"
MENU = (("1", "L'argent", "/ask_payment"), ("2", "L'école", "/ask_school"))


def plain(texts):
    return [text.replace("\u00a0", " ") for text in texts]


def asked(texts):
    return [text for text in plain(texts) if text in (ASKED, "On continue en Julakan ?")]


def titles(desk):
    return [f"{choice.key} {choice.title}" for choice in desk.phone.accepted[-1][1].buttons]


def language(desk, address="900"):
    return next(talk.language for talk in desk.talks if talk.address == address)


def write_in(desk, table, **values):
    with desk.database.write() as connection:
        connection.execute(update(table).values(**values))


async def test_whoever_writes_english_is_asked_in_english_and_answered_so_after_a_yes(desk, boy):
    said = await desk.say(boy, ENGLISH)
    assert said == [f"1: {ENGLISH}", ASKED]
    assert titles(desk) == ["1 Yes", "2 No"]
    went_on = await desk.press(boy, "Yes")
    assert went_on[0] == "All right, we go on in this language."
    assert "What would you like to do?" in went_on[-1]
    assert language(desk) == "en"
    assert desk.rows(person)[0].language == "en"


@pytest.mark.parametrize("yes", ["1", "yes", "Oui", "ok", "aane", "awɔ"])
async def test_a_yes_is_understood_in_any_language(desk, boy, yes):
    await desk.say(boy, ENGLISH)
    await desk.say(boy, yes)
    assert language(desk) == "en"


@pytest.mark.parametrize("no", ["2", "no", "non", "daabi"])
async def test_after_a_no_nothing_changes_and_it_is_not_asked_again_for_a_month(desk, boy, no):
    await desk.say(boy, ENGLISH)
    kept = await desk.say(boy, no)
    assert plain(kept) == ["D'accord, on ne change pas. Pour changer : tape 7."]
    assert language(desk) == "fr"
    desk.later(days=29)
    assert not asked(await desk.say(boy, ENGLISH))
    assert asked(await desk.say(boy, DIOULA))  # another language is another question
    desk.later(days=2)
    assert asked(await desk.say(boy, ENGLISH))


async def test_what_is_not_answered_is_not_asked_again_on_the_same_day(desk, boy):
    assert asked(await desk.say(boy, ENGLISH))
    desk.later(hours=20)
    assert not asked(await desk.say(boy, ENGLISH))
    desk.later(hours=5)
    assert asked(await desk.say(boy, ENGLISH))


async def test_another_worker_remembers_a_no(desk, boy):
    await desk.say(boy, ENGLISH)
    await desk.say(boy, "no")
    desk.later(days=2)
    desk.turns = desk.make_turns("another")
    assert not asked(await desk.say(boy, ENGLISH))


async def test_dioula_is_asked_about_in_its_own_name(desk, boy):
    said = await desk.say(boy, DIOULA)
    assert "Julakan" in said[-1]
    went_on = await desk.say(boy, "1")
    assert language(desk) == "dyu"
    assert any("ne sont pas encore dans cette langue" in text for text in went_on)


@pytest.mark.parametrize(
    "text", ["merci beaucoup monsieur", "hello please", "ok", "25000", "je suis fatigué paa"]
)
async def test_it_is_not_asked_without_need_or_when_unsure(desk, boy, text):
    assert not asked(await desk.say(boy, text))


async def test_who_chose_the_language_is_not_asked(desk, boy):
    write_in(desk, conversation, language="en")
    assert not asked(await desk.say(boy, ENGLISH))
    french = await desk.say(boy, "je veux savoir quand la formation commence")
    assert plain(french)[-1] == "On continue en Français ?"


async def test_the_answers_own_choices_stay(desk, boy):
    desk.dialogue.choices = MENU
    await desk.say(boy, ENGLISH)
    assert titles(desk) == ["3 Yes", "4 No"]
    desk.dialogue.choices = ()
    assert await desk.say(boy, "2") == ["2: /ask_school"]


async def test_the_answers_own_choices_stay_after_a_no(desk, boy):
    desk.dialogue.choices = (("1", "Oui", "/affirm"), ("2", "Non", "/deny"))
    await desk.say(boy, ENGLISH)
    desk.dialogue.choices = ()
    assert "on ne change pas" in (await desk.say(boy, "non"))[0]
    assert await desk.say(boy, "oui") == ["2: /affirm"]


async def test_no_reserved_digit_is_given_away(desk, boy):
    desk.dialogue.choices = tuple((str(n), f"Choix {n}", f"/ask_aid{n}") for n in range(1, 6))
    assert not asked(await desk.say(boy, ENGLISH))
    assert not desk.rows(language_offer)


async def test_guesses_give_way_to_the_question(desk, boy):
    desk.dialogue.intents[ENGLISH] = "nlu_fallback"
    desk.dialogue.choices = MENU
    assert await desk.say(boy, ENGLISH) == [ASKED]
    assert titles(desk) == ["1 Yes", "2 No"]


async def test_it_is_not_asked_while_a_form_waits(desk, boy):
    desk.dialogue.in_form = True
    assert not asked(await desk.say(boy, ENGLISH))
    desk.dialogue.in_form = False
    assert asked(await desk.say(boy, ENGLISH))


@pytest.mark.parametrize("intent", ["report_danger", "complain_staff", "talk_to_human", "goodbye"])
async def test_it_is_not_asked_of_who_needs_somebody(desk, boy, intent):
    desk.dialogue.intents[ENGLISH] = intent
    assert not asked(await desk.say(boy, ENGLISH))


async def test_it_is_not_asked_in_a_crisis(desk, boy):
    said = await desk.say(boy, "my uncle beats me every night")
    assert not asked(said)
    assert not asked(await desk.say(boy, ENGLISH))
    write_in(desk, alert, state="resolved")
    assert asked(await desk.say(boy, ENGLISH))


async def test_it_is_not_asked_while_a_colleague_has_the_conversation(desk, boy):
    await desk.say(boy, ENGLISH)
    write_in(desk, conversation, owner_id=1)
    assert await desk.say(boy, "yes") == []
    assert language(desk) == "fr"
    desk.later(days=2)
    assert not asked(await desk.say(boy, ENGLISH))
    assert await desk.press(boy, "Yes") == []
    assert language(desk) == "en"  # a button means what it says; the colleague answers


async def test_it_is_not_asked_after_a_stop(desk, boy):
    write_in(desk, conversation, opted_out_at=desk.now)
    assert not asked(await desk.say(boy, ENGLISH))


async def test_the_welcome_has_the_languages_by_their_own_names_under_its_question(desk):
    (welcome,) = plain(await desk.say("700", "/start"))
    *_, question, languages = welcome.splitlines()
    assert question.endswith("?")
    _, *others = (each.name for each in desk.wording.catalogs.languages.values())
    assert languages == f"(🔊 = écouter, 7 = autre langue : {', '.join(others)})"


async def test_a_stranger_who_writes_english_reads_the_question_of_consent_in_it(desk):
    desk.dialogue.intents[ENGLISH] = "ask_training"
    said = await desk.say("700", ENGLISH)
    assert "pas une personne" in said[-2]
    assert said[-1] == ASKED
    assert titles(desk) == ["4 Yes", "5 No"]
    agreed = await desk.say("700", "oui")  # not a yes to the messages being kept
    assert desk.talks[0].consent == "asked"
    assert "May we keep your messages" in agreed[-1]
    assert "Français" in agreed[-1]
    assert "English" not in agreed[-1]
    await desk.say("700", "1")
    assert desk.talks[0].consent == "yes"
    assert desk.rows(consent)[-1].language == "en"


async def test_a_stranger_who_keeps_french_can_still_answer_about_the_messages(desk):
    await desk.say("700", ENGLISH)
    await desk.say("700", "no")
    assert desk.talks[0].consent == "asked"
    await desk.say("700", "Oui")
    assert desk.talks[0].consent == "yes"


async def test_the_list_of_languages_keeps_its_digits_at_the_door(desk):
    await desk.say("700", "/start")
    desk.dialogue.choices = (("1", "Français", "/x"), ("2", "English", "/y"))
    assert await desk.say("700", "7") == ["1: /change_language"]
    desk.dialogue.choices = ()
    await desk.say("700", "2")
    assert desk.talks[0].consent == "asked"


def _code(desk, someone):
    with desk.database.write() as connection:
        record_consent(
            connection,
            answer="yes",
            given_by="guardian",
            language="fr",
            now=desk.now,
            person_id=someone.id,
        )
        return make_enrolment_code(connection, someone, desk.now)


def _somebody(desk, **values):
    with desk.database.write() as connection:
        home = connection.execute(select(structure)).first()
        return make_person(connection, home, **values)


async def test_a_mother_and_a_child_on_one_phone_are_each_answered_in_their_own_language(desk):
    child = _somebody(desk, first_name="Adjoua", case_number="1", language="en")
    mother = _somebody(
        desk, first_name="Mariam", case_number="2", language="fr", kind="caregiver", birth_year=1980
    )
    assert "May we keep" in (await desk.say("700", _code(desk, child)))[-1]
    await desk.say("700", "1")
    await desk.say("700", "Adjoua")
    assert "On garde" in (await desk.say("700", _code(desk, mother)))[-1]
    await desk.say("700", "1")
    await desk.say("700", "Mariam")
    await desk.say("700", DIOULA)
    await desk.say("700", "1")
    assert [(p.first_name, p.language) for p in desk.rows(person)] == [
        ("Adjoua", "en"),
        ("Mariam", "dyu"),
    ]
    # The child's own no or yes is another's affair.
    assert "May we keep" in (await desk.say("700", _code(desk, child)))[-1]
    assert language(desk, "700") == "en"


async def test_what_a_newcomer_chose_at_the_door_becomes_the_persons_language(desk):
    someone = _somebody(desk, first_name="Adjoua", case_number="1", language="fr")
    await desk.say("700", ENGLISH)
    await desk.say("700", "yes")
    assert "May we keep" in (await desk.say("700", _code(desk, someone)))[-1]
    await desk.say("700", "1")
    assert desk.rows(person)[0].language == "fr"  # not known yet who it is
    await desk.say("700", "Adjoua")
    assert desk.rows(person)[0].language == "en"


async def test_a_language_named_instead_of_a_name_is_no_wrong_name(desk):
    someone = _somebody(desk, first_name="Adjoua", case_number="1", language="fr")
    await desk.say("700", _code(desk, someone))
    await desk.say("700", "1")
    assert await desk.say("700", "english") == ["1: english"]
    assert desk.talks[0].name_tries == 0
    assert desk.talks[0].enrolment == "name_asked"


async def test_a_choice_goes_with_the_person_to_every_channel(desk, boy):
    with desk.database.write() as connection:
        known = conversations.find_or_open(connection, "telegram", boy, desk.now)
        other = conversations.find_or_open(connection, "whatsapp", "2250000000009", desk.now)
        conversations.change(
            connection, other.id, person_id=known.person_id, enrolment="confirmed", consent="yes"
        )
    await desk.say(boy, ENGLISH)
    await desk.say(boy, "yes")
    assert {talk.language for talk in desk.talks} == {"en"}


def test_what_can_be_chosen_is_nothing_where_only_the_question_was_open():
    only = [{"key": "1", "title": "Yes", "payload": switching.YES}]
    assert switching.offer_without(only) is None
