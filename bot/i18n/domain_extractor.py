"""A Babel extractor for Rasa's ``domain.yml``: the sentences of the chat."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any

import yaml

_Found = tuple[int, str, tuple[str, str], list[str]]


def extract_domain(
    fileobj: IO[bytes],
    keywords: Collection[str],
    comment_tags: Collection[str],
    options: Mapping[str, Any],
) -> Iterator[_Found]:
    """Yield each response's text, its vous form and its buttons, with the response as context.

    The parameters are those Babel calls with. The contexts are those that
    ``bot.i18n.wording.Wording`` looks up.
    """
    for name, variants in yaml.safe_load(fileobj)["responses"].items():
        for variant in variants:
            yield 0, "pgettext", (name, variant["text"]), []
            vous = variant.get("metadata", {}).get("vous")
            if vous:
                yield 0, "pgettext", (f"{name}|vous", vous), []
            for button in variant.get("buttons", ()):
                yield 0, "pgettext", (f"{name}|button", button["title"]), []
