"""How well languages are told apart: ``python -m benchmarks.languages [FLORES-200's dev folder]``.

On the held-out messages, which are French and English with what people mix into them, and with the
folder on pieces of 3 to 7 words of every other sentence of FLORES-200, with accents and without.
No word is learnt from either; on the other half of FLORES-200 the settings of
``bot.i18n.letters`` were chosen, so that half is left out (``--settings`` shows it instead).

And how often the safety screen raises an alarm, rightly at some of the held-out messages and at
hardly any of FLORES-200: its learned layer was taught French and English, so what it makes of other
languages is to be looked at.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot.i18n.identify import identify_language, surely_written_in
from bot.safety.screen import Screen, load_screen
from bot.safety.text import fold, words
from bot.settings import read_settings
from tests.evaluate.heldout import LANGUAGES, read_heldout
from tests.evaluate.shares import Share
from tests.evaluate.tables import percent, table

_FLORES = {
    "fra_Latn": "fr",
    "eng_Latn": "en",
    "dyu_Latn": "dyu",
    "bam_Latn": "dyu",
    "twi_Latn": "ak",
    "mos_Latn": "mos",
}
_SHORTEST, _LONGEST = 3, 7


def main(
    flores: Annotated[Path | None, typer.Argument(help="The folder with fra_Latn.dev.")] = None,
    settings: Annotated[bool, typer.Option(help="The half that settings are chosen on.")] = False,
) -> None:
    """Print the figures."""
    screen = load_screen(read_settings(needs_key=False).model_path)
    rows = []
    for language, name in LANGUAGES.items():
        texts = [text for text, _ in read_heldout(language).intents]
        long = [text for text in texts if len(words(text)) >= _SHORTEST]
        rows.append(_row(f"{name}, held out", texts, language, screen))
        rows.append(_row(f"{name}, held out, three words or more", long, language, screen))
    if flores is not None:
        for name, language in _FLORES.items():
            sentences = (flores / f"{name}.dev").read_text(encoding="utf-8").splitlines()
            cut = _cut(sentences)[0 if settings else 1 :: 2]
            rows.append(_row(f"{name}, FLORES-200", cut, language, screen))
            rows.append(
                _row("the same without accents", [fold(text) for text in cut], language, screen)
            )
    heads = ["messages", "right", "wrong", "not said", "offered to another", "asked in vain"]
    print(table([*heads, "alarm raised"], rows))


def _row(name: str, texts: Sequence[str], language: str, screen: Screen) -> list[str]:
    got = [identify_language(text) for text in texts]
    right = got.count(language)
    silent = got.count(None)
    # Offered to who chose another language so far; and another to who chose this one.
    sure = [surely_written_in(text) for text in texts]
    offered = sure.count(language)
    in_vain = len(sure) - offered - sure.count(None)
    flags = [screen.screen(text) for text in texts]
    alarms = sum(flag is not None and flag.alarms for flag in flags)
    counts = (right, len(got) - right - silent, silent, offered, in_vain, alarms)
    shares = (Share(count, len(got)) for count in counts)
    return [name, *(f"{percent(s.value)} ({s.count} of {s.of})" for s in shares)]


def _cut(sentences: Sequence[str]) -> list[str]:
    """Cut a piece out of each sentence, the same each time."""
    draw = random.Random(0)
    pieces = []
    for sentence in sentences:
        parts = sentence.split()
        size = draw.randint(_SHORTEST, _LONGEST)
        start = draw.randrange(max(1, len(parts) - size + 1))
        pieces.append(" ".join(parts[start : start + size]))
    return pieces


if __name__ == "__main__":
    typer.run(main)
