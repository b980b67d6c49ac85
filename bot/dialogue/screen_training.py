"""Training of the safety screen's learned layer: from ``nlu/`` to one file of plain numbers.

It stands here because scikit-learn may be imported here; the screen never imports it. All models
are fitted on nine tenths of the examples; the thresholds come from the tenth left out. How the rest
was chosen: docs/screen-measured.md.
"""

from __future__ import annotations

import shutil
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.dialogue.by_ear import by_ear
from bot.dialogue.coarse import Layers, coarse, cut_down
from bot.dialogue.other_languages import made_up_messages
from bot.dialogue.politeness import FILE as COURTESIES
from bot.dialogue.politeness import Courtesies, read_courtesies
from bot.dialogue.respelling_training import learn_respelling
from bot.i18n.letters import read_words
from bot.safety.chart import Chart, Text
from bot.safety.courtesies import said
from bot.safety.examples import Example, read_by_ear, read_examples, read_intents
from bot.safety.flags import CATEGORIES, RedFlag, worst
from bot.safety.grammar import Grammar, load_grammar
from bot.safety.grams import BUCKETS, grams
from bot.safety.learned import (
    ALARM,
    COLUMNS,
    HARD,
    HARMLESS,
    Floats,
    LearnedModel,
    LinearModel,
    in_letters,
    is_long,
    join,
    meant,
)
from bot.safety.meaning import Reader
from bot.safety.pattern_layer import PatternLayer
from bot.safety.pieces import Pieces
from bot.safety.respelling import Respelling
from bot.safety.screen import PATTERNS
from bot.safety.trained_file import TRAINED_SCREEN, TrainedScreen
from bot.settings import PROJECT, Settings

# The languages whose sentences teach what a danger is. Of others there are next to none.
TAUGHT = frozenset({"fr", "en"})
# Intents whose sentences are a danger, though of which kind and severity nobody has noted.
DANGER_INTENTS = frozenset({"report_danger", "report_other_child"})
# Intents of which some sentences are a danger and some are none.
MIXED_INTENTS = frozenset(
    {
        "complain_staff",
        "report_sick",
        "report_bad",
        "ask_shelter",
        "ask_family_contact",
    }
)
_PENALTY = 1.0
# How much more a sentence counts that only sounds like a danger: there are few, and they are near.
_HARD_WEIGHT = 3.0
_AT_ONCE = 32
# How many sentences a process reads at a time.
_PART = 2000
# How many learn what messages mean, and how many at a time: each takes a core and 2.5 GB.
_READERS, _AT_A_TIME = 2, 2
# The share of sentences that no model is fitted on, to find where an alarm is.
_LEFT_OUT = 0.1
# The share of what is learned from that is learned once more, written by ear: half of it as it is
# typed, half as the screen spells it again.
_BY_EAR = 0.2
# The share of short sentences that is learned once more, beside an everyday one.
_JOINED = 0.08
# For so many sentences, one harmless message of the words of each language that is not taught.
_TO_ONE_OF_ANOTHER = 145
# The share of sentences that is learned once more, with courtesies around them.
_POLITE = 0.06
_SEED = 0
_LARGEST = 2**15 - 1
_PAIRS = "red_flags_by_ear.yml"

Respell = Callable[[str], str]
# Which share of what is no danger and was not fitted on may raise an alarm: of short messages, of
# long ones. A long one tells more of what is no danger, and of what is.
_EVERYDAY_ALARMS = (0.008, 0.04)
_HARD_ALARMS = (0.07, 0.12)


@dataclass(frozen=True)
class Sample:
    """A sentence to learn from: ``text`` is what it says, as ``said`` writes it.

    ``flag`` is None where nothing must be raised; ``intent`` where nobody noted it.
    """

    language: str
    text: str
    grammar: Grammar
    flag: RedFlag | None
    hard: bool
    intent: str | None = None

    @property
    def chart(self) -> Chart:
        """The sentence as the grammar reads it: long to find, and too large to keep of all."""
        return self.grammar.chart(self.text)

    @property
    def alarms(self) -> bool:
        """Whether an alarm is due."""
        return self.flag is not None and self.flag.alarms


def train_screen(settings: Settings, *, force: bool = False, project: Path = PROJECT) -> Path:
    """Train the layer of today's files unless it exists, and return its file.

    The one that comes with the project is copied where it is of today's files. It appears under its
    name when it is whole; then older ones are removed.
    """
    target = TRAINED_SCREEN.file(settings.model_path, project)
    if target.exists() and not force:
        return target
    settings.model_path.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    given = given_with(project)
    if given.exists() and not force:
        shutil.copyfile(given, part)
    else:
        samples = read_samples(project / "nlu", load_grammar(PATTERNS))
        respelling = spelt(samples, project / "nlu")
        courtesies = taught_courtesies(project / "nlu")
        TrainedScreen(respelling, fit(samples, respelling.respell, courtesies)).save(part)
    part.replace(target)
    for path in TRAINED_SCREEN.others(settings.model_path, target):
        path.unlink()
    return target


def must_learn(settings: Settings, project: Path = PROJECT) -> bool:
    """Tell whether ``train_screen`` has to train: nothing trained is of today's files."""
    return not (
        TRAINED_SCREEN.is_current(settings.model_path, project) or given_with(project).exists()
    )


def given_with(project: Path) -> Path:
    """Return where the file of today's files is that comes with the project, if it does.

    Not everybody has the hour and the memory to train; and what was measured is what is used.
    """
    return TRAINED_SCREEN.file(project / "models", project)


def read_samples(nlu: Path, grammar: Grammar) -> list[Sample]:
    """Read all sentences that the layer learns from, each once.

    The flag of a sentence of ``DANGER_INTENTS`` is the one the patterns see; where they see none,
    and where they see one in everyday sentences, it is left out.
    """
    patterns = PatternLayer(grammar)
    by_intent: dict[str, tuple[str, str]] = {}
    for file in sorted(nlu.glob("*/nlu*.yml")):
        for intent, typed in read_intents(file):
            by_intent.setdefault(said(typed), (file.parent.name, intent))
    known: set[str] = set()
    samples = []

    for language, example in _examples(nlu):
        text = said(example.text)
        if text not in known:
            known.add(text)
            asked = by_intent[text][1] if text in by_intent else None
            hard = not example.everyday
            samples.append(Sample(language, text, grammar, example.flag, hard, asked))
    for text, (language, intent) in by_intent.items():
        if intent in MIXED_INTENTS or text in known:
            continue
        seen = worst(patterns.flags(grammar.chart(text)))
        danger = intent in DANGER_INTENTS
        if danger == (seen is not None and seen.alarms):
            samples.append(Sample(language, text, grammar, seen, hard=False, intent=intent))
    return samples


def taught_courtesies(nlu: Path) -> dict[str, Courtesies]:
    """Read what people put around what they say, by language."""
    return {language: read_courtesies(nlu / language / COURTESIES) for language in sorted(TAUGHT)}


def _examples(nlu: Path) -> Iterator[tuple[str, Example]]:
    """Yield the screen's own with their language; what is written by ear as it is and as spelt."""
    for file in sorted(nlu.glob("*/red_flags.yml")):
        for example in read_examples(file):
            yield file.parent.name, example
    for file in sorted(nlu.glob(f"*/{_PAIRS}")):
        for pair in read_by_ear(file):
            yield file.parent.name, pair.meant
            yield file.parent.name, replace(pair.meant, text=pair.typed)


def spelt(samples: Iterable[Sample], nlu: Path) -> Respelling:
    """Return how the sentences' words are spelt, and what people write for them by ear."""
    pairs = {
        language: [
            (said(pair.typed), said(pair.meant.text))
            for pair in read_by_ear(nlu / language / _PAIRS)
        ]
        for language in sorted(TAUGHT)
    }
    by_ear = {typed for of_one in pairs.values() for typed, _ in of_one}
    sentences: dict[str, list[str]] = {language: [] for language in pairs}
    for sample in samples:
        if sample.language in TAUGHT and sample.text not in by_ear:
            sentences[sample.language].append(sample.text)
    return learn_respelling(sentences, pairs)


def fit(
    samples: Sequence[Sample], respell: Respell, courtesies: Mapping[str, Courtesies]
) -> LearnedModel:
    """Fit all models, and where their sum is an alarm.

    The latter on one sentence of so many that they were not fitted on.

    Args:
        samples: what to learn from.
        respell: gives what was written by ear as the screen spells it again.
        courtesies: what people put around what they say, by language.
    """
    random = np.random.default_rng(_SEED)
    left_out = random.random(len(samples)) < _LEFT_OUT
    others = _read([sample for sample, out in zip(samples, left_out, strict=True) if out])
    learned = [sample for sample, out in zip(samples, left_out, strict=True) if not out]
    in_others = list(_in_other_languages(samples, random))
    heard = list(_by_ear(learned, random))
    again = spelt_again([*heard[::2], *in_others], respell)
    joined = list(_joined(learned, random))
    polite = list(_polite(learned, courtesies, random))
    data = _read([*learned, *in_others, *heard[1::2], *again, *joined, *polite])
    pieces, layers = cut_down([*data.words, *others.words])
    linear = _fit_linear(data)
    words, classes = data.words, data.classes
    # The grams of all sentences are not to fill the memory while the readers learn.
    del data
    readers = _fit_readers(pieces, layers, words, classes)
    model = LearnedModel(linear, pieces, readers, (0.0, 0.0))
    return replace(model, thresholds=_thresholds(model, others))


def _by_ear(samples: Iterable[Sample], random: np.random.Generator) -> Iterator[Sample]:
    """Yield some of the sentences once more, as somebody who went to school little writes them."""
    for sample in samples:
        if sample.language in TAUGHT and random.random() < _BY_EAR:
            yield written_by_ear(sample, random)


def written_by_ear(sample: Sample, random: np.random.Generator) -> Sample:
    """Return a sentence as one of those writes it."""
    written = by_ear(sample.text, sample.language, random)
    return replace(sample, text=said(written))


def _joined(samples: Sequence[Sample], random: np.random.Generator) -> Iterator[Sample]:
    """Yield some short sentences with an everyday one before or behind them.

    The screen reads what somebody sends within a minute as one message too, and two harmless ones
    are none together either.
    """
    for language in sorted(TAUGHT):
        of_one = [sample for sample in samples if sample.language == language]
        short = [sample for sample in of_one if not is_long(Text.cut(sample.text.split()))]
        everyday = [s for s in short if s.flag is None and not s.hard]
        for sample in short if everyday else ():
            if random.random() < _JOINED:
                beside = everyday[random.integers(len(everyday))].text
                texts = (sample.text, beside) if random.random() < 1 / 2 else (beside, sample.text)
                yield replace(sample, text=" ".join(texts), intent=None)


def _polite(
    samples: Iterable[Sample], courtesies: Mapping[str, Courtesies], random: np.random.Generator
) -> Iterator[Sample]:
    """Yield some sentences with courtesies around them, as far as the screen reads these.

    "silvouplè tata au secour merci la go" is as much of a danger as without.
    """
    for sample in samples:
        if sample.language in courtesies and random.random() < _POLITE:
            text = said(courtesies[sample.language].around(sample.text, random))
            if text != sample.text:
                yield replace(sample, text=text)


def spelt_again(samples: Sequence[Sample], respell: Respell) -> Iterator[Sample]:
    """Yield those that the screen reads in a second way too, as it reads them then."""
    texts = [sample.text for sample in samples]
    with _processes() as processes:
        spelt_so = processes.map(respell, texts, chunksize=_PART)
        for sample, text in zip(samples, spelt_so, strict=True):
            if text != sample.text:
                yield replace(sample, text=text)


def _in_other_languages(samples: Sequence[Sample], random: np.random.Generator) -> Iterator[Sample]:
    """Yield harmless messages of languages of which the sentences teach next to nothing."""
    grammar = samples[0].grammar
    for language, words in read_words().items():
        if language not in TAUGHT:
            dangers = [s.text for s in samples if s.language == language and s.alarms]
            told = set(" ".join(dangers).split())
            without = {word for word in words if said(word) in told}
            number = len(samples) // _TO_ONE_OF_ANOTHER
            for message in made_up_messages(words, without, number, random):
                yield Sample(language, said(message), grammar, None, hard=False)


@dataclass(frozen=True)
class _Data:
    """What is learned from, a message a row; ``flags`` are those of alarms."""

    words: list[list[str]]
    grams: Any
    classes: NDArray[np.str_]
    flags: list[RedFlag | None]
    hard: NDArray[np.bool_]
    long: NDArray[np.bool_]

    @property
    def alarms(self) -> NDArray[np.bool_]:
        return np.array([flag is not None for flag in self.flags])


def _read(samples: Sequence[Sample]) -> _Data:
    from scipy.sparse import vstack

    parts = [samples[at : at + _PART] for at in range(0, len(samples), _PART)]
    with _processes() as processes:
        read = list(processes.map(_read_part, parts))
    return _Data(
        words=[words for part in read for words in part.words],
        grams=vstack([part.grams for part in read], "csr"),
        classes=np.array([_class(sample) for sample in samples]),
        flags=[sample.flag if sample.flag and sample.flag.alarms else None for sample in samples],
        hard=np.array([sample.hard for sample in samples]),
        long=np.array([long for part in read for long in part.long]),
    )


@dataclass(frozen=True)
class _Part:
    """What some messages are made of: of their charts only this, since all would fill gigabytes."""

    words: list[list[str]]
    grams: Any
    long: list[bool]


def _read_part(samples: Sequence[Sample]) -> _Part:
    from scipy.sparse import csr_matrix

    words, long = [], []
    starts, buckets, values = [0], array("i"), array("d")
    for sample in samples:
        chart = sample.chart
        words.append(in_letters(chart))
        long.append(is_long(chart.text))
        for block, value in grams(chart):
            buckets.extend(block)
            values.extend([value] * len(block))
        starts.append(len(buckets))
    matrix = csr_matrix((values, buckets, starts), shape=(len(samples), BUCKETS))
    matrix.sum_duplicates()
    return _Part(words, matrix, long)


def _class(sample: Sample) -> str:
    if sample.flag and sample.flag.alarms:
        return f"{sample.flag.category}:{sample.flag.severity}"
    if sample.hard:
        return HARD
    return f"{HARMLESS}:{sample.intent}" if sample.intent else HARMLESS


def _fit_linear(data: _Data) -> LinearModel:
    alarms = data.alarms
    dangers = data.grams[alarms]
    flags = [flag for flag in data.flags if flag]
    columns = [
        _fit_alarm(data.grams, alarms, data.hard),
        _classifier().fit(dangers, np.array([flag.severity == "critical" for flag in flags])),
        *(
            _classifier().fit(dangers, np.array([flag.category == category for flag in flags]))
            for category in CATEGORIES
        ),
    ]
    weights = np.column_stack([column.coef_[0] for column in columns])
    scales = np.abs(weights).max(axis=0) / _LARGEST
    return LinearModel(
        np.rint(weights / scales).astype(np.int16),
        scales,
        np.array([float(column.intercept_[0]) for column in columns]),
    )


def _fit_alarm(features: Any, alarms: NDArray[np.bool_], hard: NDArray[np.bool_]) -> Any:
    weights = np.where(hard & ~alarms, _HARD_WEIGHT, 1.0)
    return _classifier().fit(features, alarms, sample_weight=weights)


def _fit_readers(
    pieces: Pieces, layers: Layers, words: Iterable[Sequence[str]], classes: NDArray[np.str_]
) -> tuple[Reader, ...]:
    """Return readers: the encoder tuned to tell the classes, with a net on top that tells them.

    Each learns in an order and from beginnings of its own, in a process of its own on one core.
    """
    from bot.dialogue.tuning import tune

    messages = [pieces.cut(of_one) for of_one in words]
    vectors = pieces.vectors(np.arange(len(pieces)))
    learn = partial(tune, layers, vectors, messages, classes)
    with _processes() as processes:
        learned = list(processes.map(learn, range(_SEED, _SEED + _READERS)))
    return tuple(Reader(coarse(tuned), net) for tuned, net in learned)


def _processes() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(_AT_A_TIME, mp_context=get_context("spawn"))


def _meant(model: LearnedModel, messages: Sequence[Sequence[str]]) -> Floats:
    """Return what the messages mean, some at a time: each is then read in a third of the time."""
    embed, starts = model.pieces.embed, range(0, len(messages), _AT_ONCE)
    return np.concatenate(
        [meant(model.readers, [*map(embed, messages[at : at + _AT_ONCE])]) for at in starts]
    )


def _thresholds(model: LearnedModel, data: _Data) -> tuple[float, float]:
    """Return the scores above which few enough sentences that are no danger raise an alarm.

    For short messages and for long ones.
    """
    column = COLUMNS.index(ALARM)
    weights = model.linear.scales[column] * model.linear.weights[:, column]
    counted = data.grams @ weights + model.linear.intercepts[column]
    scores = join(counted, _meant(model, data.words)[:, column])

    def above(long: bool) -> float:
        harmless = ~data.alarms & (data.long == long)
        everyday, sounding = scores[harmless & ~data.hard], scores[harmless & data.hard]
        return max(
            float(np.quantile(everyday, 1 - _EVERYDAY_ALARMS[long])) if everyday.size else 0.0,
            float(np.quantile(sounding, 1 - _HARD_ALARMS[long])) if sounding.size else 0.0,
        )

    return above(long=False), above(long=True)


def _classifier() -> Any:
    from sklearn.svm import LinearSVC

    return LinearSVC(C=_PENALTY, random_state=_SEED)
