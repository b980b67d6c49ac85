"""Friendly pages for what goes wrong, anywhere on the site."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.console.pages import ROOT, Pages, all_pages, pages_for
from bot.console.security import add_security_headers
from bot.i18n.wording import Wording

ErrorPage = Callable[[Request, Exception], Awaitable[Response]]


def error_pages(wording: Wording) -> dict[type[Exception], ErrorPage]:
    """Return the handlers to give to the application: for refusals, and for what breaks."""
    translations = all_pages(wording.catalogs)

    async def refused(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 400
        headers = error.headers if isinstance(error, HTTPException) else None
        page = _draw(pages_for(request, translations), request, status)
        return HTMLResponse(page, status_code=status, headers=headers)

    async def broken(request: Request, _error: Exception) -> Response:
        # This answer is made outside every middleware.
        page = _draw(pages_for(request, translations), request, 500)
        response = HTMLResponse(page, status_code=500)
        add_security_headers(response.headers)
        return response

    return {HTTPException: refused, Exception: broken}


def _draw(pages: Pages, request: Request, status: int) -> str:
    title, text = _words(pages, status)
    # Whoever is not of the staff is not led to the console's door.
    home = ROOT if request.url.path.startswith(ROOT) else ""
    return pages.draw("error.html", title=title, text=text, home=home)


def _words(pages: Pages, status: int) -> tuple[str, str]:
    _ = pages.translate
    words = {
        400: (_("Formulaire incomplet"), _("Revenez en arrière et essayez encore.")),
        401: (_("La session est finie"), _("Ouvrez-en une nouvelle pour continuer.")),
        403: (
            _("Cela n’est pas parti"),
            _("La page était ouverte depuis trop longtemps. Rechargez-la, puis recommencez."),
        ),
        404: (
            _("Rien à cette adresse"),
            _("La page n’existe pas, ou elle n’est pas pour votre compte."),
        ),
        413: (_("C’est trop long"), _("Revenez en arrière et raccourcissez le texte.")),
        500: (
            _("Une panne chez nous"),
            _("Les messages reçus sont gardés. Essayez encore dans une minute."),
        ),
    }
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        status = HTTPStatus.NOT_FOUND
    return words.get(status, words[500] if status >= 500 else words[400])
