"""Order errors of our PDF reader, of pdfplumber and of pypdfium2, against a person's reading.

    python scripts/measure_reading_order.py ../shared/data/layouts

The person's reading stands in tests/layouts/reading_rules.json as boxes in order; a file whose
sha256 is another than the rule's is left out and named.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pdfplumber
import pypdfium2
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from reading_rules import Count, Rule, count_errors, load_rules, right_reading

from ml_service.extraction.pdf.document import read_pdf

RULES = Path(__file__).resolve().parents[1] / "tests" / "layouts" / "reading_rules.json"
Pages = dict[int, str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("layouts", type=Path)
    parser.add_argument("--rules", type=Path, default=RULES)
    arguments = parser.parse_args()
    console = Console(width=140)
    counts: dict[str, dict[str, Count]] = {}
    for rule in load_rules(arguments.rules):
        content = _content(arguments.layouts / rule.file, rule)
        if content is None:
            console.print(f"left out, not the file that the rule was written for: {rule.file}")
            continue
        counts[rule.file] = measure(content, rule)
    console.print(_table(counts))


def _content(path: Path, rule: Rule) -> bytes | None:
    content = path.read_bytes() if path.is_file() else b""
    return content if hashlib.sha256(content).hexdigest() == rule.sha256 else None


def measure(content: bytes, rule: Rule) -> dict[str, Count]:
    """Counts by reader, summed over the pages of the rule."""
    outputs = {name: read(content) for name, read in READERS.items()}
    totals = dict.fromkeys(READERS, Count())
    with pdfplumber.open(io.BytesIO(content)) as document:
        for number, boxes in rule.pages.items():
            right = right_reading(document.pages[number - 1], boxes)
            for name, pages in outputs.items():
                totals[name] += count_errors(right, pages.get(number, ""))
    return totals


def _ours(content: bytes) -> Pages:
    text = read_pdf(content, max_pages=50, second_reading_s=10)
    pages: dict[int, list[str]] = {}
    for line in text.lines:
        pages.setdefault(line.page, []).append(line.text)
    return {number: "\n".join(lines) for number, lines in pages.items()}


def _pdfplumber(content: bytes) -> Pages:
    with pdfplumber.open(io.BytesIO(content)) as document:
        return {number: page.extract_text() for number, page in enumerate(document.pages, 1)}


def _pypdfium2(content: bytes) -> Pages:
    with closing(pypdfium2.PdfDocument(content)) as document:
        return {
            number: page.get_textpage().get_text_range() for number, page in enumerate(document, 1)
        }


READERS: dict[str, Callable[[bytes], Pages]] = {
    "ours": _ours,
    "pdfplumber": _pdfplumber,
    "pypdfium2": _pypdfium2,
}


def _table(counts: dict[str, dict[str, Count]]) -> Table:
    table = Table(title="Order errors against a person's reading (missing words in brackets)")
    table.add_column("file")
    for heading in ("words", *READERS):
        table.add_column(heading, justify="right")
    totals = dict.fromkeys(READERS, Count())
    for file, row in counts.items():
        for name, count in row.items():
            totals[name] += count
        table.add_row(file, str(row["ours"].n_words), *(_cell(row[name]) for name in READERS))
    table.add_section()
    n_words = totals["ours"].n_words
    table.add_row(
        f"{len(counts)} files", str(n_words), *(_cell(count) for count in totals.values())
    )
    per_hundred = (f"{100 * count.n_errors / max(1, n_words):.2f}" for count in totals.values())
    table.add_row("errors per 100 words", "", *per_hundred)
    return table


def _cell(count: Count) -> str:
    return f"{count.n_errors} ({count.n_missing})" if count.n_missing else str(count.n_errors)


if __name__ == "__main__":
    main()
