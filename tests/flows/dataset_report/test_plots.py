"""Plots: labels are only text, and gaps are gaps."""

from __future__ import annotations

import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from copydesk_flows.dataset_report.plots import plot

pytest.importorskip("matplotlib", reason="matplotlib is not installed (pip install 'copydesk[report]')")


@pytest.mark.parametrize("shape", ["bars", "columns"])
def test_labels_of_plots_are_only_text(shape: str) -> None:
    labels = ["<script>alert(1)</script>", "$\\frac{1}{2}$ $x_1$", "\u202eback\u2066", "\x1b[2J", "]]>", "漢字 العربية", "", None]
    made = plot(shape, labels, [3.0, 2.0, 1.0, 1.0, 1.0, 1.0, 1.0, None], "p")
    tree = LexborHTMLParser(made)
    assert not tree.css("script, style, image, a, foreignObject, metadata")
    assert all(name != "style" and not name.startswith("on") for node in tree.css("*") for name in node.attributes)
    texts = [node.text() for node in tree.css("text")]
    assert "<script>alert(1)</script>" in texts
    assert "$\\frac{1}{2}$ $x_1$" in texts
    assert "\\u202eback\\u2066" in texts
    assert "漢字 العربية" in texts


def test_a_month_without_articles_leaves_a_gap() -> None:
    root = LexborHTMLParser(plot("columns", ["2026-03", "2025-12", None, "2025-11"], [1.0, 1.0, 9.0, 1.0], "p"))
    assert [node.text() for node in root.css("text")][:5] == ["2025-11", "2025-12", "2026-01", "2026-02", "2026-03"]
    lefts = [float(re.match(r"M ([0-9.]{1,12})", node.attributes["d"] or "")[1]) for node in root.css("path[clip-path]")]
    steps = sorted(round(left / (max(lefts) - min(lefts)) * 4, 2) for left in (each - min(lefts) for each in lefts))
    assert steps == [0, 1, 4]
