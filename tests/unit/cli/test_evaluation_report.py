from __future__ import annotations

import base64
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ml_service.cli.chart_style import DARK, LIGHT
from ml_service.cli.evaluation_report import open_report_folder, write_report
from ml_service.domain.errors import InvalidRequest
from tests.unit.cli.evaluations import accuracy_of, evaluated

CHARTS = {"confusion_matrix.svg", "reliability.svg", "thresholds.svg"}
SVG = "{http://www.w3.org/2000/svg}"


class Page(HTMLParser):
    """Elements with their attributes, and what stands in a caption of each table."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.elements if tag in tags]


def read_chart(content: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(content)  # noqa: S314 - written a moment ago


def said_in(chart: ElementTree.Element) -> list[str]:
    return [text.text or "" for text in chart.iter(f"{SVG}text")]


def page_of(folder: Path) -> tuple[str, Page]:
    text = (folder / "report.html").read_text(encoding="utf-8")
    return text, Page(text)


def test_a_folder_with_page_figures_and_charts(tmp_path: Path) -> None:
    figures = evaluated(accuracy_of(["COOK", "NURSE", "PILOT"]))

    write_report(figures, tmp_path)

    assert {file.name for file in tmp_path.iterdir()} == {"report.html", "report.json", *CHARTS}
    stored = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert stored == json.loads(json.dumps(figures.as_json()))
    for name in CHARTS:
        chart = read_chart((tmp_path / name).read_bytes())
        assert chart.tag == f"{SVG}svg"
        assert min(float(chart.get("width", 0)), float(chart.get("height", 0))) > 400
        inside = [*chart.iter()]
        assert {part.tag.removeprefix(SVG) for part in inside} <= {
            "svg", "rect", "polyline", "polygon", "circle", "text"
        }  # fmt: skip


def test_the_page_loads_nothing_and_says_so_to_the_browser(tmp_path: Path) -> None:
    write_report(evaluated(accuracy_of(["COOK", "NURSE"])), tmp_path)

    text, page = page_of(tmp_path)

    assert "default-src 'none'" in text
    sources = [element.get("src") or element.get("srcset") for element in page.all("img", "source")]
    assert len(sources) == 6
    assert all(source and source.startswith("data:image/svg+xml;base64,") for source in sources)
    assert not page.all("script", "link", "iframe", "object")
    assert not re.search(r"url\(|@import|https?://", text)


def test_charts_of_a_dark_page_are_dark(tmp_path: Path) -> None:
    write_report(evaluated(accuracy_of(["COOK", "NURSE"])), tmp_path)

    _, page = page_of(tmp_path)

    def ground(uri: str | None) -> str | None:
        assert uri is not None
        chart = read_chart(base64.b64decode(uri.partition(",")[2]))
        whole = chart[0]
        assert (whole.get("width"), whole.get("height")) == (
            chart.get("width"),
            chart.get("height"),
        )
        return whole.get("fill")

    assert {ground(element.get("srcset")) for element in page.all("source")} == {DARK.ground}
    assert {ground(element.get("src")) for element in page.all("img")} == {LIGHT.ground}


def test_the_confusion_matrix_tells_every_number_and_label(tmp_path: Path) -> None:
    accuracy = accuracy_of(["COOK", "NURSE", "PILOT"])
    write_report(evaluated(accuracy), tmp_path)

    said = said_in(read_chart((tmp_path / "confusion_matrix.svg").read_bytes()))

    assert all(said.count(label) == 2 for label in ("COOK", "NURSE", "PILOT"))
    numbers = sorted(int(text) for text in said if text.isdigit() and text not in {"0", "1"})
    wanted = sorted(pair.n for pair in accuracy.answers if pair.n > 1)
    assert numbers == wanted


def test_each_bin_of_confidence_stands_where_it_belongs(tmp_path: Path) -> None:
    accuracy = accuracy_of(["COOK", "NURSE"])
    write_report(evaluated(accuracy), tmp_path)

    chart = read_chart((tmp_path / "reliability.svg").read_bytes())
    places = [
        (float(dot.get("cx", 0)), float(dot.get("cy", 0))) for dot in chart.iter(f"{SVG}circle")
    ]

    assert len(places) == len(accuracy.reliability)
    first, last = accuracy.reliability[0], accuracy.reliability[-1]
    pixels = (places[-1][0] - places[0][0]) / (last.confidence - first.confidence)
    for (x, _), row in zip(places, accuracy.reliability, strict=True):
        assert x == pytest.approx(
            places[0][0] + pixels * (row.confidence - first.confidence), abs=0.1
        )
    heights = [y for _, y in places]
    accuracies = [row.accuracy for row in accuracy.reliability]
    assert sorted(heights, reverse=True) == [
        y for _, y in sorted(zip(accuracies, heights, strict=True))
    ]


def test_pictures_have_words_and_tables_captions_and_scopes(tmp_path: Path) -> None:
    write_report(evaluated(accuracy_of(["COOK", "NURSE"])), tmp_path)

    _, page = page_of(tmp_path)

    assert all(element.get("alt") for element in page.all("img"))
    tags = [tag for tag, _ in page.elements]
    n_captions = sum(tag == "caption" for tag in tags)
    assert n_captions == tags.count("table") == 8
    assert all(tags[at + 1] == "caption" for at, tag in enumerate(tags) if tag == "table")
    assert all(element.get("scope") in {"col", "row"} for element in page.all("th"))
    assert all(
        element.get("aria-label") for element in page.all("div") if element.get("role") == "region"
    )


def test_labels_and_file_names_are_text_on_the_page(tmp_path: Path) -> None:
    figures = evaluated(
        accuracy_of(["<script>alert(1)</script>", "$B$ & C"]), notes=("Not judged: '<i>'.",)
    )

    write_report(figures, tmp_path)

    text, page = page_of(tmp_path)
    assert not page.all("script", "i", "torn")
    drawn = said_in(read_chart((tmp_path / "confusion_matrix.svg").read_bytes()))
    assert {"<script>alert(1)</script>", "$B$ & C"} <= set(drawn)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "&lt;torn&gt;.pdf" in text


def test_labels_in_any_script_are_drawn_and_told(tmp_path: Path) -> None:
    write_report(evaluated(accuracy_of(["看護師", "ممرضة"])), tmp_path)

    assert "看護師" in page_of(tmp_path)[0]
    drawn = said_in(read_chart((tmp_path / "confusion_matrix.svg").read_bytes()))
    assert {"看護師", "ممرضة"} <= set(drawn)


def test_a_label_that_xml_cannot_hold_is_drawn_with_a_sign_in_its_place(tmp_path: Path) -> None:
    write_report(evaluated(accuracy_of(["a\x00b", "lone \ud800"])), tmp_path)

    drawn = said_in(read_chart((tmp_path / "confusion_matrix.svg").read_bytes()))
    assert {"a\ufffdb", "lone \ufffd"} <= set(drawn)


def test_of_many_labels_the_chart_says_what_it_leaves_out(tmp_path: Path) -> None:
    write_report(evaluated(accuracy_of([f"L{n:02}" for n in range(50)])), tmp_path)

    text, _ = page_of(tmp_path)

    assert "The chart has 30, those of the most frequent" in text
    assert "All 50 labels of the documents" in text


def test_without_a_label_there_is_a_page_without_charts(tmp_path: Path) -> None:
    write_report(evaluated(None), tmp_path)

    text, page = page_of(tmp_path)

    assert "No document has a label that this model could be judged by." in text
    assert not page.all("img")
    assert {file.name for file in tmp_path.iterdir()} == {"report.html", "report.json"}


def test_a_second_report_takes_the_place_of_the_first(tmp_path: Path) -> None:
    write_report(evaluated(accuracy_of(["A", "B"])), tmp_path)
    write_report(evaluated(accuracy_of(["A", "B", "C"])), tmp_path)

    assert "All 3 labels" in page_of(tmp_path)[0]


def test_the_same_evaluation_gives_the_same_bytes(tmp_path: Path) -> None:
    figures = evaluated(accuracy_of(["A", "B"]))
    for name in ("first", "second"):
        open_report_folder(tmp_path / name)
        write_report(figures, tmp_path / name)

    for name in {*CHARTS, "report.html", "report.json"}:
        first, second = (tmp_path / folder / name for folder in ("first", "second"))
        assert first.read_bytes() == second.read_bytes()


def test_a_folder_is_made_and_a_file_in_its_place_refused(tmp_path: Path) -> None:
    open_report_folder(tmp_path / "new" / "report")
    assert (tmp_path / "new" / "report").is_dir()

    (tmp_path / "file").touch()
    with pytest.raises(InvalidRequest) as refused:
        open_report_folder(tmp_path / "file")
    assert refused.value.field == "report"
