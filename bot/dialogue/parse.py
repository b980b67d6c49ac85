"""``python -m bot parse``: what the model and the screen make of lines, for checks from outside."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from typing import Any

from bot.delivery.ports import Dialogue
from bot.i18n.identify import identify_language
from bot.safety.screen import Screen

_TAXONOMY_NAMES = {"nlu_fallback": "out_of_scope"}


def parse_lines(
    dialogue: Dialogue, screen: Screen, lines: Iterable[str]
) -> Iterator[dict[str, Any]]:
    """Yield one JSON object a line. Lines are independent; blank ones count.

    Args:
        dialogue: what understands.
        screen: the safety screen.
        lines: the messages, with or without line ends.
    """
    for line in lines:
        text = line.rstrip("\r\n")
        understood = asyncio.run(dialogue.understand(text))
        flag = screen.screen(text)
        yield {
            "text": text,
            "language": identify_language(text),
            "intent": _TAXONOMY_NAMES.get(understood.intent, understood.intent),
            "confidence": understood.confidence,
            # As written: the model may have put a synonym in the place of the words.
            "entities": [
                {**entity, "value": text[entity["start"] : entity["end"]]}
                for entity in understood.entities
            ],
            "red_flag": flag and {"category": flag.category, "severity": flag.severity},
        }
