"""The small files beside the revisions of a name: which of them answers, how traffic is shared."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ml_service.domain.errors import InvalidRequest
from ml_service.hosting.choice import ALIASES, Alias, is_revision
from ml_service.hosting.folders import unfinished
from ml_service.hosting.traffic import PLAIN, Traffic, read_traffic

CHAMPION_FILE = "champion"
TRAFFIC_FILE = "traffic.json"


@dataclass(frozen=True, slots=True)
class Pointers:
    """Which revisions answer for a model. An alias that points at nothing readable is not there."""

    aliases: Mapping[Alias, str]
    traffic: Traffic

    def revision_of(self, arm: str) -> str | None:
        return self.aliases.get(arm) if arm in ALIASES else arm

    def lead_to(self, revision: str) -> bool:
        return revision in {*self.aliases.values(), *self.traffic.arms}


class PointerFiles:
    """Of one name. A change is a rename, so that a reader never sees half of one."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def read(self) -> Pointers:
        """Where the file says nothing readable, all traffic goes to the champion."""
        found = {alias: self.pointed(alias) for alias in ALIASES}
        aliases = {alias: revision for alias, revision in found.items() if revision is not None}
        return Pointers(aliases, self._traffic())

    def pointed(self, alias: Alias) -> str | None:
        chosen = (self.text(alias) or "").strip()
        return chosen if is_revision(chosen) else None

    def text(self, name: str) -> str | None:
        """None where there is none that can be read."""
        try:
            return (self._home / name).read_text(encoding="ascii")
        except (OSError, ValueError):
            return None

    def put(self, name: str, text: str | None) -> None:
        """None takes the file away."""
        if text is None:
            (self._home / name).unlink(missing_ok=True)
            return
        written = unfinished(self._home)
        try:
            written.write_text(text, encoding="ascii")
            written.replace(self._home / name)
        finally:
            written.unlink(missing_ok=True)

    def remove(self) -> None:
        """All of them."""
        for name in (*ALIASES, TRAFFIC_FILE):
            self.put(name, None)

    def _traffic(self) -> Traffic:
        try:
            return read_traffic(json.loads(self.text(TRAFFIC_FILE) or ""))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError, InvalidRequest):
            return PLAIN
