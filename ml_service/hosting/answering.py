"""Which revisions answer in one process, and how it follows the pointers on the shelf."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress

from ml_service.domain.errors import ModelError, ModelNotFound, ModelUnavailable
from ml_service.domain.prediction import ModelRef
from ml_service.domain.unexpected import where_it_happened
from ml_service.hosting.choice import ALIASES, Alias
from ml_service.hosting.memory import ModelMemory
from ml_service.hosting.pointers import Pointers
from ml_service.hosting.shelf import ModelShelf
from ml_service.hosting.traffic import PLAIN, Traffic

log = logging.getLogger(__name__)


class Answering:
    """What answers moves on only when the next one is loaded and has answered its canary."""

    def __init__(self, shelf: ModelShelf) -> None:
        self._shelf = shelf
        self._aliases: dict[str, dict[Alias, str]] = {}
        self._traffic: dict[str, Traffic] = {}
        self._one_refresh = asyncio.Lock()

    @property
    def aliases(self) -> Mapping[str, Mapping[Alias, str]]:
        """Revision by alias by name."""
        return self._aliases

    def traffic(self, model_id: str) -> Traffic:
        return self._traffic.get(model_id, PLAIN)

    def pointed(self, model_id: str, arm: str) -> str:
        """Raises ModelNotFound where there is no challenger, and ModelUnavailable where there is no
        champion: callers who name no version then get no answer either.
        """
        if arm not in ALIASES:
            return arm
        found = [
            revision for alias, revision in self._aliases.get(model_id, {}).items() if alias == arm
        ]
        if not found:
            kind = ModelUnavailable if arm == "champion" else ModelNotFound
            raise kind(f"No revision of {model_id} is the {arm}. Promote one.")
        return found[0]

    def leads_to(self, ref: ModelRef) -> bool:
        """Whether an alias does, or an arm."""
        pointed = self._aliases.get(ref.model_id, {}).values()
        return ref.revision in {*pointed, *self.traffic(ref.model_id).arms}

    async def refresh(self, memory: ModelMemory) -> None:
        """One model that cannot be followed holds up no other."""
        async with self._one_refresh:
            seen = await asyncio.to_thread(self._seen)
            for gone in set(self._aliases) - set(seen):
                del self._aliases[gone]
                self._traffic.pop(gone, None)
            for model_id, pointers in seen.items():
                try:
                    await self._follow(model_id, pointers, memory)
                except Exception as error:  # noqa: BLE001 - the others are followed all the same
                    log.error("model %s: unexpected %s", model_id, where_it_happened(error))
            await self._forget_what_is_gone(memory)

    def _seen(self) -> dict[str, Pointers]:
        seen = {}
        for model_id in self._shelf.names():
            with suppress(ModelNotFound):
                seen[model_id] = self._shelf.pointers(model_id)
        return seen

    async def _follow(self, model_id: str, seen: Pointers, memory: ModelMemory) -> None:
        """A pointer that says nothing readable leaves the former champion answering."""
        self._traffic[model_id] = seen.traffic
        answering = self._aliases.setdefault(model_id, {})
        if "challenger" not in seen.aliases:
            answering.pop("challenger", None)
        for alias, revision in seen.aliases.items():
            before = answering.get(alias)
            if before == revision:
                continue
            if before is None:
                answering[alias] = revision
            elif await _comes_up(ModelRef(model_id, revision), memory):
                answering[alias] = revision
                log.info("model %s: revision %s is the %s", model_id, revision, alias)
                memory.count("swap", model_id, revision)
                self._retire(ModelRef(model_id, before), memory)

    def _retire(self, ref: ModelRef, memory: ModelMemory) -> None:
        """What no alias leads to any more ends what it has in work, and goes."""
        slot = memory.find(ref)
        if slot is not None and ref.revision not in self._aliases[ref.model_id].values():
            memory.retire(slot)

    async def _forget_what_is_gone(self, memory: ModelMemory) -> None:
        """What another process removed ends what it has in work, and answers nobody else. What
        something leads to stays: nobody removes that, so its folder is only out of reach.
        """
        unled = [ref for ref in memory.refs if not self.leads_to(ref)]
        for ref in await asyncio.to_thread(self._gone, unled):
            slot = memory.find(ref)
            if slot is not None and slot.loading is None:
                memory.retire(slot)
                memory.forget(slot)

    def _gone(self, refs: list[ModelRef]) -> list[ModelRef]:
        return [ref for ref in refs if not self._shelf.holds(ref.model_id, ref.revision)]


async def _comes_up(ref: ModelRef, memory: ModelMemory) -> bool:
    try:
        slot = await memory.slot(ref)
        await memory.held(slot)
    except (ModelNotFound, ModelError):
        return False
    slot.retires = False
    return True
