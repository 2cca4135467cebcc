"""Chromium and LibreOffice as makers of PDF; what was printed once is kept by its content."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_OFFICE = ("soffice", "libreoffice")
_CHROMIUM_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-pdf-header-footer",
)
_AT_ONCE = 2
_PRINT_TIMEOUT_S, _CONVERT_TIMEOUT_S = 60, 300


def chromium() -> str | None:
    """The command, or None where it is not installed."""
    return next((path for name in _CHROMIUM if (path := shutil.which(name))), None)


def libreoffice() -> str | None:
    return next((path for name in _OFFICE if (path := shutil.which(name))), None)


def print_html(pages: Sequence[str], *, folder: Path) -> list[bytes]:
    """Each page as Chromium prints it; ``folder`` keeps what was printed.

    Raises FileNotFoundError without Chromium, subprocess.SubprocessError where it fails.
    """
    sources = [_kept(page.encode(), folder / "chromium", suffix=".html") for page in pages]
    missing = [source for source in sources if not source.with_suffix(".pdf").exists()]
    if missing:
        command = chromium()
        if command is None:
            raise FileNotFoundError("chromium")
        with ThreadPoolExecutor(_AT_ONCE) as threads:
            lanes = [missing[lane::_AT_ONCE] for lane in range(_AT_ONCE)]
            list(threads.map(lambda lane: _print_all(command, lane), lanes))
    return [source.with_suffix(".pdf").read_bytes() for source in sources]


def _print_all(command: str, sources: Sequence[Path]) -> None:
    """One after the other with one profile folder, which a second Chromium could not share."""
    for source in sources:
        profile = source.parent / f"profile-{sources[0].stem}"
        subprocess.run(
            [
                command,
                *_CHROMIUM_FLAGS,
                f"--user-data-dir={profile}",
                f"--print-to-pdf={source.with_suffix('.pdf')}",
                source.as_uri(),
            ],
            check=True,
            capture_output=True,
            timeout=_PRINT_TIMEOUT_S,
        )
    if sources:
        shutil.rmtree(sources[0].parent / f"profile-{sources[0].stem}", ignore_errors=True)


def convert_docx(documents: Sequence[bytes], *, folder: Path) -> list[bytes]:
    """Each DOCX as LibreOffice Writer makes a PDF of it, all in one run of it.

    Raises FileNotFoundError without LibreOffice, subprocess.SubprocessError where it fails.
    """
    kept = folder / "libreoffice"
    sources = [_kept(content, kept, suffix=".docx") for content in documents]
    missing = [source for source in sources if not source.with_suffix(".pdf").exists()]
    if missing:
        command = libreoffice()
        if command is None:
            raise FileNotFoundError("soffice")
        profile = (kept / "profile").resolve()
        subprocess.run(
            [
                command,
                f"-env:UserInstallation={profile.as_uri()}",
                "--headless",
                "--convert-to",
                "pdf",
                "--outdir",
                str(kept),
                *map(str, missing),
            ],
            check=True,
            capture_output=True,
            timeout=_CONVERT_TIMEOUT_S,
        )
    return [source.with_suffix(".pdf").read_bytes() for source in sources]


def _kept(content: bytes, folder: Path, *, suffix: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder.resolve() / f"{sha256(content).hexdigest()[:24]}{suffix}"
    if not path.exists():
        path.write_bytes(content)
    return path
