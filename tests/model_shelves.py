"""Folders of models for tests: what is trained there never touches the one that ships."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from ml_service.hosting.model_files import MANIFEST_FILE
from ml_service.hosting.pointers import CHAMPION_FILE

MODELS = Path(__file__).parents[1] / "data" / "models"


def shipped_occupations() -> Path:
    """The folder with the weights of the model that ships."""
    home = MODELS / "occupations"
    if (home / CHAMPION_FILE).is_file():
        return home / (home / CHAMPION_FILE).read_text(encoding="ascii").strip()
    return home


def shelf_with_occupations(folder: Path) -> Path:
    """``folder`` as a MODELS_DIR that holds the shipped model and no other."""
    shipped = shipped_occupations()
    manifest = json.loads((shipped / MANIFEST_FILE).read_text(encoding="utf-8"))
    home = folder / "occupations"
    shutil.copytree(shipped, home / manifest["revision"])
    (home / CHAMPION_FILE).write_text(manifest["revision"], encoding="ascii")
    return folder
