"""The wheel carries what the service ships: catalogue, models and page, inside its own package.

``pyproject.toml`` names this class; ``ml_service.settings`` finds what it put there.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from setuptools.command.build_py import build_py

SHIPPED = (
    "data/models/encoders",
    "data/models/occupations",
    "data/models/intents",
    "data/occupations",
    "frontend_stub",
)
INSIDE = "ml_service/_shipped"


class BuildWithShippedFiles(build_py):
    """Models that somebody trained beside the shipped ones stay where they are."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        for source, target in self._shipped():
            self.mkpath(str(target.parent))
            self.copy_file(str(source), str(target), preserve_mode=False)

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        outputs: list[str] = super().get_outputs(include_bytecode)
        return outputs + [str(target) for _, target in self._shipped()]

    def _shipped(self) -> Iterator[tuple[Path, Path]]:
        for folder in SHIPPED:
            for source in sorted(Path(folder).rglob("*")):
                if source.is_file():
                    yield source, Path(self.build_lib, INSIDE, source)
