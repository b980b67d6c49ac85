"""Whether every message of a language is heard: ``python -m bot.i18n.unsaid fr``.

A machine's voice counts. The command looks only at the recordings beside the catalogs, no
database; with what staff recorded since: ``python -m bot audio missing``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable

from bot.i18n.catalogs import load_languages
from bot.i18n.recordings import Reading, script, state_words
from bot.i18n.synthesis import SPEAKS
from bot.i18n.terminal import say as _
from bot.i18n.wording import load_wording
from bot.settings import PROJECT


def unsaid(readings: Iterable[Reading]) -> list[Reading]:
    """Return what no recording says, or one in other words than today's."""
    said = ("synthetic", "recorded")
    return [each for each in readings if each.state not in said]


def main(arguments: list[str] | None = None) -> int:
    """Name the messages of a language that have no recording of today's words; exit 1 for any."""
    parser = argparse.ArgumentParser(
        prog="python -m bot.i18n.unsaid",
        description=_("Nomme les messages sans voix, ou dont la voix dit d'autres mots."),
    )
    parser.add_argument("language", choices=sorted(load_languages(PROJECT / "locales")))
    language = parser.parse_args(arguments).language
    found = unsaid(script(None, load_wording(PROJECT), language))
    for each in found:
        sys.stderr.write(f"{language}/{each.name}: {state_words(_)[each.state]}\n")
    if not found:
        return 0
    told = [
        _("Messages sans voix : {count}.", count=len(found)),
        _("Enregistrez-les (docs/translating.md), puis faites un commit."),
    ]
    if language in SPEAKS:
        machine = f"`python -m bot audio synthesise {language}`"
        told.append(_("Une machine peut les dire : {command}.", command=machine))
    sys.stderr.write(f"{' '.join(told)}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
