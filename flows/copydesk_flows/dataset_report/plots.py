"""Plots of the report, by matplotlib: SVG in the page's own colours, without ids, styles or links that could clash or be refused."""

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
"""Stand-ins for the page's colours."""
MOST_BARS = 25
WIDTH = 9.0
_RC: dict[Any, Any] = {"svg.fonttype": "none", "svg.hashsalt": "copydesk", "text.parse_math": False, "font.size": 9, "text.color": INK,
       "axes.labelcolor": INK, "axes.edgecolor": INK, "xtick.color": INK, "ytick.color": INK, "axes.spines.top": False,
       "axes.spines.right": False, "figure.constrained_layout.use": True}
_MONTH = re.compile(r"([0-9]{1,4})-([0-9]{2})")
_SIZE = re.compile(r"([0-9.]{1,8})px")


def plot(shape: str, labels: Sequence[object], lengths: Sequence[float | None], prefix: str, share: bool = False) -> str:
    """A plot as mark-up: ``bars`` lie, the longest of them above, ``columns`` stand, months in their order.

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
        warnings.simplefilter("ignore")  # letters that matplotlib's own font lacks: the browser has them
        lying = shape == "bars"
        shown = pairs[:MOST_BARS] if lying else pairs
        figure = Figure(figsize=(WIDTH, 0.6 + 0.24 * max(1, len(shown)) if lying else 2.6))
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
    return text if len(text) <= 40 else f"{text[:39]}…"


def _lying(axes: Any, pairs: Sequence[tuple[str, float]]) -> None:
    places = range(len(pairs))
    axes.barh(places, [length for _, length in pairs], color=BAR, height=0.7)
    axes.set_yticks(places, [name for name, _ in pairs])
    axes.invert_yaxis()
    axes.set_xlim(left=0)


def _standing(axes: Any, pairs: Sequence[tuple[str, float]]) -> None:
    """Months stand where they belong, so that one without a column is seen; other labels side by side."""
    months = [_MONTH.fullmatch(name) for name, _ in pairs]
    if pairs and all(months):
        places = [int(found[1]) * 12 + int(found[2]) - 1 for found in months if found]
        ticks = range(min(places), max(places) + 1)[::max(1, -(-(max(places) - min(places) + 1) // 12))]
        axes.set_xticks(ticks, [f"{place // 12:04}-{place % 12 + 1:02}" for place in ticks])
    else:
        places = list(range(len(pairs)))
        step = max(1, -(-len(pairs) // 12))
        axes.set_xticks(places[::step], [name for name, _ in pairs][::step])
    axes.bar(places, [length for _, length in pairs], color=BAR, width=0.8)
    axes.set_ylim(bottom=0)


def _cleaned(svg: bytes, prefix: str) -> str:
    """Styles become attributes, ids get a prefix, metadata goes."""
    root = ElementTree.fromstring(svg)  # noqa: S314  # matplotlib's
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
