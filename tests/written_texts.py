"""Texts written for the tests, by the name that stands over each: what is no resume, resumes in
other languages than English, and English ones that are hard to tell from another language.

The kind of a text is its name up to the number, as in ``recipe-2``. Nothing was tuned on the
files that end in ``_held_out``.
"""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).parent / "texts"
_NAME = re.compile(r"^=== (\S+)\n", re.MULTILINE)


def read_texts(name: str, folder: Path = FOLDER) -> dict[str, str]:
    parts = _NAME.split((folder / f"{name}.txt").read_text(encoding="utf-8"))[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))
