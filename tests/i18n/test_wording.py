"""From the name of a response and typed values to what a person reads."""

import pytest

from bot.i18n.catalogs import Catalogs
from bot.i18n.wording import UnknownResponse, Wording, load_wording
from bot.settings import PROJECT
from tests.i18n.conftest import entry, write_catalog

PAID = "{whom} : {amount} le {day}."
VALUES = {
    "whom": {"say": "utter_own", "month": {"month": "2026-11-01"}},
    "amount": {"money": "25000", "currency": "XOF"},
    "day": {"date": "2026-11-04"},
}
IN_FRENCH = "Pour novembre\u00a0: 25\u00a0000\u00a0F CFA le 4 novembre."
IN_ENGLISH = "For November: 25,000\u00a0F CFA on 4 November."
DRAFT = "#, fuzzy"


@pytest.fixture
def say(project):
    """Give a function that words a response with catalogs of the given entries."""

    def said(name, language, form="tu", *, catalogs=None, **values):
        for code, text in (catalogs or {}).items():
            write_catalog(project, code, text)
        return load_wording(project).say(name, language, form, **values)

    return said


def test_tu_and_vous(say):
    assert say("utter_greet", "fr").text == "Bonjour, tu choisis\u00a0:"
    assert say("utter_greet", "fr", "vous").text == "Bonjour, vous choisissez\u00a0:"


def test_a_response_without_a_vous_form_is_the_same_for_both(say):
    assert say("utter_paid", "fr", "vous", **VALUES).text == IN_FRENCH


def test_each_form_has_a_translation_of_its_own(say):
    english = entry("utter_greet", "Bonjour, tu choisis :", "Hi, choose:")
    english += entry("utter_greet|vous", "Bonjour, vous choisissez :", "Hello, choose:")
    assert say("utter_greet", "en", catalogs={"en": english}).text == "Hi, choose:"
    assert say("utter_greet", "en", "vous").text == "Hello, choose:"


def test_choices_have_keys_titles_and_payloads(say):
    english = entry("utter_greet|button", "Oui", "Yes")
    assert say("utter_greet", "en", catalogs={"en": english}).choices == (
        ("1", "Yes", "/affirm"),
        ("5", "Non", "/deny"),
    )


def test_values_and_responses_inside_are_said_in_the_persons_language(say):
    english = entry("utter_own", "Pour {month}", "For {month}")
    english += entry("utter_paid", PAID, "{whom}: {amount} on {day}.")
    assert say("utter_paid", "fr", catalogs={"en": english}, **VALUES).text == IN_FRENCH
    assert say("utter_paid", "en", **VALUES).text == IN_ENGLISH


def test_what_is_not_translated_is_said_in_the_fall_back(say):
    english = entry("utter_greet|button", "Oui", "Yes")
    titles = [title for _, title, _ in say("utter_greet", "ak", catalogs={"en": english}).choices]
    assert titles == ["Yes", "Non"]
    assert say("utter_greet", "dyu").choices[0][1] == "Oui"
    assert say("utter_greet", "xx").text == "Bonjour, tu choisis\u00a0:"


def test_a_draft_is_shown_with_its_fall_back_line(say):
    draft = entry("utter_greet", "Bonjour, tu choisis :", "Brouillon de bonjour :", DRAFT)
    said = say("utter_greet", "dyu", catalogs={"dyu": draft})
    assert said.text == "Brouillon de bonjour\u00a0:\n(Bonjour, tu choisis\u00a0:)"


def test_the_fall_back_line_is_whole_and_in_its_own_language(say):
    english = entry("utter_own", "Pour {month}", "For {month}")
    english += entry("utter_paid", PAID, "{whom}: {amount} on {day}.")
    draft = entry("utter_own", "Pour {month}", "[ak] {month}", DRAFT)
    draft += entry("utter_paid", PAID, "[ak] {whom}, {amount}, {day}.")
    said = say("utter_paid", "ak", catalogs={"en": english, "ak": draft}, **VALUES)
    assert said.text == (f"[ak] [ak] November, 25,000\u00a0F CFA, 4 November.\n({IN_ENGLISH})"), (
        "a draft inside makes the sentence one, and it has one line beneath"
    )


def test_a_language_is_spaced_like_its_locale(say):
    draft = entry("utter_greet", "Bonjour, tu choisis :", "Awɔ wa ?", DRAFT)
    said = say("utter_greet", "dyu", catalogs={"dyu": draft})
    assert said.text.startswith("Awɔ wa\u00a0?\n")


def test_a_draft_button_stays_on_one_line(say):
    draft = entry("utter_greet|button", "Oui", "Awɔ", DRAFT)
    assert say("utter_greet", "dyu", catalogs={"dyu": draft}).choices[0][1] == "Awɔ (Oui)"


@pytest.mark.parametrize(
    "broken", ["{nobody}: {amount}", "{whom", "{0}", "{whom!z}", "{whom.x}", "{whom[x]}"]
)
def test_a_broken_translation_never_silences_a_reply(say, broken):
    english = entry("utter_paid", PAID, broken)
    values = {"whom": "Awa", "amount": "1", "day": "2"}
    assert say("utter_paid", "en", catalogs={"en": english}, **values).text == "Awa\u00a0: 1 le 2."


def test_a_missing_value_is_an_error_of_the_code(say):
    with pytest.raises(KeyError):
        say("utter_own", "fr")


def test_text_of_people_is_not_read_as_a_placeholder(say):
    assert say("utter_own", "fr", month="{whom} 100 %").text == "Pour {whom} 100 %"


def test_an_unknown_response_is_an_error(say):
    with pytest.raises(UnknownResponse, match="utter_nothing"):
        say("utter_nothing", "fr")


def test_wording_needs_no_files_for_its_responses(project):
    wording = Wording({"utter_ok": [{"text": "OK"}]}, Catalogs(project / "locales"))
    assert wording.say("utter_ok", "en", "vous").text == "OK"


@pytest.mark.parametrize(
    ("language", "said"), [("fr", "Couture"), ("en", "Sewing"), ("ak", "Sewing"), ("dyu", "Kalali")]
)
def test_what_staff_wrote_is_said_in_the_own_language_or_what_stands_in(language, said):
    wording = load_wording(PROJECT)
    title = {"own": {"fr": "Couture", "en": "Sewing", "dyu": "Kalali"}}

    assert wording.value(title, language, "tu") == said
    line = wording.say("utter_training_status_following", language, "tu", title=title)
    assert line.text.startswith(said)
