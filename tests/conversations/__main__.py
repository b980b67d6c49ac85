"""Write the conversations of every language: ``python -m tests.conversations [LANGUAGE ...]``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bot.db.engine import Database
from bot.db.tables import metadata
from bot.delivery.ports import Dialogue
from bot.dialogue.agent import load_dialogue
from bot.i18n.wording import load_wording
from bot.safety.screen import Screen, load_screen
from bot.settings import PROJECT, read_settings
from tests.conftest import KEYS
from tests.conversations.chats import FLOWS, WRITTEN, page, page_path
from tests.conversations.town import Town


def conversations_of(language: str, screen: Screen, dialogue: Dialogue) -> str:
    """Walk every flow in a language; return the page."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'akoma.db'}", KEYS)
        try:
            with database.write() as connection:
                metadata.create_all(connection)
            with Town(database, screen, dialogue, language).open() as town:
                return page(language, [(flow, flow(town)) for flow in FLOWS])
        finally:
            database.close()


def main() -> int:
    """Write the pages of the languages named, else of all."""
    settings = read_settings(needs_key=False)
    screen = load_screen(settings.model_path)
    dialogue = load_dialogue(settings, load_wording(PROJECT))
    for language in sys.argv[1:] or WRITTEN:
        path = page_path(language)
        path.parent.mkdir(exist_ok=True)
        path.write_text(conversations_of(language, screen, dialogue), encoding="utf-8")
        sys.stderr.write(f"written: {path.relative_to(PROJECT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
