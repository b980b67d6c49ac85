"""What the assistant says and does is whole: nothing is missing, left over, or betraying."""

import json
import re

import pytest
import yaml

from bot.followup.answers import read_choice, read_score
from bot.i18n.wording import load_responses
from bot.settings import PROJECT

DOMAIN = yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))
RESPONSES = load_responses(PROJECT / "domain.yml")
RULES = yaml.safe_load((PROJECT / "nlu" / "rules.yml").read_text(encoding="utf-8"))["rules"]
CODE = "\n".join(
    path.read_text(encoding="utf-8")
    for top in ("bot", "actions")
    for path in sorted((PROJECT / top).rglob("*.py"))
)

TAXONOMY = [
    *("greet", "goodbye", "thank", "affirm", "deny", "ask_help", "bot_challenge"),
    *("change_language", "report_good", "report_bad", "report_sick", "start_checkin"),
    *("ask_training", "ask_training_status", "report_absence", "ask_work", "ask_school"),
    *("ask_aid", "ask_aid_status", "ask_documents", "ask_shelter", "ask_health_care"),
    *("ask_payment", "report_payment_problem", "ask_appointment", "reschedule_appointment"),
    *("ask_family_contact", "update_contact", "wrong_person", "talk_to_human"),
    *("complain_staff", "ask_privacy", "delete_my_data", "stop_messages"),
    *("report_other_child", "report_danger", "out_of_scope"),
]
# Only our own buttons mean these.
INTERNAL = {
    "answer_payment",
    "choose",
    "complaint_hide",
    "more_choices",
    "nlu_fallback",
    "pick_aid",
    "pick_programme",
}
# Handled by the delivery room, which is asked before the dialogue.
DOOR = {
    "consent_more",
    "consent_no",
    "consent_yes",
    "crisis_erase",
    "crisis_misunderstood",
    "language_no",
    "language_yes",
    "listen_yes",
    "nine_no",
    "nine_yes",
    "read_answer",
    "write_again_no",
    "write_again_yes",
}
# Five faces; three languages, with the way to the others and to the voice beneath.
MANY_CHOICES = {"utter_checkin_week", "utter_checkin_sleep", "utter_languages"}
RESERVED_KEYS = {"7", "8", "9"}
# Names that stand in code without being responses.
NO_RESPONSES = {"utter_action", "utter_name"}


def _texts(name):
    response = RESPONSES[name][0]
    return [response["text"], *filter(None, [(response.get("metadata") or {}).get("vous")])]


def _buttons():
    for name, variants in RESPONSES.items():
        for button in variants[0].get("buttons", ()):
            yield name, button


def _static_payloads():
    return [button["payload"] for _, button in _buttons()]


def _rules_by_intent():
    rules = {}
    for rule in RULES:
        first = rule["steps"][0]
        if "intent" in first:
            rules[first["intent"]] = [s["action"] for s in rule["steps"] if "action" in s]
    return rules


def test_the_intents_are_the_taxonomys_and_our_buttons():
    assert set(DOMAIN["intents"]) == set(TAXONOMY) | INTERNAL


def test_every_intent_is_answered():
    rules = _rules_by_intent()
    assert set(rules) == set(DOMAIN["intents"])
    assert all(actions for actions in rules.values())


def test_every_form_is_concluded():
    concluded = {rule["condition"][0]["active_loop"] for rule in RULES if "condition" in rule}
    assert concluded == set(DOMAIN["forms"])


def test_every_question_of_a_form_has_its_words():
    known = set(DOMAIN["actions"]) | set(RESPONSES)
    for form, asked in DOMAIN["forms"].items():
        for slot in asked["required_slots"]:
            ways = {
                f"{kind}_ask_{middle}{slot}"
                for kind in ("action", "utter")
                for middle in ("", f"{form}_")
            }
            assert ways & known, f"{form} cannot ask for {slot}"


def test_every_action_has_a_class_and_every_class_an_action():
    import actions
    from bot.dialogue.endpoint import find_actions

    assert {action.name() for action in find_actions(actions)} == set(DOMAIN["actions"])


def test_rules_call_what_exists():
    called = {action for actions in _rules_by_intent().values() for action in actions}
    for name in called - {"action_deactivate_loop"}:
        assert name in RESPONSES or name in DOMAIN["actions"], name


def test_every_response_named_in_code_exists():
    named = set(re.findall(r'"(utter_[a-z_]+[a-z])"', CODE))
    assert named - NO_RESPONSES <= set(RESPONSES)


def test_every_response_is_used():
    """A name stands in code, in a rule, begins like an f-string there, or asks for a slot."""
    named = set(re.findall(r"\b(utter_[a-z_]+[a-z])\b", CODE))
    beginnings = tuple(set(re.findall(r"(utter_[a-z_]+_)\{", CODE)))
    in_rules = {action for actions in _rules_by_intent().values() for action in actions}
    by_kind = {f"{name}_caregiver" for name in ("utter_menu", "utter_enrolled")}
    slots = {slot for form in DOMAIN["forms"].values() for slot in form["required_slots"]}
    for name in set(RESPONSES) - named - in_rules - by_kind:
        asks = name.startswith("utter_ask_") and any(name.endswith(slot) for slot in slots)
        assert asks or name.startswith(beginnings), f"{name} is never said"


def test_every_button_means_something():
    means = set(DOMAIN["intents"]) | DOOR
    payloads = _static_payloads() + re.findall(r"'(/\w+)(?:\{[^']*)?'", CODE)
    for payload in payloads:
        if payload.startswith("/"):
            assert payload[1:].partition("{")[0] in means, payload


def test_what_buttons_carry_is_declared():
    carried = [json.loads(p[p.index("{") :]) for p in _static_payloads() if "{" in p]
    names = {name for values in carried for name in values}
    for values in re.findall(r"'/\w+\{+(.*?)\}+'", CODE):
        names |= set(re.findall(r'"(\w+)":', values))
    assert names <= set(DOMAIN["entities"])


def test_choices_are_few_and_leave_the_reserved_digits_alone():
    for name, variants in RESPONSES.items():
        buttons = variants[0].get("buttons", ())
        assert len(buttons) <= 3 or name in MANY_CHOICES, name
        keys = [button.get("key", str(place)) for place, button in enumerate(buttons, start=1)]
        assert not RESERVED_KEYS & set(keys), name
        assert len(set(keys)) == len(keys), name


def test_what_actions_put_on_buttons_is_a_label():
    """What a label must be, and all other words, is read by ``bot.delivery.proofreading``."""
    named = re.findall(r'"title_response": f?"(\w+)', CODE)
    assert named
    assert all(name.startswith("utter_label_") for name in named)


def test_every_topic_that_can_be_guessed_has_a_short_name():
    from actions.human import _DELICATE, _NO_GUESS

    for intent in set(TAXONOMY) - _DELICATE - _NO_GUESS:
        assert f"utter_label_{intent}" in RESPONSES


@pytest.mark.parametrize("name", RESPONSES)
def test_both_forms_of_address_carry_the_same_values(name):
    tu, *vous = _texts(name)
    for text in vous:
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", tu)), name


def test_what_a_button_says_is_understood_when_typed():
    tables = {"workshop": "workshop", "wants_contact": "contact"}
    for name, button in _buttons():
        asked = re.search(r'"question": "(\w+)", "answer": "(\w+)"', button["payload"])
        if asked is None:
            continue
        question, answer = asked.groups()
        title = button["title"]
        table = tables.get(question)
        heard = read_score(title) if table is None else read_choice(table, title)
        assert heard is not None, name
        assert heard.value == answer, name


def test_payments_answers_are_understood_when_typed():
    for question, answers in (
        ("receipt", ("received", "not_received", "wrong_amount")),
        ("cause", ("at_withdrawal", "someone_took", "unknown")),
    ):
        for answer in answers:
            (title,) = _texts(f"utter_label_{answer}")
            heard = read_choice(question, title)
            assert heard is not None, title
            assert heard.value == answer
