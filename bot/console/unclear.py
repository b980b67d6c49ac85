"""Messages that were not understood: a supervisor says what they meant, and the programme learns.

What is shown has no names and numbers; who wrote it is not shown.
"""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.console.meanings import meanings
from bot.console.visit import Console, Visit, go, guarded
from bot.followup.reviews import Verdict
from bot.review.desk import ABOUT, LONGEST_EXAMPLE, Desk, NotClean, Unfit
from bot.review.vocabulary import Vocabulary, load_vocabulary
from bot.safety.flags import SEVERITIES
from bot.settings import PROJECT

PAGE_SIZE = 8


def routes(console: Console) -> list[BaseRoute]:
    """Return the routes of what was not understood."""
    return [
        guarded(console, "/unclear", _page),
        guarded(console, "/unclear/{id:int}", _decide, method="POST"),
    ]


def _page(visit: Visit, *, error: str = "", example: str = "", status: int = 200) -> Response:
    with visit.console.database.turn() as connection:
        desk = Desk(connection, visit.member, _vocabulary())
        items, count = desk.items(visit.now, limit=PAGE_SIZE)
    groups = meanings(visit.pages.translate)
    languages = visit.console.wording.catalogs.languages
    return visit.page(
        "unclear.html",
        status=status,
        items=items,
        count=count,
        groups=groups,
        meaning={name: words for group in groups.values() for name, words in group.items()},
        languages={code: languages[code].name for code in _vocabulary().languages},
        severities=SEVERITIES,
        abouts=ABOUT,
        longest=LONGEST_EXAMPLE,
        error=error,
        # What was posted stays in its form.
        posted={**visit.form, "example": example or visit.form.get("example", "")},
        posted_id=visit.number("id") if error else None,
    )


def _decide(visit: Visit) -> Response:
    _ = visit.pages.translate
    fields = {name: value for name, value in visit.form.items() if value and name in _FIELDS}
    try:
        verdict = Verdict(visit.form.get("verdict", ""), **fields)  # type: ignore[arg-type]
        with visit.console.database.write() as connection:
            desk = Desk(connection, visit.member, _vocabulary())
            desk.decide(visit.number("id"), verdict, visit.now)
    except NotClean as left:
        reason = _("Un nom, un lieu ou un nombre était resté : il est enlevé. Relisez l’exemple.")
        return _page(visit, error=reason, example=left.text, status=422)
    except Unfit:
        reason = _("Il manque l’exemple, la langue ou ce que la personne voulait dire.")
        return _page(visit, error=reason, status=422)
    return go("/unclear")


_FIELDS = ("language", "example", "intent", "category", "severity", "about")


def _vocabulary() -> Vocabulary:
    return load_vocabulary(PROJECT / "nlu")
