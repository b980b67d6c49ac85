"""Rasa's message processor without what our turns do not need.

Rasa validates each result of an action against a JSON schema, and the schema against its own
schema each time: 23 of 26 ms of a turn. That guards against foreign action servers. Here actions
run in the process (``bot.dialogue.endpoint``) and rasa_sdk builds their events.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

from rasa.core.actions.action import (
    Action,
    ActionListen,
    RemoteAction,
    action_for_name_or_text,
)
from rasa.core.actions.forms import FormAction
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.engine.loader import load_predict_graph_runner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.common import TempDirectoryPath, get_temp_dir_name

from bot.dialogue.runner import SequentialRunner


class TrustedAction(RemoteAction):
    """A custom action of ours."""

    def _validate_action_result(self, result: dict[str, Any]) -> bool:
        return True


class TrustedForm(FormAction):
    """A form that asks, and validates answers, by custom actions of ours."""

    async def validate_slots(
        self,
        slot_candidates: dict[str, Any],
        tracker: DialogueStateTracker,
        domain: Domain,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
    ) -> list[Event]:
        """Let the form's own action validate what was extracted (see the parent)."""
        name = f"validate_{self.name()}"
        if name not in domain.action_names_or_texts:
            return []
        candidates = [SlotSet(slot, value) for slot, value in slot_candidates.items()]
        action = TrustedAction(name, self.action_endpoint)
        with_candidates = self._temporary_tracker(tracker, candidates, domain)
        return await action.run(output_channel, nlg, with_candidates, domain)

    async def _ask_for_slot(
        self,
        domain: Domain,
        nlg: NaturalLanguageGenerator,
        output_channel: OutputChannel,
        slot_name: str,
        tracker: DialogueStateTracker,
    ) -> list[Event]:
        name = self._name_of_utterance(domain, slot_name)
        if name is None:
            return []
        action = _trusted(action_for_name_or_text(name, domain, self.action_endpoint))
        return await action.run(output_channel, nlg, tracker, domain)


def _trusted(action: Action) -> Action:
    """Return ``action`` without the checks, if it is one that Rasa would check."""
    if type(action) is RemoteAction:
        return TrustedAction(action.name(), action.action_endpoint)
    if type(action) is FormAction:
        return TrustedForm(action.name(), action.action_endpoint)
    return action


class TurnProcessor(MessageProcessor):
    """Answers messages with trusted actions. Trackers come from and go to the caller."""

    @staticmethod
    def _load_model(model_path: str | Path) -> tuple[str, ModelMetadata, GraphRunner]:
        archive = Path(model_path)
        with TempDirectoryPath(get_temp_dir_name()) as folder:
            metadata, runner = load_predict_graph_runner(
                Path(folder), archive, LocalModelStorage, SequentialRunner
            )
        return archive.name, metadata, runner

    async def answer(self, message: UserMessage, tracker: DialogueStateTracker) -> None:
        """Answer one message that was understood already (``parse_data``); its tracker goes on.

        Unlike ``handle_message`` it begins no session (the memory's age ends one) and keeps
        nothing, and it looks through the slots only where Rasa has some to fill.
        """
        await self._handle_message_with_tracker(message, tracker)
        if self._fills_slots:
            await self.run_action_extract_slots(message.output_channel, tracker)
        await self._run_prediction_loop(message.output_channel, tracker)

    @cached_property
    def _fills_slots(self) -> bool:
        """Whether a message may fill a slot; actions alone fill one whose mapping is custom."""
        mappings = (mapping for slot in self.domain.slots for mapping in slot.mappings)
        return any(mapping["type"] != "custom" or "action" in mapping for mapping in mappings)

    def predict_next_with_tracker_if_should(
        self, tracker: DialogueStateTracker
    ) -> tuple[Action, PolicyPrediction]:
        """Predict the next action (see the parent)."""
        action, prediction = super().predict_next_with_tracker_if_should(tracker)
        return _trusted(action), prediction

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        """Run an action; return whether another may follow (see the parent).

        To listen is to do nothing, for which Rasa copies all that was said three times.
        """
        if not isinstance(action, ActionListen):
            return await super()._run_action(action, tracker, output_channel, nlg, prediction)
        tracker.update_with_events(prediction.events, self.domain)
        tracker.update(action.event_for_successful_execution(prediction))
        return False

    def _get_action(self, action_name: str) -> Action:
        return _trusted(super()._get_action(action_name))

    def _check_for_unseen_features(self, parse_data: dict[str, Any]) -> None:
        """Warn of nothing: what a model knows and its domain are of one file.

        To see whether there is a domain Rasa builds an empty one each time, a sixth of reading a
        message.
        """
