"""The dialogue kept by Rasa: ``bot.delivery.ports.Dialogue``, one message at a time."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import structlog
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME, UTTER_PREFIX
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.nlu.training_data.message import Message
from rasa_sdk import Action

from bot.delivery.ports import Answer, Memory, Understood
from bot.dialogue.agent import DialogueUnfit
from bot.dialogue.endpoint import InProcessActions
from bot.dialogue.memory import recall, remember
from bot.dialogue.nlg import ERROR, GettextNLG
from bot.dialogue.output import Replies
from bot.dialogue.processor import TurnProcessor
from bot.dialogue.turn import Turn, taking
from bot.followup.caller import Caller
from bot.i18n.wording import Wording

_log = structlog.get_logger(__name__)

_ENTITY_FIELDS = ("entity", "value", "start", "end")


class RasaDialogue:
    """Understands and answers with a trained model. Build it by ``load_dialogue``.

    Raises:
        DialogueUnfit: the model calls an action or a response that does not exist.
    """

    def __init__(self, model: Path, wording: Wording, actions: Iterable[Action]) -> None:
        self._wording = wording
        nlg = GettextNLG(wording=wording)
        endpoint = InProcessActions(actions)
        self._processor = TurnProcessor(
            model,
            # Neither is used: a turn brings its own tracker, and delivery claims a conversation
            # before it asks for an answer.
            InMemoryTrackerStore(None),
            InMemoryLockStore(),
            nlg,
            action_endpoint=endpoint,
            on_circuit_break=_give_up,
        )
        self._domain = self._processor.domain
        nlg.responses = self._domain.responses
        self._refuse_what_is_missing(endpoint.names)

    async def understand(self, text: str) -> Understood:
        """Classify one message (see the port). A leading "/" is no command: anyone can type it."""
        words = _without_slash(text)
        if not words:
            return _understood(_without_intent(text), 0)
        parse = await self._processor.parse_message(UserMessage(words))
        return _understood(parse, len(text) - len(words))

    async def answer(
        self, message: Understood | str, caller: Caller, memory: Memory | None
    ) -> Answer:
        """Answer one message (see the port). Nothing said is a failure: nobody meets silence."""
        parse = await self._parse_choice(message) if isinstance(message, str) else message.parse
        turn, replies = Turn(caller), Replies()
        sender_id = "nobody" if caller.talk is None else str(caller.talk.id)
        tracker = recall(memory, sender_id, self._domain, caller.now)
        with taking(turn):
            message = UserMessage(parse["text"], replies, sender_id, parse_data=parse)
            await self._processor.answer(message, tracker)
        failed = turn.failed or replies.failed or not replies.said
        if not replies.said:
            _log.error("nothing said", intent=parse["intent"]["name"])
            replies.said.append(self._wording.say(ERROR, turn.language, turn.form))
        return Answer(
            said=tuple(replies.said),
            memory=remember(tracker, caller.now),
            expects_number=replies.expects_number,
            in_form=tracker.active_loop_name is not None,
            failed=failed,
        )

    async def _parse_choice(self, payload: str) -> dict[str, Any]:
        """Read "/intent{...}" as Rasa does; other payloads are what the button types for a person.

        An intent that is none of ours is not understood: a button may be older than the model.
        """
        if not payload.startswith("/"):
            return (await self.understand(payload)).parse
        parsed = YAMLStoryReader.unpack_regex_message(Message({"text": payload}), self._domain)
        if parsed.get("intent") is None:
            return _without_intent(payload)
        return parsed.as_dict(only_output_properties=True)

    def _refuse_what_is_missing(self, actions: set[str]) -> None:
        named = {name for name in self._domain.user_actions if not name.startswith(UTTER_PREFIX)}
        if missing := named - actions:
            raise DialogueUnfit(f"domain.yml names actions without a class: {sorted(missing)}")
        if ERROR not in self._domain.responses:
            raise DialogueUnfit(f"domain.yml must have a response {ERROR!r}")


def _without_slash(text: str) -> str:
    """Return what was typed from its first word on: Rasa strips any space and obeys a slash."""
    while text != (bare := text.lstrip().lstrip("/")):
        text = bare
    return text


def _understood(parse: dict[str, Any], offset: int) -> Understood:
    """Return Rasa's result with positions in the text as it was written."""
    guesses = parse.get("intent_ranking") or [parse["intent"]]
    best = next(
        (guess for guess in guesses if guess["name"] != DEFAULT_NLU_FALLBACK_INTENT_NAME),
        parse["intent"],
    )
    entities = tuple(
        {
            **{field: entity.get(field) for field in _ENTITY_FIELDS},
            "start": entity["start"] + offset,
            "end": entity["end"] + offset,
        }
        for entity in parse["entities"]
    )
    return Understood(
        intent=parse["intent"]["name"],
        confidence=float(best["confidence"]),
        entities=entities,
        parse=parse,
    )


def _without_intent(text: str) -> dict[str, Any]:
    intent = {"name": DEFAULT_NLU_FALLBACK_INTENT_NAME, "confidence": 0.0}
    return {"text": text, "intent": intent, "entities": [], "intent_ranking": [intent]}


def _give_up(
    tracker: DialogueStateTracker, replies: OutputChannel, nlg: NaturalLanguageGenerator
) -> None:
    """Count a turn as failed in which Rasa predicted one action after another without end."""
    if isinstance(replies, Replies):
        replies.failed = True
