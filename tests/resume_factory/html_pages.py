"""Pages as HTML with the ways in which people make columns in CSS."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from itertools import groupby
from typing import Literal

from tests.resume_factory.pages import Block, Page

Technique = Literal["block", "grid", "flex", "table", "float", "multicol"]

_TAGS = {"name": "h1", "headline": "h3", "heading": "h2", "text": "p"}
_STYLE = """
@page { size: A4; margin: 14mm }
body { font: 9.5pt/1.35 'DejaVu Sans', sans-serif; margin: 0 }
h1 { font-size: 19pt; margin: 0 } h3 { font-size: 11pt; font-weight: normal; margin: 0 0 6pt }
h2 { font-size: 11.5pt; margin: 10pt 0 3pt; border-bottom: 0.6pt solid #888 }
p { margin: 0 0 2pt } ul { margin: 1pt 0 4pt; padding-left: 14pt }
.head { display: flex; justify-content: space-between; flex-wrap: wrap; font-weight: bold;
  column-gap: 10pt; break-inside: avoid } .first { margin-top: 6pt }
header { margin-bottom: 8pt }
.head span + span { font-weight: normal } .sub { font-style: italic }
h1, h2, h3, .head, .sub { break-after: avoid } li { break-inside: avoid }
"""
_LETTER_SPACED = "h2 { letter-spacing: 0.22em; text-transform: uppercase; border: 0 }"
_NARROW = "body { font-size: 8pt } .rail { font-size: 7pt } h2 { font-size: 9pt }"
_SHADED = ".rail { background: #e4e9ee; padding: 6pt; font-size: 8pt }"


def html_of(page: Page, *, bullet: str, technique: Technique) -> str:
    """One document without links, scripts or fonts of its own."""
    columns = [_column(blocks) for blocks in page.columns]
    style, body = _TECHNIQUES[technique](page, columns)
    marks = "" if technique in {"block", "flex"} else f"ul {{ list-style-type: '{bullet} ' }}"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Resume</title>'
        f"<style>{_STYLE}{marks}{style}</style></head><body>"
        f"<header>{_column(page.top)}</header>{body}</body></html>"
    )


def _block(_: Page, columns: list[str]) -> tuple[str, str]:
    return "", "".join(columns)


def _grid(page: Page, columns: list[str]) -> tuple[str, str]:
    tracks = " ".join(f"minmax(0, {share * 100:.0f}fr)" for share in page.widths)
    style = f"main {{ display: grid; grid-template-columns: {tracks}; gap: 14pt }}"
    parts = "".join(f'<div class="{_role(page, at)}">{c}</div>' for at, c in enumerate(columns))
    narrow = _NARROW if len(columns) > 2 else ""
    return f"{style}{_LETTER_SPACED}{_SHADED}{narrow}", f"<main>{parts}</main>"


def _flex(page: Page, columns: list[str]) -> tuple[str, str]:
    parts = "".join(
        f'<div class="{_role(page, at)}" style="flex: {share}">{column}</div>'
        for at, (column, share) in enumerate(zip(columns, page.widths, strict=True))
    )
    style = f"main {{ display: flex; gap: 16pt }} main > div {{ min-width: 0 }} {_SHADED}"
    return style, f"<main>{parts}</main>"


def _table(page: Page, columns: list[str]) -> tuple[str, str]:
    cells = "".join(
        f'<td style="width: {share:.0%}">{column}</td>'
        for column, share in zip(columns, page.widths, strict=True)
    )
    style = (
        "table { border-collapse: collapse; width: 100%; table-layout: fixed } "
        "td { vertical-align: top; padding: 0 6pt }"
    )
    return style, f"<table><tr>{cells}</tr></table>"


def _float(page: Page, columns: list[str]) -> tuple[str, str]:
    rail, main = columns
    share = page.widths[0]
    style = (
        f"aside {{ float: left; width: {share:.0%} }} "
        f"main {{ margin-left: {share + 0.04:.0%} }} h2 {{ border: 0 }}"
    )
    return style, f"<aside>{rail}</aside><main>{main}</main>"


def _multicol(page: Page, columns: list[str]) -> tuple[str, str]:
    style = (
        f"main {{ column-count: {page.flows_in}; column-gap: 18pt }} .sub {{ break-inside: avoid }}"
    )
    return style, f"<main>{''.join(columns)}</main>"


_TECHNIQUES: dict[Technique, Callable[[Page, list[str]], tuple[str, str]]] = {
    "block": _block,
    "grid": _grid,
    "flex": _flex,
    "table": _table,
    "float": _float,
    "multicol": _multicol,
}


def _role(page: Page, at: int) -> str:
    return "main" if page.widths[at] == max(page.widths) else "rail"


def _column(blocks: tuple[Block, ...]) -> str:
    return "".join(_elements(blocks))


def _elements(blocks: tuple[Block, ...]) -> Iterator[str]:
    for bulleted, group in groupby(blocks, key=lambda block: block.kind == "bullet"):
        if bulleted:
            items = "".join(f"<li>{escape(block.text)}</li>" for block in group)
            yield f"<ul>{items}</ul>"
        else:
            yield from (_element(block) for block in group)


def _element(block: Block) -> str:
    text = escape(block.text)
    first = " first" if block.first else ""
    if block.kind == "subhead":
        return f'<p class="sub{first}">{text}</p>'
    if block.kind == "head":
        right = f"<span>{escape(block.right)}</span>" if block.right else ""
        return f'<div class="head{first}"><span>{text}</span>{right}</div>'
    tag = _TAGS[block.kind]
    return f'<{tag} class="{block.kind}{first}">{text}</{tag}>'
