from __future__ import annotations

from pathlib import Path

import pytest

from ml_service.inference.processor import has_native_bf16


@pytest.mark.parametrize(
    ("told", "native"),
    [
        ("processor\t: 0\nflags\t\t: fpu avx2 avx512f avx512_bf16\n", True),
        ("flags : fpu avx512f amx_bf16 amx_tile\n", True),
        ("Features\t: fp asimd bf16 i8mm\n", True),
        ("flags\t\t: fpu avx2 avx512f avx512_vnni\n", False),
        ("model name\t: bf16 of another name\n", False),
        ("", False),
    ],
)
def test_bf16_is_native_where_the_processor_says_so(
    tmp_path: Path, told: str, native: bool
) -> None:
    (tmp_path / "cpuinfo").write_text(told)
    assert has_native_bf16(tmp_path / "cpuinfo") is native


def test_where_nothing_is_told_it_is_not(tmp_path: Path) -> None:
    assert not has_native_bf16(tmp_path / "nothing")
