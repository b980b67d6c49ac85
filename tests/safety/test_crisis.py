"""Which crisis reply is chosen: the whole table of safeguarding, and what it must never say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.followup.hours import DutyState
from bot.i18n.wording import Wording, load_wording
from bot.safety.crisis import Situation, choose_crisis_reply, choose_helpline
from bot.safety.discretion import betraying_words
from bot.safety.flags import CATEGORIES, RedFlag
from bot.settings import PROJECT

ZONE = ZoneInfo("Africa/Abidjan")
NIGHT = datetime(2026, 3, 4, 22, 40, tzinfo=ZONE)
MORNING = datetime(2026, 3, 5, 8, 0, tzinfo=ZONE)
STATES = {
    state: DutyState(state, NIGHT, MORNING, "Africa/Abidjan")
    for state in ("duty", "on_call", "nobody")
}


@dataclass
class Line:
    number: str
    audience: str
    categories: Sequence[str] = ()
    free: bool = True
    hours: str = "24/7"


CHILDREN = Line("116", "child")
WOMEN = Line("1308", "adult", ("violence", "sexual_abuse"), hours="")
RESCUE = Line("180", "anyone", ("medical_emergency",), hours="")
ANYONE = Line("112", "anyone", free=False)
SITUATION = Situation("tu", True, STATES["duty"], (CHILDREN, WOMEN, RESCUE))


@pytest.fixture(scope="module")
def wording() -> Wording:
    return load_wording(PROJECT)


@pytest.mark.parametrize(
    ("category", "about", "opening"),
    [
        ("violence", "self", "not_your_fault"),
        ("sexual_abuse", "self", "not_your_fault"),
        ("exploitation", "self", "not_your_fault"),
        ("fear", "self", "fear"),
        ("self_harm", "self", "self_harm"),
        ("medical_emergency", "self", "medical_emergency"),
        ("medical_emergency", "someone_else", "medical_emergency"),
        ("basic_needs", "self", "basic_needs"),
        ("missing_child", "someone_else", "missing_child"),
        ("violence", "someone_else", "someone_else"),
        ("sexual_abuse", "someone_else", "someone_else"),
        ("self_harm", "someone_else", "someone_else"),
        ("fear", "someone_else", "someone_else"),
        ("exploitation", "working_child", "working_child"),
    ],
)
@pytest.mark.parametrize("severity", ["critical", "high"])
def test_the_opening_says_what_helps_in_this_case(category, about, opening, severity):
    reply = choose_crisis_reply(RedFlag(category, severity, about), SITUATION)
    assert reply.lines[0][0] == f"utter_crisis_opening_{opening}"


@pytest.mark.parametrize(
    ("duty", "line", "values"),
    [
        ("duty", "utter_crisis_time_duty", set()),
        ("on_call", "utter_crisis_time_on_call", {"now"}),
        ("nobody", "utter_crisis_time_nobody", {"now", "opening"}),
    ],
)
def test_it_says_honestly_who_comes_and_when(duty, line, values):
    reply = choose_crisis_reply(RedFlag("fear", "high"), replace(SITUATION, duty=STATES[duty]))
    name, given = reply.lines[1]
    assert (name, set(given)) == (line, values)


@pytest.mark.parametrize(
    ("flag", "child", "lines", "number"),
    [
        (RedFlag("violence", "critical"), True, (CHILDREN, WOMEN), "116"),
        (RedFlag("violence", "critical"), False, (CHILDREN, WOMEN), "1308"),
        (RedFlag("violence", "critical"), None, (CHILDREN, WOMEN), "116"),
        (RedFlag("self_harm", "critical"), False, (CHILDREN, WOMEN), None),
        # A mother about her child.
        (RedFlag("violence", "critical", "someone_else"), False, (CHILDREN, WOMEN), "116"),
        (RedFlag("exploitation", "high", "working_child"), False, (CHILDREN, WOMEN), "116"),
        (RedFlag("medical_emergency", "critical"), False, (CHILDREN, RESCUE), "180"),
        (RedFlag("fear", "high"), False, (CHILDREN, ANYONE), "112"),
        (RedFlag("fear", "high"), True, (ANYONE, CHILDREN), "116"),
        (RedFlag("fear", "high"), True, (), None),
    ],
)
def test_the_number_fits_whom_the_danger_concerns(flag, child, lines, number):
    line = choose_helpline(flag, replace(SITUATION, child=child, helplines=lines))
    assert (line.number if line else None) == number


@pytest.mark.parametrize(
    ("line", "response"),
    [
        (CHILDREN, "utter_crisis_number_free_always"),
        (replace(CHILDREN, hours="8 h - 18 h"), "utter_crisis_number_free"),
        (replace(CHILDREN, free=False), "utter_crisis_number_paid_always"),
        (replace(CHILDREN, free=False, hours=""), "utter_crisis_number_paid"),
        (None, "utter_crisis_number_none"),
    ],
)
def test_a_number_is_called_free_or_always_open_only_where_it_is(line, response):
    lines = (line,) if line else ()
    reply = choose_crisis_reply(RedFlag("fear", "high"), replace(SITUATION, helplines=lines))
    assert response in [name for name, _ in reply.lines]


def test_a_missing_child_is_told_to_the_police_after_the_first_lines():
    reply = choose_crisis_reply(RedFlag("missing_child", "critical", "someone_else"), SITUATION)
    names = [name for name, _ in reply.lines]
    assert names.index("utter_crisis_tell_police") >= 2


@pytest.mark.parametrize("form", ["tu", "vous"])
@pytest.mark.parametrize("duty", STATES)
@pytest.mark.parametrize("about", ["self", "someone_else", "working_child"])
@pytest.mark.parametrize("category", CATEGORIES)
def test_a_locked_screen_shows_nothing_of_it(wording, category, about, duty, form):
    situation = replace(SITUATION, form=form, duty=STATES[duty])
    reply = choose_crisis_reply(RedFlag(category, "critical", about), situation)
    said = [wording.say(name, "fr", reply.form, **values) for name, values in reply.lines]
    text = "\n".join(part.text for part in said)
    assert betraying_words(text) == []
    assert [title for _, title, _ in said[-1].choices] == [
        "Une personne",
        "Effacer d'ici",
        "Mal compris",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour, c'est l'assistante sociale",
        "Il ne doit pas te frapper",
        "La police vient demain",
        "Le centre Akoma t'attend",
        "You are a victim of abuse",
        "The social worker comes at noon",
    ],
)
def test_words_that_betray_are_found_where_a_screen_shows_them(text):
    assert betraying_words(text)
    assert betraying_words("." * 120 + text) == []


@pytest.mark.parametrize(
    "text", ["Bonjour. Il y a une réponse pour vous.", "Merci de ton message."]
)
def test_a_neutral_line_betrays_nothing(text):
    assert betraying_words(text) == []
