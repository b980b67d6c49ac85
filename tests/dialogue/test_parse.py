"""The line protocol of ``python -m bot parse``."""

import json

from bot.dialogue.parse import parse_lines
from bot.safety.flags import RedFlag
from bot.safety.grammar import Grammar
from bot.safety.screen import Screen


class Blows:
    """A layer of the screen that knows one word."""

    def flags(self, *readings):
        said = {word for chart in readings for word in chart.text.words}
        return [RedFlag("violence", "high")] if "frappe" in said else []

    def sees_no_danger(self, *readings):
        return False


SCREEN = Screen(Grammar({}, []), [Blows()])


def test_each_line_gives_one_object_blank_ones_too(small_dialogue):
    lines = ["bonjour\n", "\n", "gnamakoudji\r\n", "je veux apprendre la couture"]
    results = list(parse_lines(small_dialogue, SCREEN, lines))
    assert [json.loads(json.dumps(result)) for result in results] == results
    assert [result["text"] for result in results] == [
        "bonjour",
        "",
        "gnamakoudji",
        "je veux apprendre la couture",
    ]
    assert [result["intent"] for result in results] == [
        "greet",
        "out_of_scope",
        "out_of_scope",
        "ask_training",
    ]
    assert all(0 <= result["confidence"] <= 1 for result in results)
    assert all(
        set(result) == {"text", "language", "intent", "confidence", "entities", "red_flag"}
        for result in results
    )


def test_entities_stand_where_they_were_written(small_dialogue):
    (result,) = parse_lines(small_dialogue, SCREEN, ["/ je veux apprendre la Couture"])
    assert result["entities"] == [{"entity": "trade", "value": "Couture", "start": 23, "end": 30}]


def test_a_flag_stands_beside_the_intent_and_does_not_replace_it(small_dialogue):
    first, second = parse_lines(
        small_dialogue, SCREEN, ["l'argent du mois. mon oncle me frappe", "l'argent du mois"]
    )
    assert first["intent"] == second["intent"] == "ask_payment"
    assert first["red_flag"] == {"category": "violence", "severity": "high"}
    assert second["red_flag"] is None


def test_the_language_is_named_where_it_is_sure(small_dialogue):
    lines = ["je veux apprendre la couture", "I want to learn sewing", "gnamakoudji"]
    results = parse_lines(small_dialogue, SCREEN, lines)
    assert [result["language"] for result in results] == ["fr", "en", None]
