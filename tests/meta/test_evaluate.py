"""The figures of ``make evaluate`` are right: checked on made-up pairs small enough to count."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.review.overlap import is_short, overlapping
from bot.safety.examples import Example
from bot.safety.flags import RedFlag
from tests.evaluate import entities, flags, intents
from tests.evaluate.entities import Extracted, Span, read_marked
from tests.evaluate.flags import Screened
from tests.evaluate.intents import Recognised
from tests.evaluate.measure import Outcome, Polite, Speed, one_after_the_other
from tests.evaluate.misses import list_misses
from tests.evaluate.overlap import intent_examples, training_texts
from tests.evaluate.report import BEGIN, END, Level, replace_measured, show_figures
from tests.evaluate.shares import Share
from tests.evaluate.strangers import show_strangers

CRITICAL = RedFlag("violence", "critical")
HIGH = RedFlag("violence", "high")
NORMAL = RedFlag("violence", "normal")
OTHER = RedFlag("fear", "critical")


def screened(*pairs: tuple[RedFlag | None, RedFlag | None]) -> list[Screened]:
    return [Screened(f"message {n}", expected, got) for n, (expected, got) in enumerate(pairs)]


def recognised(*triples: tuple[str, str, float]) -> list[Recognised]:
    return [Recognised(f"message {n}", *triple) for n, triple in enumerate(triples)]


@pytest.mark.parametrize(
    ("expected", "got", "found", "fault"),
    [
        (CRITICAL, CRITICAL, True, None),
        (CRITICAL, HIGH, True, "not severe enough"),
        (CRITICAL, NORMAL, False, "missed"),
        (CRITICAL, None, False, "missed"),
        (CRITICAL, OTHER, True, "category"),
        (HIGH, CRITICAL, True, "too severe"),
        (HIGH, OTHER, True, "too severe"),
        (HIGH, NORMAL, False, "missed"),
        (NORMAL, NORMAL, True, None),
        (NORMAL, HIGH, True, "over-alarm"),
        (NORMAL, None, False, "missed"),
        (None, None, False, None),
        (None, NORMAL, False, "needless task"),
        (None, HIGH, False, "false alarm"),
    ],
)
def test_a_flag_is_judged_by_what_it_sets_off(expected, got, found, fault):
    case = Screened("a message", expected, got)
    assert case.found is found
    assert case.fault == fault


def test_recall_is_counted_by_severity_and_by_category():
    cases = screened((CRITICAL, HIGH), (CRITICAL, None), (OTHER, OTHER), (NORMAL, NORMAL))
    assert flags.found(cases) == Share(3, 4)
    assert flags.found(flags.of_severity(cases, "critical")) == Share(2, 3)
    assert flags.found(flags.of_category(cases, "violence")) == Share(2, 3)
    assert flags.exactly(cases, "critical") == Share(1, 3)


def test_category_and_severity_are_counted_among_the_flagged_dangers_alone():
    cases = screened((CRITICAL, OTHER), (CRITICAL, HIGH), (HIGH, None), (None, HIGH))
    assert flags.category_right(cases) == Share(1, 2)
    assert flags.severity_right(cases) == Share(1, 2)


def test_alarms_begin_at_high_and_tasks_are_counted_apart():
    cases = screened((None, None), (None, NORMAL), (None, HIGH), (None, CRITICAL))
    assert flags.alarms(cases) == Share(2, 4)
    assert flags.tasks(cases) == Share(1, 4)


def test_harmless_messages_are_screened_behind_the_one_before_that_was_quiet():
    def screen(text, earlier):
        return HIGH if (earlier, text) == (["riz"], "thé") else None

    rice, tea = Screened("riz", None, None), Screened("thé", None, None)
    messages = [rice, Screened("feu", None, HIGH), tea, rice]
    assert one_after_the_other(messages, screen) == (
        Screened("riz / thé", None, HIGH),
        Screened("thé / riz", None, None),
    )


def test_macro_f1_gives_each_intent_the_same_weight():
    # greet: precision 3/4, recall 3/3, F1 6/7; thank: precision 1/1, recall 1/2, F1 2/3.
    cases = recognised(
        *[("greet", "greet", 1.0)] * 3, ("thank", "thank", 1.0), ("thank", "greet", 1.0)
    )
    assert intents.macro_f1(cases) == pytest.approx((6 / 7 + 2 / 3) / 2)
    assert intents.accuracy(cases) == Share(4, 5)
    assert [score.name for score in intents.intent_scores(cases)] == ["thank", "greet"]
    assert intents.taken_for(cases, "thank") == Counter({"greet": 1})
    assert intents.taken_for(cases, "greet") == Counter()


def test_an_intent_never_given_has_no_f1():
    cases = recognised(("greet", "thank", 1.0), ("thank", "thank", 1.0))
    assert [score.f1 for score in intents.intent_scores(cases)] == [0, pytest.approx(2 / 3)]


def test_out_of_scope_is_wrong_only_where_something_was_meant():
    cases = recognised(
        ("greet", "out_of_scope", 0.2),
        ("greet", "greet", 0.9),
        ("out_of_scope", "out_of_scope", 0.9),
    )
    assert intents.given_up(cases) == Share(1, 2)
    assert intents.named(cases) == [cases[1]]


def test_calibration_error_is_how_far_confidence_is_from_being_right():
    sure_and_right = recognised(*[("greet", "greet", 1.0)] * 4)
    sure_and_half_right = recognised(*[("greet", "greet", 1.0), ("greet", "thank", 1.0)] * 2)
    half_sure_and_half_right = recognised(("greet", "greet", 0.55), ("greet", "thank", 0.55))
    assert intents.calibration_error(sure_and_right) == 0
    assert intents.calibration_error(sure_and_half_right) == 0.5
    assert intents.calibration_error(half_sure_and_half_right) == pytest.approx(0.05)


def test_opposite_errors_of_confidence_do_not_cancel_out():
    cases = recognised(("greet", "greet", 0.0), ("greet", "thank", 1.0))
    assert intents.calibration_error(cases) == 1


def test_figures_of_nothing_are_zero():
    assert intents.macro_f1([]) == intents.calibration_error([]) == Share(0, 0).value == 0


def test_a_level_is_reached_at_its_bound():
    assert Level(0.95).reached(0.95)
    assert not Level(1).reached(0.999)
    assert Level(0.05, most=True).reached(0.05)
    assert not Level(0.05, most=True).reached(0.051)


@pytest.fixture
def outcome() -> Outcome:
    """Give one danger missed, one false alarm, one wrong intent, one entity missed."""
    return Outcome(
        intents=tuple(recognised(("greet", "greet", 0.9), ("thank", "greet", 0.61))),
        of_strangers=tuple(recognised(("greet", "greet", 0.9), ("deny", "out_of_scope", 0.3))),
        by_ear=(
            Recognised("mersi", "thank", "out_of_scope", 0.3),
            Recognised("bojou", "greet", "greet", 0.8),
            Recognised("wé", "affirm", "greet", 0.52),
        ),
        dangers=tuple(screened((CRITICAL, CRITICAL), (HIGH, None))),
        everyday=(Screened("a|b *c*", None, HIGH),),
        hard=(Screened("calm", None, None),),
        ordinary=(Screened("pluie", None, HIGH), Screened("mil", None, None)),
        together=(Screened("riz / thé", None, HIGH), Screened("thé / riz", None, NORMAL)),
        entities=(Extracted("à Man", (Span(2, 5, "place"),), ()),),
        polite=Polite(
            intents=(
                Recognised("bjr le kit svp", "ask_aid", "ask_aid", 0.9),
                Recognised("slt un lit merci", "ask_shelter", "thank", 0.7),
            ),
            dangers=(
                Screened("bjr il frappe svp", CRITICAL, CRITICAL),
                Screened("cc il me suit merci", HIGH, NORMAL),
                Screened("yo il mord mrc", HIGH, HIGH),
            ),
            ordinary=(
                Screened("bsr le feu merci", None, HIGH),
                Screened("bsr le thé merci", None, NORMAL),
            ),
        ),
    )


def test_the_report_marks_what_is_below_its_level(outcome):
    speed = Speed(median=1.23, slow=4.56)
    figures = show_figures(
        {"fr": outcome},
        speed,
        speed,
        0.6789,
        "| layers |",
        "| strangers |",
        "akoma-1.tar.gz",
        ["stop", "où est maman"],
    )
    assert "| layers |" in figures
    assert "| strangers |" in figures
    assert "2 of the messages also stand in the training data, 1 of them with more than" in figures
    assert "| critical: alarm raised | 100.0 % (1 of 1) | 100 % |" in figures
    assert "| high: alarm raised | 0.0 % (0 of 1) ✗ | 98 % |" in figures
    assert "| everyday messages: false alarm | 100.0 % (1 of 1) ✗ | at most 1 % |" in figures
    assert "| hard negatives: false alarm | 0.0 % (0 of 1) | at most 5 % |" in figures
    assert "| thank | 0.0 % | 0 of 1 | 0 of 0 | greet 1 |" in figures
    assert (
        "| messages of strangers that are no danger: false alarm | 50.0 % (1 of 2) ✗ |" in figures
    )
    assert "| two of them within a minute, alone none: false alarm | 50.0 % (1 of 2) ✗" in figures
    assert "| by strangers: macro-F1 | 50.0 % ✗ | 93 %, 92 % |" in figures
    assert "| by strangers: accuracy | 50.0 % (1 of 2) |" in figures
    assert "| by strangers: wrongly answered out_of_scope | 50.0 % (1 of 2) |" in figures
    assert "| by strangers: taken for another | 0.0 % (0 of 2) |" in figures
    assert "| written by ear: accuracy | 33.3 % (1 of 3) |" in figures
    assert "| written by ear: wrongly answered out_of_scope | 33.3 % (1 of 3) |" in figures
    assert "| written by ear: taken for another | 33.3 % (1 of 3) |" in figures
    assert "| understood ones, courtesies around: accuracy | 50.0 % (1 of 2) |" in figures
    assert "| dangers seen: seen with courtesies around too | 66.7 % (2 of 3) |" in figures
    assert (
        "| messages of strangers, no alarm: an alarm with courtesies around | 50.0 % (1 of 2) |"
    ) in figures
    assert "| place | 0.0 % (0 of 1) | 0.0 % (0 of 0) |" in figures
    assert "| understanding | 1.2 ms | 4.6 ms |" in figures
    assert "Loading the safety screen: 0.68 s." in figures


def test_every_miss_is_listed_and_nothing_else(outcome):
    listed = list_misses({"fr": outcome})
    assert "| missed | violence high | none | message 1 |" in listed
    assert r"| false alarm | none | violence high | a\|b \*c\* |" in listed
    assert "| thank | greet | 0.61 | message 1 |" in listed
    assert "| deny | out_of_scope | 0.30 | message 1 |" in listed
    assert "| affirm | greet | 0.52 | wé |" in listed
    assert "| false alarm | none | violence high | pluie |" in listed
    assert "| false alarm | none | violence high | riz / thé |" in listed
    assert "| ask_shelter | thank | 0.70 | slt un lit merci |" in listed
    assert "| missed | violence high | violence normal | cc il me suit merci |" in listed
    assert "| false alarm | none | violence high | bsr le feu merci |" in listed
    assert "| place Man |  | à Man |" in listed
    assert "message 0" not in listed
    assert "calm" not in listed
    assert "mil" not in listed
    assert "thé / riz" not in listed
    for right in ("le kit", "il frappe", "il mord", "bsr le thé"):
        assert right not in listed


def test_what_is_seen_of_strangers_is_counted_by_kind_and_language():
    examples = [
        Example("il lève la main", CRITICAL),
        Example("il frappe", CRITICAL),
        Example("sa main sur moi", HIGH),
        Example("fini, sa main", NORMAL),
        Example("coup de main", None),
        Example("il bat le tapis", None),
        Example("à demain", None, everyday=True),
    ]
    shown = show_strangers(
        lambda text: HIGH if "main" in text else None, {("plain", "fr"): examples}
    )
    assert (
        "| French | 50.0 % (1 of 2) | 100.0 % (1 of 1) | 50.0 % (1 of 2) | 100.0 % (1 of 1) |"
    ) in shown


def test_what_a_stranger_did_not_write_is_no_share_of_nothing():
    shown = show_strangers(lambda text: None, {("long", "en"): [Example("he hits", CRITICAL)]})
    row = "| English | 0.0 % (0 of 1) | none written | none written | none written |"
    assert row in shown


def test_only_the_measured_section_is_written_anew():
    document = f"# Title\n{BEGIN}\nold\n{END}\nend\n"
    written = replace_measured(document, "new")
    assert written == f"# Title\n{BEGIN}\n\nnew\n\n{END}\nend\n"
    assert replace_measured(written, "new") == written


@pytest.mark.parametrize("document", ["", BEGIN, END, f"{END}\n{BEGIN}"])
def test_a_document_without_the_section_is_refused(document):
    with pytest.raises(ValueError, match="no section"):
        replace_measured(document, "new")


def test_marks_are_taken_off_and_say_where_words_stand():
    text, spans = read_marked("ma [couture](trade) [lundi](date) ?")
    assert text == "ma couture lundi ?"
    assert [(text[s.start : s.end], s.entity) for s in spans] == [
        ("couture", "trade"),
        ("lundi", "date"),
    ]


def test_entities_count_once_and_a_part_of_the_words_is_enough():
    due = (Span(0, 10, "date"), Span(20, 25, "place"))
    cases = [
        Extracted("part, then the same again", due, (Span(0, 5, "date"), Span(6, 10, "date"))),
        Extracted("other name", due[:1], (Span(0, 10, "place"),)),
        Extracted("exact", due[:1], due[:1]),
    ]
    assert entities.recall(cases) == Share(2, 4)
    assert entities.recall(cases, "place") == Share(0, 1)
    assert entities.precision(cases) == Share(2, 4)
    assert entities.precision(cases, "date") == Share(2, 3)
    assert entities.exact(cases) == Share(1, 4)


@pytest.mark.parametrize(
    ("heldout", "trained"),
    [
        ("Où est mon KIT ???", "ou est mon kit"),
        ("reçu 10 000 au lieu de 25000", "recu 5000 au lieu de 8000!"),
        ("g changé de numéro", "j'ai change de numero"),
    ],
)
def test_spelling_does_not_hide_an_overlap(heldout, trained):
    assert overlapping([heldout], [trained]) == [heldout]


def test_other_words_are_no_overlap_and_digits_alone_are_none():
    assert overlapping(["où est mon kit", "50"], ["où est ma maman", "20", ""]) == []


@pytest.mark.parametrize(
    ("text", "short"), [("Stop!", True), ("à demain", True), ("j'ai faim", False)]
)
def test_two_words_are_short(text, short):
    assert is_short(text) is short


def test_training_texts_are_read_wherever_they_stand(tmp_path):
    folder = tmp_path / "fr"
    folder.mkdir()
    (folder / "nlu.yml").write_text(
        "nlu:\n"
        "- intent: ask_training\n"
        "  examples: |\n"
        "    - la [couture](trade)\n"
        '    - à [Man]{"entity": "place"} - là-bas\n'
        "- intent: greet\n"
        "  examples:\n"
        "  - text: |\n"
        "      i ni sɔgɔma\n"
        "- lookup: trade\n"
        "  examples: |\n"
        "    - couture\n"
    )
    (folder / "red_flags.yml").write_text("violence: {critical: [il frappe], high: [{text: coup}]}")
    (folder / "red_flags_by_ear.yml").write_text(
        "fear: {high: [{typed: jé per, meant: j'ai peur}]}"
    )
    assert list(intent_examples(tmp_path)) == [
        ("ask_training", "la couture"),
        ("ask_training", "à Man - là-bas"),
        ("greet", "i ni sɔgɔma"),
    ]
    assert list(training_texts(tmp_path))[3:] == ["il frappe", "coup", "jé per", "j'ai peur"]
