"""Components that learn something in training, store it, and have it again in service."""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path
from typing import Any, Generic, TypeVar

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage

Learned = TypeVar("Learned")
Self = TypeVar("Self", bound="StoredComponent[Any]")


class StoredComponent(GraphComponent, Generic[Learned]):
    """Rasa's way of building a component: to be trained, or with what training ``_store``d."""

    def __init__(
        self, storage: ModelStorage, resource: Resource, learned: Learned | None = None
    ) -> None:
        self._storage = storage
        self._resource = resource
        self._learned_or_none = learned

    @classmethod
    def create(
        cls: type[Self],
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        """Build one that is to be trained."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls: type[Self],
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Self:
        """Load a trained one.

        Raises:
            ValueError: none was stored under ``resource``.
        """
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, cls.read(folder))

    @classmethod
    @abstractmethod
    def read(cls, folder: Path) -> Learned:
        """Read what ``write`` wrote into a folder."""

    @classmethod
    @abstractmethod
    def write(cls, learned: Learned, folder: Path) -> None:
        """Write what was learned into a folder."""

    @property
    def _learned(self) -> Learned:
        if self._learned_or_none is None:
            raise RuntimeError(f"{type(self).__name__} is not trained: call train or load first")
        return self._learned_or_none

    def _store(self, learned: Learned) -> Resource:
        self._learned_or_none = learned
        with self._storage.write_to(self._resource) as folder:
            self.write(learned, folder)
        return self._resource
