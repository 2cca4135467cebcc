"""The registry as operators see it: what there is, what answers, and how traffic is shared."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from ml_service.domain.arms import ArmFigures, ArmLog
from ml_service.domain.errors import InvalidRequest, ModelNotFound
from ml_service.domain.ports import Clock
from ml_service.domain.prediction import ModelRef
from ml_service.hosting.choice import ALIASES, Alias
from ml_service.hosting.host import ModelHost
from ml_service.hosting.loaded import RevisionState
from ml_service.hosting.model_files import kind_of
from ml_service.hosting.shelf import ShelfEntry
from ml_service.hosting.traffic import Traffic, traffic_of
from ml_service.use_cases.caller import current_caller_name
from ml_service.use_cases.career_models import CAREER

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RegisteredRevision:
    """``kind`` and ``sha256`` are None where the manifest cannot be read. ``state`` is as seen
    from the process that answers.
    """

    model_id: str
    revision: str
    kind: str | None
    aliases: tuple[Alias, ...]
    sha256: str | None
    size_bytes: int
    trained_at: str | None
    metrics: Mapping[str, object]
    state: RevisionState


@dataclass(frozen=True, slots=True)
class TrafficReport:
    traffic: Traffic
    arms: tuple[ArmFigures, ...]


class HostModels:
    def __init__(self, *, host: ModelHost, arms: ArmLog, clock: Clock) -> None:
        self._host = host
        self._arms = arms
        self._clock = clock

    async def registry(self) -> tuple[RegisteredRevision, ...]:
        """By name, the oldest revision first."""
        return await asyncio.to_thread(lambda: self._told_all(self._host.shelf.entries()))

    async def find(self, model_id: str) -> tuple[RegisteredRevision, ...]:
        """The oldest first. Raises ModelNotFound."""
        shelf = self._host.shelf
        found = await asyncio.to_thread(lambda: self._told_all(shelf.revisions(model_id)))
        if not found:
            raise ModelNotFound
        return found

    async def point(self, model_id: str, alias: str, revision: str) -> RegisteredRevision:
        """Once the revision is loaded and has answered its canary.

        Raises InvalidRequest, ModelNotFound, ModelUnavailable or WeightsMismatch, and then what
        answered before goes on answering.
        """
        await self._host.point(model_id, _alias(alias), revision)
        self._say("%s: revision %s is the %s", model_id, revision, alias)
        return next(found for found in await self.find(model_id) if found.revision == revision)

    async def drop(self, model_id: str, alias: str) -> None:
        """Raises InvalidRequest, ModelNotFound or ModelInUse."""
        if _alias(alias) == "champion":
            raise InvalidRequest("A model has a champion: move the alias instead.", field="alias")
        await self._host.drop_challenger(model_id)
        self._say("%s: no challenger any more", model_id)

    async def share(
        self, model_id: str, weights: Mapping[str, float], *, shadow: str | None
    ) -> TrafficReport:
        """From now on; the figures begin anew.

        Raises InvalidRequest, ModelNotFound, ModelUnavailable or WeightsMismatch, and then nothing
        has changed.
        """
        traffic = traffic_of(weights, shadow=shadow, since=self._clock())
        if shadow is not None:
            await asyncio.to_thread(self._refuse_shadow, model_id)
        await self._host.share(model_id, traffic)
        self._say("%s: traffic %s", model_id, traffic.as_json())
        return await self.traffic(model_id)

    async def traffic(self, model_id: str) -> TrafficReport:
        """Since the traffic was last changed; of all time where it never was.

        Raises ModelNotFound or StorageUnavailable.
        """
        pointers = await asyncio.to_thread(self._host.shelf.pointers, model_id)
        figures = await self._arms.figures(model_id, since=pointers.traffic.since)
        return TrafficReport(pointers.traffic, figures)

    async def remove(self, model_id: str, revision: str) -> None:
        """For good. Raises ModelNotFound or ModelInUse."""
        await self._host.remove(ModelRef(model_id, revision))
        self._say("%s: revision %s removed", model_id, revision)

    def _refuse_shadow(self, model_id: str) -> None:
        """A shadow sees resumes, so it has to read them. Raises InvalidRequest."""
        entries = self._host.shelf.revisions(model_id)
        kinds = {kind_of(entry.manifest) for entry in entries if entry.manifest is not None}
        if kinds - {CAREER}:
            raise InvalidRequest(
                "Only models of career paths have a shadow. Give the arm a small weight instead.",
                field="shadow",
            )

    def _told_all(self, entries: Sequence[ShelfEntry]) -> tuple[RegisteredRevision, ...]:
        """What is removed meanwhile is left out."""
        told = []
        for entry in entries:
            with suppress(ModelNotFound, OSError):
                told.append(self._told(entry))
        return tuple(told)

    def _told(self, entry: ShelfEntry) -> RegisteredRevision:
        manifest = entry.manifest or {}
        pointers = self._host.shelf.pointers(entry.model_id)
        metrics = manifest.get("metrics")
        return RegisteredRevision(
            model_id=entry.model_id,
            revision=entry.revision,
            kind=None if entry.manifest is None else kind_of(manifest),
            aliases=tuple(
                alias for alias in ALIASES if pointers.aliases.get(alias) == entry.revision
            ),
            sha256=_text(manifest.get("weights_sha256")),
            size_bytes=self._host.shelf.size_bytes(entry.model_id, entry.revision),
            trained_at=_text(manifest.get("trained_at")),
            metrics=metrics if isinstance(metrics, Mapping) else {},
            state=self._host.state_of(ModelRef(entry.model_id, entry.revision)),
        )

    @staticmethod
    def _say(what: str, *names: object) -> None:
        log.info(f"models: {what} (by %s)", *names, current_caller_name())


def _alias(said: str) -> Alias:
    for alias in ALIASES:
        if alias == said:
            return alias
    raise InvalidRequest("An alias is champion or challenger.", field="alias")


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
