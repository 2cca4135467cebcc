"""Which scripts would run again in each process that they spawn."""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

import pytest

from backend_client._main_module import has_main_guard, leave_main_alone

GUARDED = [
    'if __name__ == "__main__":\n    main()\n',
    "if '__main__' == __name__:\n    main()\n",
    'import sys\nif __name__ == "__main__" and sys.argv:\n    main()\n',
    '# -*- coding: latin-1 -*-\nname = "\xe9"\nif __name__ == "__main__":\n    main()\n',
]
BARE = [
    "main()\n",
    "import logging\nlog = logging.getLogger(__name__)\nmain()\n",
    '"""Has no ``if __name__ == "__main__"``."""\nmain()\n',
    '# if __name__ == "__main__":\nmain()\n',
    'if __name__ != "server":\n    main()\n',
    'def asked():\n    if __name__ == "__main__":\n        return 1\nmain()\n',
    'print(__name__ == "__main__")\nmain()\n',
]


@pytest.mark.parametrize("source", GUARDED)
def test_a_script_that_asks_whether_it_is_the_main_one_is_guarded(source: str) -> None:
    assert has_main_guard(source.encode("latin-1"))


@pytest.mark.parametrize("source", BARE)
def test_one_that_only_names_itself_is_not(source: str) -> None:
    assert not has_main_guard(source.encode())


@pytest.fixture
def main(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module = ModuleType("__main__")
    module.__spec__ = None
    monkeypatch.setitem(sys.modules, "__main__", module)
    return module


@pytest.mark.parametrize("source", BARE)
def test_spawned_processes_pass_over_a_bare_script(
    main: ModuleType, tmp_path: Path, source: str
) -> None:
    script = tmp_path / "script.py"
    script.write_text(source, encoding="utf-8")
    main.__file__ = str(script)

    leave_main_alone()

    assert main.__spec__ is not None
    assert main.__spec__.name.endswith(".__main__")


@pytest.mark.parametrize("content", [GUARDED[0].encode(), b"no python at all (", b"\x00"])
def test_another_main_module_stays_as_it_is(
    main: ModuleType, tmp_path: Path, content: bytes
) -> None:
    script = tmp_path / "script.py"
    script.write_bytes(content)
    main.__file__ = str(script)
    leave_main_alone()
    assert main.__spec__ is None

    main.__file__ = str(tmp_path / "gone.py")
    leave_main_alone()
    assert main.__spec__ is None

    main.__spec__ = spec = ModuleSpec("package.__main__", None)
    leave_main_alone()
    assert main.__spec__ is spec
