"""What a recorded voice says, and which messages have one."""

from typing import Any

import pytest

from bot.i18n.catalogs import Catalogs, Translation
from bot.i18n.speech import lines_of, said_on_request, voice_names, words_of
from bot.i18n.wording import Wording, load_wording
from bot.settings import PROJECT

RESPONSES: dict[str, list[dict[str, Any]]] = {
    "utter_menu": [
        {
            "text": "Que veux-tu faire ? 🙂",
            "metadata": {"vous": "Que voulez-vous faire ?"},
            "buttons": [
                {"title": "L'école", "payload": "/a"},
                {"title": "Fini", "key": "0", "payload": "/b"},
            ],
        }
    ],
    "utter_retain": [{"text": "Bonjour 👋 Retiens : 9 = danger."}],
    "utter_amount": [{"text": "Il y a {amount}."}],
    "utter_enrolled": [{"text": "Bienvenue, {name}.", "metadata": {"spoken": "Bienvenue."}}],
    "utter_faces": [{"text": "Ça va ?", "buttons": [{"title": "😀", "payload": "/c"}]}],
    "utter_quick_exit": [{"text": "👋"}],
    "utter_label_yes": [{"text": "Oui"}],
    "utter_crisis_opening_fear": [{"text": "Merci."}],
    "utter_crisis_number_free": [
        {
            "text": "Pour parler : {number}.",
            "metadata": {"spoken": "Le numéro :", "spoken_then": "number"},
        }
    ],
    "utter_crisis_time_nobody": [
        {
            "text": "Il est {now}. Réponse {opening}.",
            "metadata": {"spoken": "Une personne répond :", "spoken_then": "opening"},
        }
    ],
    "utter_crisis_choices": [
        {"text": "8 = une personne.", "buttons": [{"title": "Mal compris", "payload": "/d"}]}
    ],
}


@pytest.fixture
def catalogs(tmp_path):
    """Give French, and Twi with one sentence of its own, a draft."""
    (tmp_path / "languages.yml").write_text(
        "fr: {name: Français, locale: fr_CI}\nak: {name: Twi, locale: en_GH, fallback: fr}\n"
    )
    folder = tmp_path / "ak" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
        '#, fuzzy\nmsgctxt "utter_enrolled|spoken"\nmsgid "Bienvenue."\nmsgstr "Akwaaba."\n'
    )
    return Catalogs(tmp_path)


def test_what_has_values_or_only_pictures_or_is_a_part_has_no_voice():
    assert voice_names(RESPONSES) == (
        "utter_menu",
        "utter_menu.vous",
        "utter_retain",
        "utter_enrolled",
        "utter_crisis_opening_fear",
        "utter_crisis_number_free",
        "utter_crisis_time_nobody",
        "utter_crisis_choices",
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("utter_menu", "Que veux-tu faire ?\n1 : L'école\n0 : Fini"),
        ("utter_menu.vous", "Que voulez-vous faire ?\n1 : L'école\n0 : Fini"),
        ("utter_retain", "Bonjour. Retiens : 9 : danger."),
        ("utter_enrolled", "Bienvenue."),
        ("utter_crisis_opening_fear", "Merci."),
        ("utter_crisis_number_free", "Le numéro :"),
        ("utter_crisis_choices", "8 : une personne.\n1 : Mal compris"),
    ],
)
def test_it_says_the_sentence_and_its_choices_without_pictures(catalogs, name, words):
    assert words_of(RESPONSES, catalogs, name, "fr").text == words


def test_it_says_a_languages_own_words_or_those_that_stand_in(catalogs):
    assert words_of(RESPONSES, catalogs, "utter_enrolled", "ak") == Translation(
        "Akwaaba.", draft=True, language="ak"
    )
    assert words_of(RESPONSES, catalogs, "utter_retain", "ak").language == "fr"


def test_the_wording_tells_which_voice_says_a_message(catalogs):
    wording = Wording(RESPONSES, catalogs)

    assert wording.say("utter_menu", "ak", "vous").voice == "ak/utter_menu.vous"
    assert wording.say("utter_retain", "fr", "vous").voice == "fr/utter_retain"
    assert wording.say("utter_enrolled", "fr", "tu", name="Awa").voice == "fr/utter_enrolled"
    assert wording.say("utter_amount", "fr", "tu", amount="x").voice == ""


def test_a_number_is_said_digit_by_digit(catalogs):
    said = Wording(RESPONSES, catalogs).say("utter_crisis_number_free", "ak", "tu", number="18 0")

    digits = "utter_said_digit_1+utter_said_digit_8+utter_said_digit_0"
    assert said.voice == f"ak/utter_crisis_number_free+{digits}"
    assert lines_of(f"{said.voice},fr/utter_menu") == [
        ("ak", ["utter_crisis_number_free", *digits.split("+")]),
        ("fr", ["utter_menu"]),
    ]


@pytest.mark.parametrize(
    ("opening", "said"),
    [
        ("2026-11-30T08:00:00+00:00", "+utter_said_day_1+utter_said_hour_8"),
        ("2026-11-28T07:30:00+00:00", "+utter_said_day_6+utter_said_hour_7+utter_said_half"),
        # An hour for which there is no voice: the day alone.
        ("2026-11-28T07:10:00+00:00", "+utter_said_day_6"),
        ("2026-11-28T20:00:00+00:00", "+utter_said_day_6"),
    ],
)
def test_the_day_and_the_hour_of_an_answer_are_said(catalogs, opening, said):
    assert _nobody_until(catalogs, opening) == f"fr/utter_crisis_time_nobody{said}"


def test_a_day_that_could_be_mistaken_for_another_is_not_said(catalogs):
    assert _nobody_until(catalogs, "2026-12-04T08:00:00+00:00") == ""


def _nobody_until(catalogs, opening):
    zone = {"timezone": "Africa/Abidjan"}
    values = {
        "now": {"moment": "2026-11-27T22:40:00+00:00", **zone, "show": "hour"},
        "opening": {"moment": opening, **zone},
    }
    return Wording(RESPONSES, catalogs).say("utter_crisis_time_nobody", "fr", "tu", **values).voice


@pytest.mark.parametrize(
    ("reference", "asked"),
    [
        ("fr/utter_crisis_opening_fear.vous", True),
        ("utter_checkin_week", True),
        ("dyu/utter_complaint_hidden", True),
        ("fr/utter_menu", False),
        ("fr/utter_crisis_opening_fear,fr/utter_menu", True),
    ],
)
def test_wellbeing_danger_and_complaints_are_heard_when_asked_for(reference, asked):
    assert said_on_request(reference) is asked


def test_no_voice_of_ours_fills_in_values():
    wording = load_wording(PROJECT)
    names = voice_names(wording.responses)
    words = [words_of(wording.responses, wording.catalogs, name, "fr").text for name in names]

    assert {"utter_menu", "utter_welcome_code.vous", "utter_voice_received"} <= set(names)
    # What is told with values is said in general words.
    assert {"utter_payment_sent", "utter_appointment.vous", "utter_aid_requested"} <= set(names)
    assert {name for name in wording.responses if name.startswith("utter_crisis_")} <= {
        name.partition(".")[0] for name in names
    }
    assert not any("{" in text for text in words)
    assert all(len(name) <= 60 for name in names)


def test_whatever_is_told_can_be_heard():
    """Told with values, too: courses and kinds of help, what became of them, what was heard."""
    responses = load_wording(PROJECT).responses
    heard = {name.partition(".")[0] for name in voice_names(responses)}
    apart = ("utter_staff_", "utter_canned_", "utter_label_", "utter_by_", "utter_human_")
    lists = ("utter_numbered_", "utter_bulleted_")
    silent = {name for name in responses if not name.startswith((*apart, *lists))} - heard

    # Parts of other sentences, and a hand that waves.
    assert silent == {
        *("utter_appointment_call", "utter_appointment_health", "utter_appointment_office"),
        *("utter_appointment_visit", "utter_notice", "utter_the_team"),
        *("utter_training_any_time", "utter_training_one_place", "utter_training_places"),
        *("utter_training_line", "utter_training_starts", "utter_aid_line", "utter_quick_exit"),
        *("utter_payment_for_own", "utter_payment_for_child"),
    }
