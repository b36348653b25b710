"""Draw the plots of the report with matplotlib.

The SVG uses the colours of the page. It has no ids that could clash on the page, and no styles or links that the page's policy refuses.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Sequence
from math import isfinite
from typing import Any
from xml.etree import ElementTree

from copydesk import SettingsError
from copydesk_flows.web.pages import visible

INK, BAR = "#010203", "#040506"
"""Placeholders that are replaced by the colours of the page."""
MOST_BARS = 25
"""A plot of bars shows this many; the table below it has all rows."""
WIDTH = 9.0
"""The width of a plot, in inches; the page scales it."""
BARS_MARGIN, BAR_HEIGHT = 0.6, 0.24
"""The height of a plot of bars, in inches: for the axis, and for each bar."""
COLUMNS_HEIGHT = 2.6
"""The height of a plot of columns, in inches."""
LONGEST_LABEL = 40
"""Characters of a label that are shown."""
MOST_TICKS = 12
"""An axis of months or names has about this many labels at most, so that they do not overlap."""
_RC: dict[Any, Any] = {"svg.fonttype": "none", "svg.hashsalt": "copydesk", "text.parse_math": False, "font.size": 9, "text.color": INK,
       "axes.labelcolor": INK, "axes.edgecolor": INK, "xtick.color": INK, "ytick.color": INK, "axes.spines.top": False,
       "axes.spines.right": False, "figure.constrained_layout.use": True}
_MONTH = re.compile(r"([0-9]{1,4})-([0-9]{2})")
_SIZE = re.compile(r"([0-9.]{1,8})px")


def plot(shape: str, labels: Sequence[object], lengths: Sequence[float | None], prefix: str, share: bool = False) -> str:
    """Draw a plot as SVG.

    Args:
        shape: ``bars`` for horizontal bars, the first one at the top; ``columns`` for vertical ones, months in their order.
        labels: the labels; a value without a label is left out.
        lengths: the lengths; None for 0.
        prefix: put before all ids of the SVG.
        share: whether the lengths are shares (0 to 1), which the axis shows in percent.

    Raises:
        SettingsError: matplotlib is not installed.
    """
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError as error:
        raise SettingsError("a report needs DuckDB and matplotlib: pip install 'copydesk[report]'") from error
    pairs = [(_name(label), float(length) if length and isfinite(length) else 0.0)
             for label, length in zip(labels, lengths, strict=True) if label is not None]
    with matplotlib.rc_context(_RC), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about letters that matplotlib's font lacks; the browser has them
        lying = shape == "bars"
        shown = pairs[:MOST_BARS] if lying else pairs
        figure = Figure(figsize=(WIDTH, BARS_MARGIN + BAR_HEIGHT * max(1, len(shown)) if lying else COLUMNS_HEIGHT))
        axes = figure.subplots()
        (_lying if lying else _standing)(axes, shown)
        _scale(axes.xaxis if lying else axes.yaxis, share, all(length == int(length) for _, length in shown))
        figure.patch.set_alpha(0)
        axes.patch.set_alpha(0)
        made = io.BytesIO()
        figure.savefig(made, format="svg", metadata={"Date": None, "Creator": None})
    return _cleaned(made.getvalue(), prefix)


def _scale(axis: Any, share: bool, whole: bool) -> None:
    axis.get_major_locator().set_params(integer=whole and not share)
    axis.set_major_formatter(lambda value, _: f"{value:.0%}" if share else f"{value:,.10g}")


def _name(label: object) -> str:
    text = visible(str(label)).replace("\n", " ")
    return text if len(text) <= LONGEST_LABEL else f"{text[:LONGEST_LABEL - 1]}…"


def _lying(axes: Any, pairs: Sequence[tuple[str, float]]) -> None:
    places = range(len(pairs))
    axes.barh(places, [length for _, length in pairs], color=BAR, height=0.7)
    axes.set_yticks(places, [name for name, _ in pairs])
    axes.invert_yaxis()
    axes.set_xlim(left=0)


def _standing(axes: Any, pairs: Sequence[tuple[str, float]]) -> None:
    """Draw columns. Months stand at their places in time, so that a missing one leaves a gap; other labels stand side by side."""
    months = [_MONTH.fullmatch(name) for name, _ in pairs]
    if pairs and all(months):
        places = [int(found[1]) * 12 + int(found[2]) - 1 for found in months if found]
        ticks = range(min(places), max(places) + 1)[::max(1, -(-(max(places) - min(places) + 1) // MOST_TICKS))]
        axes.set_xticks(ticks, [f"{place // 12:04}-{place % 12 + 1:02}" for place in ticks])
    else:
        places = list(range(len(pairs)))
        step = max(1, -(-len(pairs) // MOST_TICKS))
        axes.set_xticks(places[::step], [name for name, _ in pairs][::step])
    axes.bar(places, [length for _, length in pairs], color=BAR, width=0.8)
    axes.set_ylim(bottom=0)


def _cleaned(svg: bytes, prefix: str) -> str:
    """Turn styles into attributes, put a prefix before ids, and remove metadata."""
    root = ElementTree.fromstring(svg)  # noqa: S314  # matplotlib made it
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag.rpartition("}")[2] in {"metadata", "style", "title"}:
                parent.remove(child)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        for name, value in list(element.attrib.items()):
            del element.attrib[name]
            for key, text in _attributes(name.rpartition("}")[2], value, prefix):
                element.set(key, text)
    for name in ("width", "height"):
        root.attrib.pop(name, None)
    root.set("aria-hidden", "true")
    text = ElementTree.tostring(root, encoding="unicode")
    return text.replace(INK, "currentColor").replace(BAR, "var(--bar)")


def _attributes(name: str, value: str, prefix: str) -> list[tuple[str, str]]:
    if name == "style":
        pairs = [part.partition(":")[::2] for part in value.split(";") if ":" in part]
        return [("font-size", size[1]) if (size := _SIZE.search(text)) and key.strip() == "font" else (key.strip(), text.strip())
                for key, text in pairs if not key.strip().startswith("-")]
    if name == "id":
        return [("id", f"{prefix}-{value}")]
    if name == "href" and value.startswith("#"):
        return [("href", f"#{prefix}-{value[1:]}")]
    return [(name, value.replace("url(#", f"url(#{prefix}-"))]
