"""Drawing the console's pages: the templates, the words in them, the files they load."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from bot.console.words import Words
from bot.i18n.catalogs import Catalogs
from bot.i18n.templates import translated_templates
from bot.i18n.translator import translator

ROOT = "/console"
LANGUAGES = ("fr", "en")
# The language is each browser's own choice.
LANGUAGE_COOKIE = "akoma_language"
_HERE = Path(__file__).parent
_STATIC = _HERE / "static"


class Pages:
    """The console's pages in one language: its ``code`` and what it calls itself (``name``)."""

    def __init__(self, catalogs: Catalogs, language: str = "fr") -> None:
        self.code, self.name = language, catalogs.languages[language].name
        self.translate = translator(catalogs, language)
        self._catalogs = catalogs
        self._words = (catalogs.version, self._make_words())
        self._templates = translated_templates(_HERE / "templates", catalogs, language)
        self._templates.globals.update(root=ROOT, asset=_asset_urls().__getitem__)

    @property
    def words(self) -> Words:
        """The words as reviewers have them now: made again when they have changed any."""
        version = self._catalogs.version
        made_at, words = self._words
        if made_at != version:
            words = self._make_words()
            self._words = (version, words)
        return words

    def draw(self, template: str, **values: Any) -> str:
        """Return a page, or a part of one, as HTML."""
        return self._templates.get_template(template).render(say=self.words, **values)

    def _make_words(self) -> Words:
        return Words(self.translate, self._catalogs.locale(self.code))


def all_pages(catalogs: Catalogs) -> dict[str, Pages]:
    """Return the pages in each language that the console has."""
    return {code: Pages(catalogs, code) for code in LANGUAGES}


def pages_for(request: Request, translations: Mapping[str, Pages]) -> Pages:
    """Return the pages in the language that this browser chose; French unless it did."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    return translations.get(chosen, translations["fr"])


class Assets(StaticFiles):
    """The files pages load. Their address changes with their content, so browsers keep them."""

    def __init__(self) -> None:
        super().__init__(directory=_STATIC)

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """Return a file that a browser need not ask for again."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def _asset_urls() -> dict[str, str]:
    return {
        name: f"{ROOT}/static/{name}?v={_digest(_STATIC / name)}" for name in os.listdir(_STATIC)
    }


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
