"""What ``rasa data validate`` should refuse and does not, or only warns about.

It returns 0 for an intent without examples, an unused sentence, and for most of what is below.
That intents have enough examples, each under one intent, is held by ``tests/nlu/test_data.py``;
that every response, action and button exists and is used by ``test_domain.py``.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import PROJECT

NLU_FILES = sorted((PROJECT / "nlu").glob("*/nlu*.yml"))
RULE_FILES = sorted((PROJECT / "nlu").glob("*.yml"))
# Not Rasa's: it would pass over them without a word.
OURS = {"red_flags.yml", "red_flags_by_ear.yml", "answers.yml", "courtesies.yml"}
SECTIONS = {"intent", "synonym", "lookup", "regex"}
STEPS = {"intent", "action", "active_loop", "slot_was_set"}


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


DOMAIN = _read(PROJECT / "domain.yml")
RULES = [rule for path in RULE_FILES for rule in _read(path)["rules"]]


class _NoKeyTwice(yaml.SafeLoader):
    """Refuses a mapping that names a key twice: the later one would win, silently."""


def _mapping(loader: _NoKeyTwice, node: yaml.MappingNode) -> dict[Any, Any]:
    names = [loader.construct_object(key) for key, _ in node.value]
    twice = [name for name, count in Counter(names).items() if count > 1]
    assert twice == [], f"{node.start_mark}: {twice}"
    return yaml.SafeLoader.construct_mapping(loader, node, deep=True)


_NoKeyTwice.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


@pytest.mark.parametrize(
    "path",
    [*NLU_FILES, *RULE_FILES, *(PROJECT / name for name in ("domain.yml", "config.yml"))],
    ids=lambda path: str(path.relative_to(PROJECT)),
)
def test_no_key_stands_twice(path):
    assert yaml.load(path.read_text(encoding="utf-8"), _NoKeyTwice)  # noqa: S506 (a safe one)


def test_every_file_of_training_data_is_read_by_somebody():
    files = {path for path in (PROJECT / "nlu").rglob("*.yml") if path.name not in OURS}
    assert files == {*NLU_FILES, *RULE_FILES}
    assert [path for path in NLU_FILES if set(_read(path)) != {"version", "nlu"}] == []
    assert [path for path in RULE_FILES if set(_read(path)) != {"version", "rules"}] == []


@pytest.mark.parametrize("path", NLU_FILES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_every_section_is_of_a_kind_and_every_line_is_an_example(path):
    for section in _read(path)["nlu"]:
        assert len(SECTIONS & set(section)) == 1, section
        assert set(section) <= SECTIONS | {"examples"}, section
        wrong = [line for line in section["examples"].splitlines() if not line.startswith("- ")]
        assert wrong == [], section


def test_rules_have_names_of_their_own_and_steps_that_exist():
    names = Counter(rule["rule"] for rule in RULES)
    assert [name for name, count in names.items() if count > 1] == []
    for rule in RULES:
        assert set(rule) <= {"rule", "condition", "steps"}, rule
        for step in [*rule["steps"], *rule.get("condition", ())]:
            assert len(STEPS & set(step)) == 1, step
            assert set(step) <= STEPS, step


def test_rules_begin_differently():
    """Of two rules for one situation only one could ever apply."""
    first = Counter(str((rule["steps"][0].get("intent"), rule.get("condition"))) for rule in RULES)
    assert [begins for begins, count in first.items() if count > 1] == []


def test_rules_name_forms_slots_and_actions_of_the_domain():
    known = {*DOMAIN["actions"], *DOMAIN["responses"], *DOMAIN["forms"], "action_deactivate_loop"}
    for rule in RULES:
        for step in [*rule["steps"], *rule.get("condition", ())]:
            assert step.get("intent") in {None, *DOMAIN["intents"]}, rule
            assert step.get("action") in {None, *known}, rule
            assert step.get("active_loop") in {None, *DOMAIN["forms"]}, rule
            for slots in step.get("slot_was_set", ()):
                assert set(slots) <= {*DOMAIN["slots"], "requested_slot"}, rule


def test_every_action_is_called():
    called = {step["action"] for rule in RULES for step in rule["steps"] if "action" in step}
    called.add("action_not_understood")  # config.yml's, where no rule applies
    for form, asked in DOMAIN["forms"].items():
        called.add(f"validate_{form}")
        called |= {f"action_ask_{slot}" for slot in asked["required_slots"]}
        called |= {f"action_ask_{form}_{slot}" for slot in asked["required_slots"]}
    assert set(DOMAIN["actions"]) - called == set()


def test_slots_are_mapped_to_what_exists_and_forms_ask_for_slots():
    for name, slot in DOMAIN["slots"].items():
        assert slot["mappings"], name
        for mapping in slot["mappings"]:
            assert mapping.get("entity") in {None, *DOMAIN["entities"]}, name
            assert mapping.get("intent") in {None, *DOMAIN["intents"]}, name
    for form, asked in DOMAIN["forms"].items():
        assert set(asked["required_slots"]) <= set(DOMAIN["slots"]), form


@pytest.mark.parametrize("kind", ["intents", "entities", "actions"])
def test_the_domain_names_each_once(kind):
    assert [name for name, count in Counter(DOMAIN[kind]).items() if count > 1] == []
