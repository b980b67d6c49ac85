"""The pattern language: what it finds, and what it refuses to read."""

from __future__ import annotations

import pytest

from bot.safety.grammar import Grammar, load_grammar
from bot.safety.pattern import PatternError
from bot.safety.reading import parse
from bot.safety.text import expand

LABELS = {
    "me": ["me", "m"],
    "hit": ["frap*", "tape"],
    "fill": ["a", "encore", "trop"],
    "hits_me": ["<me> <fill>* <hit>"],
}


def _found(pattern: str, message: str) -> list[str]:
    labels = {name: [parse(p) for p in patterns] for name, patterns in LABELS.items()}
    grammar = Grammar({**labels, "it": [parse(pattern)]}, [])
    chart = grammar.chart(expand(message))
    return [
        " ".join(chart.text.words[start:end])
        for start in sorted(chart.starts.get("it", ()))
        for end in sorted(chart.at[start]["it"])
    ]


@pytest.mark.parametrize(
    ("pattern", "message", "found"),
    [
        ("peur", "j'ai peur", ["peur"]),
        ("frap*", "il frappait", ["frappait"]),
        ("<hits_me>", "il m'a encore trop frappé", ["m a encore trop frappe"]),
        ("(ma|mon) oncle", "mon oncle et ma tante", ["mon oncle"]),
        ("(mon)? oncle", "mon oncle", ["mon oncle", "oncle"]),
        ("il .. <hit>", "il me dit tape", ["il me dit tape"]),
        ("il .. <hit>", "il me dit que je suis un tape", []),
        ("il ... <hit>", "il me dit que je suis un tape", ["il me dit que je suis un tape"]),
        ("tape !(le|la)", "tape le code", []),
        ("tape !(le|la)", "tape ton code", ["tape"]),
        ("^ aide $", "aide", ["aide"]),
        ("^ aide $", "une aide", []),
        ("# ans", "il a 12 ans", ["12 ans"]),
        ("prend ###", "il prend 5000, moi 50", ["prend 5000"]),
        ("il tape", "il. tape", []),
        ("il tape", "il, tape", []),
        ("il .. tape", "il, tape", ["il , tape"]),
        ("il tape", "il...\ntape", ["il tape"]),
    ],
)
def test_a_pattern_finds_what_it_says(pattern, message, found):
    assert _found(pattern, message) == found


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("convuls*~", "il a une convultion"),
        ("etrangl*~", "il ma etrengler"),
        ("etrangl*~", "il ma etragnle"),
        ("mourir~", "je veux mourrir"),
        ("secours~", "au secour"),
    ],
)
def test_a_word_marked_so_is_found_misspelt(pattern, message):
    assert _found(pattern, message)


@pytest.mark.parametrize("word", ["convenu", "revient", "trop"])
def test_another_word_is_no_misspelling(word):
    assert not _found("(poison~|convuls*~|violent~)", word)


@pytest.mark.parametrize(
    "pattern",
    [
        "(a|b",
        "a)",
        "<a",
        "mains?",
        "? a",
        "(a|..)",
        "..",
        "(a)? ..",
        "<me>** a",
        "",
    ],
)
def test_a_malformed_pattern_is_refused(pattern):
    with pytest.raises(PatternError):
        parse(pattern)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("labels:\n  a: ['<b>']\n", "b"),
        ("labels:\n  a: ['<b>']\n  b: ['x <a>']\n", "itself"),
        ("labels:\n  a: [é]\n", "folded"),
        ("labels:\n  a: [beau-pere]\n", "folded"),
        ("category: nonsense\nsigns:\n  s:\n    severity: high\n    says: [x]\n", "category"),
        ("category: fear\nsigns:\n  s:\n    severity: worst\n    says: [x]\n", "severity"),
        ("category: fear\nsigns:\n  s:\n    severity: high\n    sais: [x]\n", "sais"),
    ],
)
def test_a_malformed_grammar_is_refused(tmp_path, content, why):
    (tmp_path / "some.yml").write_text(content, encoding="utf-8")
    with pytest.raises(PatternError, match=why):
        load_grammar(tmp_path)


@pytest.mark.parametrize(("word", "heard"), [("vainimeux", True), ("ventre", False)])
def test_a_stem_is_heard_as_it_sounds_inside_a_word(word, heard):
    stem = [parse("venim*~")]
    chart = Grammar({"it": stem}, [], by_ear=stem).chart(expand(word))
    assert chart.has("it") is heard
