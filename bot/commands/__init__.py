"""The command line: ``python -m bot``, a module a topic.

Exit 0 done; 1 refused with reasons; 2 wrong use, or an installation that is not ready (a setting,
the key, the database).
"""

from __future__ import annotations

import typer

from bot.commands import audio, caseload, review, service, staff, words
from bot.reasons import mark

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help=mark("Akoma, en ligne de commande.")
)
app.add_typer(service.commands)
app.add_typer(caseload.commands)
app.add_typer(staff.commands, name="staff")
app.add_typer(review.commands, name="review")
app.add_typer(words.commands, name="i18n")
app.add_typer(audio.commands, name="audio")
