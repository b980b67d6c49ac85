"""The policy finds the rules that Rasa's own would, with fewer comparisons."""

import itertools

import pytest
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.components.intent_rules import IntentRulePolicy


@pytest.fixture
def policy(dialogue):
    nodes = dialogue._processor.graph_runner._instantiated_nodes.values()
    return next(n._component for n in nodes if isinstance(n._component, IntentRulePolicy))


def test_the_index_leaves_out_no_rule_that_applies(policy, dialogue):
    domain = dialogue._processor.domain
    tracker = DialogueStateTracker("nobody", domain.slots)
    tracker.update(ActionExecuted("action_listen"))
    tracker.update(UserUttered("", {"name": "greet"}))
    policy.predict_action_probabilities(tracker, domain)  # from here on there is an index
    actions = ["action_listen", *domain.user_actions, *domain.form_names]
    found = 0
    for lookup in (policy.lookup[RULES], policy.lookup[RULES_FOR_LOOP_UNHAPPY_PATH]):
        for action, intent in itertools.product(actions, domain.intents):
            newest = {"user": {"intent": intent}, "prev_action": {"action_name": action}}
            for states in ([newest], [{}, newest]):
                expected = RulePolicy._get_possible_keys(policy, lookup, states)
                assert policy._get_possible_keys(lookup, states) == expected
                found += len(expected)
    assert found
