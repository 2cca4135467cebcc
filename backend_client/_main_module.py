"""The caller's script, and the processes that would run it once more."""

from __future__ import annotations

import ast
import sys
from contextlib import suppress
from importlib.machinery import ModuleSpec
from pathlib import Path


def leave_main_alone() -> None:
    """Keep the reader processes from running the caller's script once more.

    They import the main module as every spawned process does, and a script without
    ``if __name__ == "__main__"`` would upload again in each of them. Such a script cannot use
    spawned processes itself, so nothing of its own is changed by this.
    """
    main = sys.modules.get("__main__")
    file = getattr(main, "__file__", None)
    if main is None or file is None or getattr(main, "__spec__", None) is not None:
        return
    with suppress(OSError, ValueError, SyntaxError):
        if not has_main_guard(Path(file).read_bytes()):
            # multiprocessing passes over a main module of this name: multiprocessing/spawn.py.
            main.__spec__ = ModuleSpec("script.__main__", None, origin=file)


def has_main_guard(source: bytes) -> bool:
    """Whether a module itself, not a function of it, asks if it is the main one.

    Raises SyntaxError or ValueError for what is no Python.
    """
    branches = (node.test for node in ast.parse(source).body if isinstance(node, ast.If))
    return any(_asks_for_main(part) for test in branches for part in ast.walk(test))


def _asks_for_main(part: ast.AST) -> bool:
    if not isinstance(part, ast.Compare):
        return False
    sides = [part.left, *part.comparators]
    return any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides) and any(
        isinstance(side, ast.Constant) and side.value == "__main__" for side in sides
    )
