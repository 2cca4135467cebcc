"""Findings made small and kept: the document, what was wrong, and the stack."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from fuzz_docx import read_members, zip_members
from fuzz_pdf_parts import PdfParts, parse_pdf, write_pdf
from fuzz_trial import Problem, Trial
from lxml import etree

_SHRINK_FOR_S = 20.0
_STACK_AFTER_S = 60
_PLACE = re.compile(r'File "[^"]*/(ml_service|pdfminer|lxml|zipfile)([^"]*)", line \d+, in (\w+)')


class Findings:
    """Keeps one small document for each kind of problem in ``folder``; counts the others."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.counts: Counter[str] = Counter()
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, content: bytes, trial: Trial, run: Callable[[bytes], Trial]) -> None:
        """``run`` is asked for smaller documents with the same problem."""
        for problem in trial.problems:
            kind = _with_place(problem, content)
            self.counts[kind] += 1
            if self.counts[kind] > 1:
                continue
            shows = _shows(problem.kind, run)
            again = shows(content)
            small = shrunk(content, shows) if again else content
            self._save(kind if again else f"not again: {kind}", small, problem)

    def _save(self, kind: str, content: bytes, problem: Problem) -> None:
        name = re.sub(r"\W+", "-", kind)[:80] + "-" + hashlib.sha256(content).hexdigest()[:8]
        path = self.folder / (name + (".docx" if content.startswith(b"PK") else ".pdf"))
        path.write_bytes(content)
        stack = stack_of(path) if problem.kind.startswith("worker") else problem.detail
        path.with_suffix(".txt").write_text(f"{kind}\n\n{stack}\n", "utf-8")


def stack_of(document: Path) -> str:
    """What reading it in a process of its own, with a worker's limits, says at the end."""
    reader = Path(__file__).with_name("fuzz_readers.py")
    command = [sys.executable, "-X", "faulthandler", str(reader), "--read", str(document)]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=_STACK_AFTER_S, check=False, text=True
        )
    except subprocess.TimeoutExpired:
        return "no end within a minute"
    return f"{done.stderr[-6_000:]}\nexit status {done.returncode}"


def _with_place(problem: Problem, content: bytes) -> str:
    """The kind, and for what a worker did not foresee the place in the code."""
    if not problem.kind.startswith("worker"):
        return problem.kind
    scratch = Path("/dev/shm") if Path("/dev/shm").is_dir() else Path.cwd()  # noqa: S108 - memory
    path = scratch / f"fuzzed-{hashlib.sha256(content).hexdigest()[:12]}"
    path.write_bytes(content)
    try:
        places = _PLACE.findall(stack_of(path))
    finally:
        path.unlink()
    return (
        f"{problem.kind} in {''.join(places[-1][:2])}:{places[-1][2]}" if places else problem.kind
    )


def _shows(kind: str, run: Callable[[bytes], Trial]) -> Callable[[bytes], bool]:
    return lambda content: any(problem.kind == kind for problem in run(content).problems)


def shrunk(content: bytes, shows: Callable[[bytes], bool]) -> bytes:
    """Smaller by whole objects or members first, then by halves, quarters and so on."""
    until = time.monotonic() + _SHRINK_FOR_S
    found = True
    while found:
        found = False
        for smaller in _smaller(content):
            if time.monotonic() > until:
                return content
            if len(smaller) < len(content) and shows(smaller):
                content, found = smaller, True
                break
    return content


def _smaller(content: bytes) -> Iterator[bytes]:
    if content.startswith(b"PK"):
        yield from _smaller_docx(content)
    else:
        document = parse_pdf(content)
        if document is not None:
            yield from _smaller_pdf(document)
    for piece in (2, 4, 8, 16, 64):
        size = max(1, len(content) // piece)
        for start in range(0, len(content), size):
            yield content[:start] + content[start + size :]


def _smaller_pdf(document: PdfParts) -> Iterator[bytes]:
    for number, part in document.parts.items():
        others = {n: p for n, p in document.parts.items() if n != number}
        yield write_pdf(replace(document, parts=others))
        for stream in _without_pieces(part.stream or b""):
            changed = {**document.parts, number: replace(part, stream=stream)}
            yield write_pdf(replace(document, parts=changed))


def _without_pieces(stream: bytes) -> Iterator[bytes]:
    lines = stream.split(b"\n")
    for piece in (1, 2, 4, 16):
        size = len(lines) // piece
        for start in range(0, len(lines), size) if size else ():
            yield b"\n".join(lines[:start] + lines[start + size :])


def _smaller_docx(content: bytes) -> Iterator[bytes]:
    members = read_members(content)
    for at in range(len(members)):
        yield zip_members(members[:at] + members[at + 1 :])
    for at, (name, xml) in enumerate(members):
        for smaller in _smaller_xml(xml):
            yield zip_members([*members[:at], (name, smaller), *members[at + 1 :]])


def _smaller_xml(content: bytes) -> Iterator[bytes]:
    """Without one element, those that hold much first."""
    try:
        count = sum(1 for _ in _parsed(content).iter("*"))
    except (etree.XMLSyntaxError, ValueError, zlib.error):
        return
    for at in range(1, min(count, 300)):
        root = _parsed(content)
        element = [*root.iter("*")][at]
        element.getparent().remove(element)
        yield etree.tostring(root)


def _parsed(content: bytes) -> etree._Element:
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
