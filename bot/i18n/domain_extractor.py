"""A Babel extractor for Rasa's ``domain.yml``: the sentences of the chat."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any

import yaml

from bot.i18n.speech import SPOKEN, SPOKEN_VOUS

_Found = tuple[int, str, tuple[str, str], list[str]]


def extract_domain(
    fileobj: IO[bytes],
    keywords: Collection[str],
    comment_tags: Collection[str],
    options: Mapping[str, Any],
) -> Iterator[_Found]:
    """Yield each response's text, its forms and its buttons, with the response as context.

    The parameters are those Babel calls with. The contexts are those that
    ``bot.i18n.wording.Wording`` looks up.
    """
    for name, variants in yaml.safe_load(fileobj)["responses"].items():
        for variant in variants:
            yield 0, "pgettext", (name, variant["text"]), []
            vous = variant.get("metadata", {}).get("vous")
            if vous:
                yield 0, "pgettext", (f"{name}|vous", vous), []
            for key, form in ((SPOKEN, ""), (SPOKEN_VOUS, "|vous")):
                if spoken := variant.get("metadata", {}).get(key):
                    yield 0, "pgettext", (f"{name}|{SPOKEN}{form}", spoken), []
            for button in variant.get("buttons", ()):
                yield 0, "pgettext", (f"{name}|button", button["title"]), []
