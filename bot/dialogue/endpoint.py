"""Custom actions run in this process, behind the seam that Rasa has for its HTTP action server."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import Any

import structlog
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

from actions.provider import telling
from bot.db.engine import savepoint
from bot.dialogue.nlg import ERROR
from bot.dialogue.turn import current_turn

_log = structlog.get_logger(__name__)


class InProcessActions(EndpointConfig):
    """Answers Rasa's calls of custom actions without HTTP.

    An action that raises is undone alone, and the person is told; the turn counts as failed.
    """

    def __init__(self, actions: Iterable[Action]) -> None:
        super().__init__(enable_selective_domain=True)
        self._executor = ActionExecutor()
        for action in actions:
            self._executor.register_action(action)

    @property
    def names(self) -> set[str]:
        """The actions that can be run."""
        return set(self._executor.actions)

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Run the action that ``json`` names.

        Raises:
            ClientResponseError: the action rejects its execution, as over HTTP (400).
        """
        turn, call = current_turn(), kwargs["json"]
        name = call["next_action"]
        try:
            # PostgreSQL refuses all further statements of a transaction after a failed one.
            with savepoint(turn.caller.connection), telling(turn.caller):
                return await self._executor.run(call)
        except ActionExecutionRejection as rejection:
            body = {"action_name": rejection.action_name, "error": rejection.message}
            raise ClientResponseError(400, "rejected", json.dumps(body)) from rejection
        except Exception as error:
            turn.failed = True
            _log.error("action failed", action=name, error=type(error).__name__)
            return {"events": [], "responses": [{"response": ERROR}]}


def find_actions(package: ModuleType) -> Iterator[Action]:
    """Build each action class of a package, as ``rasa run actions`` does: without arguments."""
    for module_info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        module = importlib.import_module(module_info.name)
        for _name, found in inspect.getmembers(module, inspect.isclass):
            own = found.__module__ == module.__name__
            if own and issubclass(found, Action) and not inspect.isabstract(found):
                yield found()
