"""The invitation: a code shown once, its links and pictures, and a card to print.

The card carries what a phone may show and nothing else (safeguarding 1): the structure's visible
name, the code, the pictures. No name, no case number, no name of the project.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.console.person.page import Refused, person_page
from bot.console.qr import qr_picture
from bot.console.visit import Console, Visit, guarded
from bot.followup.access import readable_person
from bot.followup.consent import ConsentMissing
from bot.followup.enrolment import invite
from bot.followup.people import structure_of
from bot.i18n.translator import page_language


@dataclass(frozen=True)
class Door:
    """A channel by which to come in: its link, and the link as a picture (inline SVG)."""

    channel: str
    link: str
    picture: Markup

    @property
    def shown(self) -> str:
        """Where to write, for who types it: "t.me/InfosEcoleBot"."""
        return self.link.partition("?")[0].removeprefix("https://")


def routes(console: Console) -> list[BaseRoute]:
    """Return the route of the card. By POST: each time it is shown there is a new code."""
    return [guarded(console, "/people/{id:int}/card", _card, method="POST")]


def _card(visit: Visit) -> Response:
    _ = visit.pages.translate
    person_id = visit.number("id")
    try:
        with visit.console.database.write() as connection:
            invitation = invite(connection, visit.member, person_id, visit.now)
            someone = readable_person(connection, visit.member, person_id)
            home = structure_of(connection, someone)
    except ConsentMissing:
        reason = _("Avant le code : un accord noté. Sans lui, ou après un non, pas de code.")
        return person_page(visit, refused=Refused("consent", reason))
    links = visit.console.invitation_links(invitation.code)
    # The card is in the person's language, the page around it in the worker's.
    language = page_language(visit.console.wording.catalogs, someone.language)
    pages = visit.console.translations.get(language, visit.console.translations["fr"])
    doors = [Door(name, link, qr_picture(link)) for name, link in links.items()]
    card = pages.draw(
        "_card.html",
        title=home.visible_name,
        form=someone.address_form,
        code=f"{invitation.code[:4]} {invitation.code[4:]}",
        doors=doors,
        until=pages.words.moment(invitation.expires_at, visit.now, visit.member.timezone),
    )
    return visit.page(
        "card.html",
        someone=someone,
        title=home.visible_name,
        card=Markup(card),  # noqa: S704 (drawn by a template of ours, escaped there)
        doors=doors,
        until=visit.pages.words.moment(invitation.expires_at, visit.now, visit.member.timezone),
    )
