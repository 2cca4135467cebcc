"""What this machine's processor can do."""

from __future__ import annotations

from pathlib import Path

CPU_INFO = Path("/proc/cpuinfo")
BF16 = frozenset({"avx512_bf16", "amx_bf16", "bf16"})
"""Flags of x86 (the first two) and of Arm."""


def has_native_bf16(cpu_info: Path = CPU_INFO) -> bool:
    """False where nothing says so; elsewhere bf16 is emulated and slower than float32."""
    try:
        lines = cpu_info.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    named = next((line for line in lines if line.lower().startswith(("flags", "features"))), "")
    return bool(BF16 & set(named.partition(":")[2].split()))
