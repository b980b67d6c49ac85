"""Compares pipelines of understanding on the same messages: ``python -m benchmarks.pipelines``.

Each is trained by Rasa and serves in a process of its own, from the same examples. Measured on
examples left out of training and on the held-out messages, and with ``--banking FOLDER`` on
BANKING77 too (``train.csv`` and ``test.csv`` of PolyAI), so that the choice does not rest on our
own sentences. The best intent counts, whatever its confidence: nobody is asked back here.
"""

from __future__ import annotations

import asyncio
import csv
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from bot.dialogue.environment import prepare_environment
from bot.settings import PROJECT
from tests.evaluate.heldout import LANGUAGES, read_heldout
from tests.evaluate.intents import Recognised, accuracy, macro_f1
from tests.evaluate.tables import percent, table
from tests.nlu.examples import read_examples

_ENCODER = {"name": "bot.dialogue.components.sentence_encoder.SentenceEncoder"}
_LINEAR = {"name": "bot.dialogue.components.linear_classifier.LinearIntentClassifier"}
_TOKENS: list[dict[str, Any]] = [
    {"name": "WhitespaceTokenizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
]
_STOCK_LINEAR = {"name": "LogisticRegressionClassifier"}
_OTHER_STEPS = ("FallbackClassifier", "TableEntityExtractor")
_EPOCHS = 100
_LEFT_OUT = 20
_BANKING_EXAMPLES = 10


@dataclass(frozen=True)
class Labelled:
    """A message, its intent, and the group it is measured in."""

    text: str
    intent: str
    group: str


@dataclass(frozen=True)
class Result:
    """What a pipeline made of the messages, and what it cost.

    Attributes:
        got: the best intent of each message.
        training_s: seconds to train.
        median_ms: milliseconds a message.
        memory_mb: the most memory of the process that serves.
    """

    got: list[str]
    training_s: float
    median_ms: float
    memory_mb: float


def pipelines(epochs: int) -> dict[str, list[dict[str, Any]]]:
    """Return the pipelines by name. The last is Rasa's default, as ``rasa init`` writes it."""
    return {
        "chosen (config.yml)": _chosen(),
        "pieces of words": [_LINEAR],
        "pieces and encoder": [_ENCODER, _LINEAR],
        "encoder alone, logistic": [_ENCODER, _STOCK_LINEAR],
        "Rasa: counts, logistic": [*_TOKENS, _STOCK_LINEAR],
        "Rasa's default: DIET": [
            _TOKENS[0],
            {"name": "RegexFeaturizer"},
            {"name": "LexicalSyntacticFeaturizer"},
            *_TOKENS[1:],
            {"name": "DIETClassifier", "epochs": epochs, "constrain_similarities": True},
        ],
    }


def _chosen() -> list[dict[str, Any]]:
    """Return what is in service, without what neither recognises intents nor helps it."""
    config = yaml.safe_load((PROJECT / "config.yml").read_text(encoding="utf-8"))
    return [step for step in config["pipeline"] if not step["name"].endswith(_OTHER_STEPS)]


def own_messages(per_intent: int, seed: int) -> tuple[list[Labelled], list[Labelled]]:
    """Return ``per_intent`` examples of each intent and language, and messages to measure with.

    ``per_intent`` 0 means all but those left out.
    """
    training, measured = [], []
    for language, name in LANGUAGES.items():
        by_intent: dict[str, list[str]] = defaultdict(list)
        for example in read_examples(language):
            by_intent[example.intent].append(example.text)
        for intent, texts in by_intent.items():
            random.Random(seed).shuffle(texts)
            left_out, rest = texts[:_LEFT_OUT], texts[_LEFT_OUT:]
            measured += [Labelled(text, intent, f"left out, {name}") for text in left_out]
            training += [Labelled(t, intent, "") for t in rest[: per_intent or len(rest)]]
        measured += [
            Labelled(text, intent, f"held out, {name}")
            for text, intent in read_heldout(language).intents
        ]
    return training, measured


def banking_messages(folder: Path, seed: int) -> tuple[list[Labelled], list[Labelled]]:
    """Return ten examples of each intent of BANKING77, and its test messages."""
    by_intent: dict[str, list[str]] = defaultdict(list)
    for text, intent in _read_csv(folder / "train.csv"):
        by_intent[intent].append(text)
    training = [
        Labelled(text, intent, "")
        for intent, texts in by_intent.items()
        for text in random.Random(seed).sample(texts, _BANKING_EXAMPLES)
    ]
    return training, [Labelled(*row, "BANKING77") for row in _read_csv(folder / "test.csv")]


def run(
    pipeline: Sequence[Mapping[str, Any]], training: Iterable[Labelled], texts: Sequence[str]
) -> Result:
    """Train a pipeline in one process and serve with it in another."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        by_intent: dict[str, list[str]] = defaultdict(list)
        for example in training:
            by_intent[example.intent].append(" ".join(example.text.split()))
        nlu = [
            {"intent": intent, "examples": [{"text": text} for text in of_intent]}
            for intent, of_intent in by_intent.items()
        ]
        config = {"recipe": "default.v1", "language": "fr", "pipeline": list(pipeline)}
        _write(folder / "config.yml", {**config, "policies": [], "assistant_id": "compared"})
        _write(folder / "nlu.yml", {"version": "3.1", "nlu": nlu})
        (folder / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
        _in_a_process("train", folder)
        _in_a_process("serve", folder)
        trained = json.loads((folder / "train.json").read_text(encoding="utf-8"))
        served = json.loads((folder / "serve.json").read_text(encoding="utf-8"))
    return Result(**trained, **served)


def main(
    banking: Annotated[Path | None, typer.Option(help="The folder of BANKING77.")] = None,
    per_intent: Annotated[
        int, typer.Option(help="Examples an intent and language; 0: all but those left out.")
    ] = 40,
    epochs: Annotated[int, typer.Option(help="Of DIET.")] = _EPOCHS,
    seeds: Annotated[int, typer.Option(help="Draws of BANKING77's examples.")] = 3,
    only: Annotated[str, typer.Option(help="Only pipelines with this in their name.")] = "",
) -> None:
    """Compare pipelines and print the tables."""
    chosen = {name: steps for name, steps in pipelines(epochs).items() if only in name}
    training, measured = own_messages(per_intent, seed=0)
    print(f"{len(training)} examples; DIET: {epochs} epochs\n")
    print(_compare(chosen, [training], measured))
    if banking is not None:
        draws = [banking_messages(banking, seed) for seed in range(seeds)]
        print(f"\nBANKING77, {_BANKING_EXAMPLES} examples an intent, mean of {seeds} draws\n")
        print(_compare(chosen, [drawn for drawn, _ in draws], draws[0][1]))


def _compare(
    compared: Mapping[str, Sequence[Mapping[str, Any]]],
    trainings: Sequence[Sequence[Labelled]],
    measured: Sequence[Labelled],
) -> str:
    groups = list(dict.fromkeys(message.group for message in measured))
    rows = []
    for name, pipeline in compared.items():
        print(f"{name} ...", file=sys.stderr)
        results = [run(pipeline, training, [m.text for m in measured]) for training in trainings]
        cells = [_quality(results, measured, group) for group in groups]
        costs = (
            statistics.mean(getattr(result, cost) for result in results)
            for cost in ("median_ms", "memory_mb", "training_s")
        )
        milliseconds, megabytes, seconds = costs
        rows.append(
            [name, *cells, f"{milliseconds:.1f} ms", f"{megabytes:.0f} MB", f"{seconds:.0f} s"]
        )
    return table(["macro-F1 (accuracy)", *groups, "a message", "memory", "training"], rows)


def _quality(results: Sequence[Result], measured: Sequence[Labelled], group: str) -> str:
    scores, shares = [], []
    for result in results:
        recognised = [
            Recognised(message.text, message.intent, got, 1)
            for message, got in zip(measured, result.got, strict=True)
            if message.group == group
        ]
        scores.append(macro_f1(recognised))
        shares.append(accuracy(recognised).value)
    return f"{percent(statistics.mean(scores))} ({percent(statistics.mean(shares))})"


def _in_a_process(step: str, folder: Path) -> None:
    """Run a step where nothing is loaded yet, and let it write ``<step>.json``."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.pipelines", step, str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{step} failed:\n{done.stderr[-3000:]}")


def _train(folder: Path) -> dict[str, Any]:
    from rasa.model_training import train_nlu

    start = time.perf_counter()
    train_nlu(str(folder / "config.yml"), str(folder / "nlu.yml"), str(folder), "model")
    return {"training_s": time.perf_counter() - start}


def _serve(folder: Path) -> dict[str, Any]:
    from rasa.core.agent import Agent

    agent = Agent.load(str(folder / "model.tar.gz"))
    texts = json.loads((folder / "texts.json").read_text(encoding="utf-8"))

    async def parse() -> tuple[list[str], list[float]]:
        got, taken = [], []
        for text in texts:
            start = time.perf_counter()
            parsed = await agent.parse_message(text)
            taken.append(time.perf_counter() - start)
            got.append(parsed["intent"]["name"])
        return got, taken

    got, taken = asyncio.run(parse())
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return {
        "got": got,
        "median_ms": 1000 * statistics.median(taken),
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit,
    }


def _read_csv(path: Path) -> list[tuple[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [(row["text"], row["category"]) for row in csv.DictReader(file)]


def _write(path: Path, content: Any) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


if __name__ == "__main__":
    prepare_environment()
    if sys.argv[1:2] in (["train"], ["serve"]):
        target = Path(sys.argv[2])
        outcome = {"train": _train, "serve": _serve}[sys.argv[1]](target)
        (target / f"{sys.argv[1]}.json").write_text(json.dumps(outcome), encoding="utf-8")
    else:
        typer.run(main)
