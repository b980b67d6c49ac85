"""Where those who speak a language read its sentences, correct them and sign them.

Nobody's messages are here: a reviewer needs no other right. What is saved is said to people within
seconds, a draft with its stand-in beneath; it is a row that lies over the file of the language
until ``python -m bot i18n export`` turns it into a change of that file.
"""

from __future__ import annotations

import hashlib
from functools import partial
from typing import Any

from sqlalchemy.engine import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.channels.registry import LIMITS
from bot.console.parts import page_number
from bot.console.visit import Console, Visit, go, guarded
from bot.db.tables import staff
from bot.delivery.proofreading import Proofreader
from bot.followup import audit, duty, translations
from bot.followup.access import NotAllowed, rights_of
from bot.i18n import review
from bot.i18n.catalogs import Catalogs
from bot.i18n.lints import problem_words
from bot.i18n.review import PARTS, STATES, Sentence

# Keeps a page small on a slow line.
PAGE_SIZE = 20
_PATH = "/translations"


def routes(console: Console) -> list[BaseRoute]:
    """Return the routes of the translations."""
    proofreader = Proofreader(console.wording, LIMITS.values())
    one = f"{_PATH}/{{language}}"
    return [
        guarded(console, _PATH, _overview),
        guarded(console, f"{_PATH}/reviewers", _change_reviewers, method="POST"),
        guarded(console, one, partial(_language, proofreader=proofreader)),
        guarded(console, one, partial(_save, proofreader=proofreader), method="POST"),
    ]


def _overview(visit: Visit) -> Response:
    with visit.console.database.read() as connection:
        seen = _catalogs(visit, connection)
        allowed = _allowed(visit, connection)
        named = translations.reviewers(connection)
        own = staff.c.structure_id == visit.member.structure_id
        members = duty.active_members(connection, own) if rights_of(visit.member).words else []
    if not allowed:
        raise NotAllowed("no language to review")
    return visit.page(
        "translations.html",
        languages=[
            (
                seen.languages[code],
                review.by_part(seen, code),
                [row for row in named if row.language == code],
            )
            for code in allowed
        ],
        members=members,
        part_words=review.part_words(visit.pages.translate),
    )


def _change_reviewers(visit: Visit) -> Response:
    """Name somebody of the own structure for a language, or let them no longer review it."""
    if not rights_of(visit.member).words:
        raise NotAllowed("reviewers are named by others")
    language, who = visit.form.get("language", ""), visit.form.get("who", "")
    if language not in _languages(visit):
        raise HTTPException(404)
    if who.isdecimal() and len(who) < 10:
        with visit.console.database.write() as connection:
            own = staff.c.structure_id == visit.member.structure_id
            if not duty.active_members(connection, own, staff.c.id == int(who)):
                raise NotAllowed(f"staff {who}")
            if visit.form.get("do") == "dismiss":
                changed = translations.dismiss_reviewer(connection, int(who), language)
                action = "reviewer.dismiss"
            else:
                changed = translations.name_reviewer(
                    connection, int(who), language, visit.now, visit.member
                )
                action = "reviewer.name"
            if changed:
                audit.record_by(connection, visit.member, action, "staff", int(who), visit.now)
    return go(f"{_PATH}#{language}")


def _language(visit: Visit, *, proofreader: Proofreader) -> Response:
    code = _code(visit)
    with visit.console.database.read() as connection:
        _check(visit, connection, code)
        seen = _catalogs(visit, connection)
        hands = translations.last_hands(connection, code)
    return _draw(visit, code, seen, hands, proofreader)


def _draw(
    visit: Visit,
    code: str,
    seen: Catalogs,
    hands: dict[tuple[str, str], Any],
    proofreader: Proofreader,
    *,
    refused: dict[str, Any] | None = None,
    status: int = 200,
) -> Response:
    """Draw the sentences that are asked for; ``refused`` is what was typed, and what is wrong."""
    every = list(review.sentences(seen, code))
    part, state, sought = _filters(visit)
    part = part if part in PARTS else PARTS[0]
    wanted = [
        sentence
        for sentence in every
        if (sought or sentence.part == part)
        and (not state or sentence.state == state)
        and _speaks_of(sentence, sought)
    ]
    page = page_number(visit)
    shown = wanted[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    if refused and all(_key(sentence) != refused["key"] for sentence in shown):
        shown = [sentence for sentence in every if _key(sentence) == refused["key"]]
    return visit.page(
        "translation.html",
        status=status,
        language_read=seen.languages[code],
        parts=[(each, review.coverage(s for s in every if s.part == each)) for each in PARTS],
        states=STATES,
        part=part,
        state=state,
        sought=sought,
        sentences=[
            {
                "key": _key(sentence),
                "sentence": sentence,
                "room": proofreader.room_for(sentence.context),
                "hand": hands.get((sentence.context, sentence.source)),
            }
            for sentence in shown
        ],
        total=len(wanted),
        page=page,
        more=len(wanted) > page * PAGE_SIZE,
        done=visit.query("done"),
        refused=refused,
        part_words=review.part_words(visit.pages.translate),
        state_words=review.state_words(visit.pages.translate),
        digest=_digest,
    )


def _save(visit: Visit, *, proofreader: Proofreader) -> Response:
    code = _code(visit)
    with visit.console.database.write() as connection:
        _check(visit, connection, code)
        seen = _catalogs(visit, connection)
        found = [s for s in review.sentences(seen, code) if _key(s) == visit.form.get("sentence")]
        if not found:
            # The French was changed since the page was opened: its translation is gone too.
            raise HTTPException(404)
        sentence = found[0]
        text = visit.form.get("text", "").replace("\r\n", "\n").strip()
        signed = visit.form.get("do") == "sign"
        wrong, status = _problems(visit, proofreader, seen, sentence, text, code, signed=signed)
        if wrong:
            refused = {
                "key": _key(sentence),
                "text": text,
                "problems": wrong,
            }
            hands = translations.last_hands(connection, code)
            return _draw(visit, code, seen, hands, proofreader, refused=refused, status=status)
        if _changes(sentence, text, signed=signed):
            translations.record(
                connection,
                visit.member,
                visit.now,
                language=code,
                context=sentence.context,
                source=sentence.source,
                text=text,
                replaces=seen.filed(sentence.context, sentence.source, code),
                signed=signed,
            )
    part, state, _sought = _filters(visit)
    done = "signed" if signed else "kept"
    return go(
        f"{_PATH}/{code}?part={part}&state={state}&page={page_number(visit)}&done={done}"
        f"#s-{_key(sentence)}"
    )


def _problems(
    visit: Visit,
    proofreader: Proofreader,
    seen: Catalogs,
    sentence: Sentence,
    text: str,
    code: str,
    *,
    signed: bool,
) -> tuple[list[str], int]:
    """Return why a text is not saved, in words, and the status to answer with."""
    _ = visit.pages.translate
    before = sentence.own.text if sentence.own else ""
    if visit.form.get("before", "") != _digest(before) and text != before:
        return [_("Une autre personne vient de changer cette phrase. La voici : relisez.")], 409
    if not text:
        return ([_("Sans traduction, il n’y a rien à signer.")], 422) if signed else ([], 200)
    found = proofreader.read(sentence.context, sentence.source, text, code, draft=not signed)
    return [problem_words(problem, _) for problem in found], 422


def _changes(sentence: Sentence, text: str, *, signed: bool) -> bool:
    before = sentence.own.text if sentence.own else ""
    return text != before or (signed and sentence.state != "signed")


def _languages(visit: Visit) -> list[str]:
    return [each.code for each in review.to_translate(visit.console.wording.catalogs)]


def _code(visit: Visit) -> str:
    code: str = visit.request.path_params["language"]
    if code not in _languages(visit):
        raise HTTPException(404)
    return code


def _allowed(visit: Visit, connection: Connection) -> list[str]:
    return translations.languages_of(connection, visit.member, _languages(visit))


def _check(visit: Visit, connection: Connection, code: str) -> None:
    if code not in _allowed(visit, connection):
        raise NotAllowed(f"language {code}")


def _catalogs(visit: Visit, connection: Connection) -> Catalogs:
    """Return the words as they are now: those of the process follow a moment later."""
    return visit.console.wording.catalogs.corrected(translations.corrections(connection))


def _filters(visit: Visit) -> tuple[str, str, str]:
    """Return the part and the state to show, and what to look for."""
    part = visit.query("part")
    state = visit.query("state")
    return (
        part if part in PARTS else PARTS[0],
        state if state in STATES else "",
        visit.query("q").strip()[:80],
    )


def _speaks_of(sentence: Sentence, sought: str) -> bool:
    texts = [sentence.source, sentence.own.text if sentence.own else ""]
    return not sought or any(sought.casefold() in text.casefold() for text in texts)


def _key(sentence: Sentence) -> str:
    return key_of(sentence.context, sentence.source)


def key_of(context: str, source: str) -> str:
    """Return what a form calls a sentence by: it is another one once the French has changed."""
    return _digest(f"{context}\0{source}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
