"""What stands in the place of a board when the operator wants none."""

from __future__ import annotations

from ml_service.domain.errors import JobsNotConfigured
from ml_service.domain.health import Part
from ml_service.domain.posting import JobPage, JobQuery


class SwitchedOff:
    provider = "off"

    def __init__(self, reason: str = "Job search is switched off here: JOBS_PROVIDER=off.") -> None:
        self._reason = reason

    async def part(self) -> Part:
        return Part("jobs", "not_configured", needed=False, detail={"provider": self.provider})

    async def search(self, query: JobQuery) -> JobPage:
        """Raises JobsNotConfigured with the reason."""
        del query
        raise JobsNotConfigured(self._reason)
