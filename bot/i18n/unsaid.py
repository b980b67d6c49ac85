"""Whether every message of a language is heard: ``python -m bot.i18n.unsaid fr``.

A machine's voice counts. The command looks only at the recordings beside the catalogs, no
database; with what staff recorded since: ``python -m bot audio missing``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable

from bot.i18n.catalogs import load_languages
from bot.i18n.recordings import Reading, script
from bot.i18n.synthesis import SPEAKS
from bot.i18n.wording import load_wording
from bot.settings import PROJECT


def unsaid(readings: Iterable[Reading]) -> list[Reading]:
    """Return what no recording says, or one in other words than today's."""
    said = ("synthetic", "recorded")
    return [each for each in readings if each.state not in said]


def main(arguments: list[str] | None = None) -> int:
    """Name the messages of a language that have no recording of today's words; exit 1 for any."""
    parser = argparse.ArgumentParser(prog="python -m bot.i18n.unsaid", description=main.__doc__)
    parser.add_argument("language", choices=sorted(load_languages(PROJECT / "locales")))
    language = parser.parse_args(arguments).language
    found = unsaid(script(None, load_wording(PROJECT), language))
    for each in found:
        sys.stderr.write(f"{each.state}: {language}/{each.name}\n")
    if not found:
        return 0
    what = "Record them (docs/translating.md)"
    if language in SPEAKS:
        what += f", or let a machine: `python -m bot audio synthesise {language}`"
    sys.stderr.write(f"{len(found)} messages are not heard. {what}, and commit what changes.\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
