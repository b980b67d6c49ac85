"""Rasa's rules, where no rule is written for the very words of a message."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import PREVIOUS_ACTION, SHOULD_NOT_BE_SET, USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.trackers import DialogueStateTracker

# What a rule asks of the newest state: the action before, and the intent; None for any.
_Newest = tuple[str | None, str | None]


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class IntentRulePolicy(RulePolicy):
    """Predicts from intents alone, and finds the rules that may apply by an index.

    Rasa's own looks for a rule with the text of the message first, though ours name intents, and
    compares each rule with each state of the conversation: a fifth of a turn.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._indexes: dict[int, Mapping[_Newest, list[str]]] | None = None

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Predict the next action (see the parent)."""
        if self._indexes is None:
            # Only now: training still changes the rules while it compares them.
            used = (self.lookup[RULES], self.lookup[RULES_FOR_LOOP_UNHAPPY_PATH])
            self._indexes = {id(rules): _index(rules) for rules in used}
        return super().predict_action_probabilities(tracker, domain, rule_only_data, **kwargs)

    def _find_action_from_rules(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        use_text_for_last_user_input: bool,
    ) -> tuple[str | None, str | None, bool]:
        if use_text_for_last_user_input:
            return None, None, False
        return super()._find_action_from_rules(tracker, domain, use_text_for_last_user_input)

    def _get_possible_keys(self, lookup: dict[str, str], states: list[State]) -> set[str]:
        action = _value(states[-1], PREVIOUS_ACTION, "action_name") if states else None
        if self._indexes is None or action is None:
            return super()._get_possible_keys(lookup, states)
        index, intent = self._indexes[id(lookup)], _value(states[-1], USER, "intent")
        may_apply = {
            key: lookup[key]
            for asked in {(action, intent), (action, None), (None, intent), (None, None)}
            for key in index.get(asked, ())
        }
        return super()._get_possible_keys(may_apply, states)


def _index(rules: Mapping[str, str]) -> Mapping[_Newest, list[str]]:
    index: dict[_Newest, list[str]] = defaultdict(list)
    for key in rules:
        newest = RulePolicy._rule_key_to_state(key)[-1]
        asked = _value(newest, PREVIOUS_ACTION, "action_name"), _value(newest, USER, "intent")
        index[asked].append(key)
    return index


def _value(state: Mapping[str, Mapping[str, Any]], part: str, name: str) -> str | None:
    value = state.get(part, {}).get(name)
    return None if value == SHOULD_NOT_BE_SET else value
