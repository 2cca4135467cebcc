from __future__ import annotations

from pathlib import Path

from ml_service.cli.free_machine import free_memory_bytes, n_processors


def machine(folder: Path, *, available_kb: int, limit: str, used: str) -> int | None:
    (folder / "meminfo").write_text(f"MemTotal: 9 kB\nMemAvailable:  {available_kb} kB\n")
    (folder / "memory.max").write_text(limit)
    (folder / "memory.current").write_text(used)
    return free_memory_bytes(meminfo=folder / "meminfo", cgroup=folder)


def test_what_the_machine_has_counts_without_a_limit(tmp_path: Path) -> None:
    assert machine(tmp_path, available_kb=2_000, limit="max\n", used="1\n") == 2_048_000


def test_a_container_has_no_more_than_its_limit(tmp_path: Path) -> None:
    assert machine(tmp_path, available_kb=2_000, limit="1000\n", used="400\n") == 600
    assert machine(tmp_path, available_kb=2_000, limit="1000\n", used="1400\n") == 0


def test_a_system_that_does_not_say_is_not_guessed_at(tmp_path: Path) -> None:
    assert free_memory_bytes(meminfo=tmp_path / "none", cgroup=tmp_path) is None


def test_there_is_a_processor() -> None:
    assert n_processors() >= 1
