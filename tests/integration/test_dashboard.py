"""What the Grafana dashboard and docs/operating.md name is what the service tells."""

from __future__ import annotations

import json
import re
from pathlib import Path

import httpx

PROJECT = Path(__file__).parents[2]
DASHBOARD = json.loads(
    (PROJECT / "docs" / "deploying" / "grafana-dashboard.json").read_text(encoding="utf-8")
)
METRIC = re.compile(r"\b(?:ml_service|process)_[a-z0-9_]+")
SUFFIXES = ("_bucket", "_sum", "_count", "_total")
NOT_ALWAYS = {"ml_service_encoder_fallbacks"}
"""Only with an encoder on another machine."""


def base(name: str) -> str:
    for suffix in SUFFIXES:
        name = name.removesuffix(suffix)
    return name


async def test_each_panel_asks_for_what_is_served(api: httpx.AsyncClient) -> None:
    served = {
        base(line.split()[2])
        for line in (await api.get("/metrics")).text.splitlines()
        if line.startswith("# TYPE ")
    }
    panels = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]

    asked = {
        base(name)
        for panel in panels
        for target in panel["targets"]
        for name in METRIC.findall(target["expr"])
    }

    assert len(panels) > 15
    assert asked - NOT_ALWAYS <= served


def test_panels_do_not_lie_on_each_other() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        assert place["x"] + place["w"] <= 24
        taken |= cells


async def test_the_operators_page_names_what_is_served(api: httpx.AsyncClient) -> None:
    page = (PROJECT / "docs" / "operating.md").read_text(encoding="utf-8")
    served = {
        base(line.split()[2])
        for line in (await api.get("/metrics")).text.splitlines()
        if line.startswith("# TYPE ml_service_")
    }
    written_short = {
        name for name in served if any(name.endswith(part) for part in short_names(page))
    }
    missing = {name for name in served if name not in page} - written_short
    assert missing == set()


def short_names(page: str) -> list[str]:
    """Endings of names that a row of the table writes as ``..._limit``."""
    return [base(found) for found in re.findall(r"`\.\.\.(_[a-z_]+)", page)]
