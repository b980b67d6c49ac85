"""Prints the figures; with ``--write`` they and every miss go to docs/understanding.md."""

from __future__ import annotations

from itertools import chain
from typing import Annotated

import typer

from bot.dialogue.agent import load_dialogue
from bot.dialogue.stamp import is_current, newest_model
from bot.i18n.wording import load_wording
from bot.review.overlap import overlapping
from bot.safety.screen import load_screen
from bot.settings import PROJECT, read_settings
from tests.evaluate.heldout import LANGUAGES, read_heldout
from tests.evaluate.layers import show_layers
from tests.evaluate.measure import (
    loading_seconds,
    measure_language,
    screening_speed,
    understanding_speed,
)
from tests.evaluate.misses import list_misses
from tests.evaluate.overlap import training_texts
from tests.evaluate.report import replace_measured, show_figures
from tests.evaluate.strangers import read_strangers, show_strangers

DOCUMENT = PROJECT / "docs" / "understanding.md"


def main(
    write: Annotated[
        bool, typer.Option("--write", help="Write figures and misses to docs/understanding.md.")
    ] = False,
) -> None:
    """Measure understanding and the safety screen on the held-out messages."""
    settings = read_settings(needs_key=False)
    model = newest_model(settings)
    if model is None or (write and not is_current(settings)):
        typer.echo("The model is missing or older than its files: python -m bot train", err=True)
        raise typer.Exit(1)
    dialogue = load_dialogue(settings, load_wording(PROJECT))
    screen = load_screen(settings.model_path)
    heldout = {language: read_heldout(language) for language in LANGUAGES}
    outcomes = {
        language: measure_language(messages, dialogue, screen)
        for language, messages in heldout.items()
    }
    strangers = read_strangers()
    texts = list(chain.from_iterable(messages.texts() for messages in heldout.values()))
    theirs = [example.text for examples in strangers.values() for example in examples]
    figures = show_figures(
        outcomes,
        understanding_speed(texts, dialogue),
        screening_speed(texts, screen),
        loading_seconds(settings.model_path),
        show_layers(screen, heldout),
        show_strangers(screen.screen, strangers),
        model=model.name,
        coinciding=overlapping([*texts, *theirs], training_texts()),
    )
    typer.echo(figures)
    if write:
        document = DOCUMENT.read_text(encoding="utf-8")
        measured = f"{figures}\n\n{list_misses(outcomes)}"
        DOCUMENT.write_text(replace_measured(document, measured), encoding="utf-8")
        typer.echo(f"Written, with every miss: {DOCUMENT.relative_to(PROJECT)}", err=True)


if __name__ == "__main__":
    typer.run(main)
