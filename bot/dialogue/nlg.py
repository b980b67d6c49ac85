"""Rasa's wording, done by ours: the language and the form of address are those of the turn."""

from __future__ import annotations

from typing import Any

import structlog
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.dialogue.turn import turn_if_any
from bot.followup.conversations import DEFAULT_LANGUAGE
from bot.i18n.wording import Wording, load_wording
from bot.settings import PROJECT

ERROR = "utter_error"
# How ``rasa shell`` speaks, where nobody is calling.
_SHELL_FORM = "tu"
# Rasa sends these along with the values of a response.
_NOT_VALUES = frozenset(
    ("text", "image", "custom", "elements", "attachment", "template", "domain_responses")
)

_log = structlog.get_logger(__name__)


class GettextNLG(TemplatedNaturalLanguageGenerator):
    """Says a response through ``Wording``.

    In ``endpoints.yml`` (``rasa shell``): ``nlg: {type: bot.dialogue.nlg.GettextNLG}``; it then
    reads the project's own sentences.
    """

    def __init__(
        self,
        endpoint_config: EndpointConfig | None = None,
        domain: Domain | None = None,
        *,
        wording: Wording | None = None,
    ) -> None:
        super().__init__(domain.responses if domain else {})
        self._wording = wording or load_wording(PROJECT)

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **sent: Any,
    ) -> dict[str, Any]:
        """Word a response with the values sent along.

        A response that cannot be worded becomes an honest sentence and a failed turn: were the
        error raised here, Rasa would swallow it and the person would get silence.
        """
        try:
            return self._word(utter_action, **sent)
        except Exception as error:
            turn = turn_if_any()
            if turn is None or utter_action == ERROR:
                raise
            turn.failed = True
            _log.error("response not worded", response=utter_action, error=type(error).__name__)
            return self._word(ERROR)

    def _word(
        self,
        name: str,
        /,
        buttons: list[dict[str, Any]] | None = None,
        language: str | None = None,
        **sent: Any,
    ) -> dict[str, Any]:
        turn = turn_if_any()
        spoken, form = (turn.language, turn.form) if turn else (DEFAULT_LANGUAGE, _SHELL_FORM)
        # An action that changes the language says so in the new one.
        language = language or spoken
        values = {key: value for key, value in sent.items() if key not in _NOT_VALUES}
        said = self._wording.say(name, language, form, **values)
        choices = list(said.choices)
        for button in buttons or ():
            if "title" in button:
                title = self._wording.value(button["title"], language, form)
            else:
                title = self._wording.say(button["title_response"], language, form).text
            choices.append((button.get("key", str(len(choices) + 1)), title, button["payload"]))
        if buttons:
            # Rasa adds this very list to what is returned here, unworded.
            buttons.clear()
        return {
            "text": said.text,
            "buttons": [
                {"key": key, "title": title, "payload": payload} for key, title, payload in choices
            ],
            "expects": self._expects(name),
            "voice": said.voice,
        }

    def _expects(self, name: str) -> str | None:
        variants = self.responses.get(name) or [{}]
        return (variants[0].get("metadata") or {}).get("expects")
