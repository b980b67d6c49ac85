"""How the screen does with people it never met: authors of whom nothing is ever learned.

The other held-out messages have been looked at after many trainings; these are kept for the next
one, and tell most of how people write whom nobody thought of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from bot.safety.examples import Example, read_examples
from bot.safety.flags import RedFlag
from tests.evaluate import flags
from tests.evaluate.flags import Screened
from tests.evaluate.heldout import FOLDER, LANGUAGES
from tests.evaluate.tables import counted, table

# What each author set out to write, by the name of the files.
KINDS = {
    "plain": "cell by cell of the table, as a tester would",
    "ordinary": "what anybody would label at once, as a third tester would; jokes and trades",
    "tester": "all ways of writing, denied, supposed, joked, as another tester would",
    "by_things": "half of them told by things, places and what comes next; jokes and trades",
    "half_said": "what happens is not named",
    "by_ear": "by ear, run together, two to fifteen words",
    "short": "by ear, two to nine words",
    "long": "16 to 60 words, a danger in one clause or in none",
}

Strangers = Mapping[tuple[str, str], list[Example]]


def read_strangers(folder: Path = FOLDER / "strangers") -> Strangers:
    """Read the messages of each kind and language; the files are like ``nlu/*/red_flags.yml``."""
    return {
        (kind, language): read_examples(folder / f"{kind}.{language}.yml")
        for kind in KINDS
        for language in LANGUAGES
    }


def show_strangers(screen: Callable[[str], RedFlag | None], strangers: Strangers) -> str:
    """Return a table: a row a kind and language."""
    heading = ["messages", "language", "critical seen", "high seen", "false, hard", "everyday"]
    rows = []
    for (kind, language), examples in strangers.items():
        screened = [Screened(e.text, e.flag, screen(e.text)) for e in examples]
        everyday = [case for case, e in zip(screened, examples, strict=True) if e.everyday]
        hard = [c for c, e in zip(screened, examples, strict=True) if not e.flag and not e.everyday]
        shares = (
            flags.found(flags.of_severity(screened, "critical")),
            flags.found(flags.of_severity(screened, "high")),
            flags.alarms(hard),
            flags.alarms(everyday),
        )
        cells = [counted(share) if share.of else "none written" for share in shares]
        rows.append([KINDS[kind], LANGUAGES[language], *cells])
    return table(heading, rows)
