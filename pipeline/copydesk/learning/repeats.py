"""Find paragraphs that recur on many pages of one site: cleaning has left them, and a rule can remove them.

The code reads the table ``articles`` twice, a few hundred rows at a time. The first pass counts paragraphs in an array of fixed size.
Several paragraphs may share a cell of it, so a count may be too high, but never too low. A paragraph whose cell reaches the wanted number
of pages is a candidate. The second pass counts the candidates exactly. Memory stays bounded for any dataset: if there are too many
candidates, those on the fewest pages are dropped, and `Learned.least` says so.

A recurring paragraph may still be news: a text of an agency under several addresses, or the background of a running story. Therefore:

- An article counts for a paragraph only if most of its other text is its own, which means: not in candidates.
- Articles with the same own text count once.
- A long paragraph must recur more often than a short one, and so must a paragraph inside of articles (`_needed`).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa

from copydesk.dataset.reading.dataset import Dataset
from copydesk.errors import DatasetError, SettingsError
from copydesk.learning.paragraphs import MOST_TEXT, Body, bodies
from copydesk.text.strings import fold_text

CELLS = 1 << 27
"""Cells of the first pass. Each is one byte, so they take 128 MiB."""
FULL = 255
"""The highest count of a cell: it fills the byte."""
MOST_TELLING = 0.05
"""The largest share of cells that may reach the wanted number: this share of an article's own paragraphs become candidates by chance."""
TOO_MANY = "too many paragraphs recur to count them all; look at one site at a time (--site)"
MOST_HELD = 250_000_000
"""Bytes that the candidates of the second pass may take, as estimated with the next three numbers."""
A_CANDIDATE = 700
"""Bytes that a candidate takes without its text and its articles."""
AN_ARTICLE = 300
"""Bytes that each compared article of a candidate takes."""
A_CHARACTER = 2
"""Bytes that each character of a candidate's text takes."""
TOLD_APART = 20
"""Articles of a paragraph that later ones are compared with: when these all differ, we take it that the others do too."""
TURNS = (0, 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F)
"""Numbers that are combined with an article's keys by XOR; the smallest result for each is a mark (as in MinHash) of its own text."""
LENGTH_STEP = 150
"""Characters after which a paragraph must recur on as many pages again."""
EDGE_SHARE = 0.75
"""Share of its pages on which a paragraph must stand at an edge of the article; otherwise it counts as one inside of articles."""
INSIDE = 3
"""How many times more often a paragraph inside of articles must recur."""
NAME_DIGITS = 16
"""Hex digits of the SHA-256 in the name of a rule."""


@dataclass(frozen=True, slots=True)
class Repeated:
    """A paragraph that recurs on a site.

    Attributes:
        site: the registrable domain of the site.
        text: the paragraph as the first of the pages has it.
        pages: the number of pages that count for it.
        first: the earliest day of these pages; None when no day is known.
        last: the latest day of these pages; None when no day is known.
    """

    site: str
    text: str
    pages: int
    first: date | None
    last: date | None

    @property
    def rule(self) -> str:
        """The name of its rule. The same text on the same site always gets the same name."""
        digest = hashlib.sha256(f"{self.site}\0{fold_text(self.text)}".encode()).hexdigest()
        return f"repeated-{digest[:NAME_DIGITS]}"


@dataclass(frozen=True, slots=True)
class Learned:
    """What `learn` found.

    Attributes:
        found: the paragraphs, sorted by site, then by falling number of pages, then by text.
        articles: how many articles were looked at.
        siteless: how many articles were left out because their site is unknown.
        least: the smallest number of pages that was looked for. It is more than the caller wanted if there were too many candidates.
    """

    found: tuple[Repeated, ...]
    articles: int
    siteless: int
    least: int


@dataclass(slots=True)
class _Candidate:
    site: str
    text: str = ""
    pages: int = 0
    at_edge: int = 0
    first: date | None = None
    last: date | None = None
    compared: int = 0
    seen: set[int] = field(default_factory=set)

    def is_new(self, marks: Collection[int]) -> bool:
        """Tell whether an article shares no mark with the first `TOLD_APART` articles that counted, and remember its marks."""
        if not self.seen.isdisjoint(marks):
            return False
        if self.compared < TOLD_APART:
            self.seen.update(marks)
            self.compared += 1
        return True

    def note(self, text: str, day: date | None, at_edge: bool) -> None:
        self.text = self.text or text
        self.pages += 1
        self.at_edge += at_edge
        if day is not None:
            self.first, self.last = min(self.first or day, day), max(self.last or day, day)

    @property
    def held(self) -> int:
        return A_CANDIDATE + A_CHARACTER * len(self.text) + AN_ARTICLE * self.compared


def learn(dataset: Dataset, min_pages: int = 5, min_share: float = 0.01, site: str | None = None) -> Learned:
    """Find the paragraphs that recur on a site.

    Args:
        dataset: the dataset at one commit.
        min_pages: the number of pages on which a short paragraph must recur (see `_needed` for long ones).
        min_share: the share of the site's pages in the dataset on which a paragraph must recur, from 0 to 1.
        site: the registrable domain of the site to look at; None for all sites.

    Raises:
        DatasetError: the dataset cannot be read, a file was deleted meanwhile, or too many paragraphs recur to count them.
        SettingsError: the dataset has no article of ``site``.
    """
    cells, sites = bytearray(CELLS), Counter[str]()
    siteless = 0
    for article in bodies(dataset, site):
        if article is None:
            siteless += 1
            continue
        sites[article.site] += 1
        for key in article.texts:
            cell = key % CELLS
            if cells[cell] < FULL:
                cells[cell] += 1
    if site is not None and not sites:
        raise SettingsError(f"no article of {site!r} in the dataset; a site is a registrable domain, as in the field domain")
    exact = _Exact(cells, _telling(cells, min_pages))
    for article in bodies(dataset, site):
        if article is not None:
            exact.add(article)
    found = [Repeated(each.site, each.text, each.pages, each.first, each.last) for each in exact.candidates.values()
             if each.pages >= max(_needed(each, exact.least), min_share * sites[each.site])]
    found.sort(key=lambda each: (each.site, -each.pages, each.text))
    return Learned(tuple(found), sites.total(), siteless, exact.least)


def _telling(cells: bytearray, least: int) -> int:
    """Return the smallest number of pages, from ``least`` on, that at most a share of `MOST_TELLING` of the cells reach.

    If more cells reached it, many would do so only because several rare paragraphs share them.

    Raises:
        DatasetError: there is no such number.
    """
    counted = pa.Array.from_buffers(pa.uint8(), len(cells), [None, pa.py_buffer(cells)]).value_counts().to_pylist()
    amounts = Counter({entry["values"]: entry["counts"] for entry in counted})
    for number in range(min(least, FULL), FULL + 1):
        if sum(amounts[value] for value in range(number, FULL + 1)) <= MOST_TELLING * len(cells):
            return max(least, number)
    raise DatasetError(TOO_MANY)


def _needed(candidate: _Candidate, least: int) -> int:
    """Return on how many pages a paragraph must recur: `LENGTH_STEP` and `INSIDE` raise the number ``least``."""
    inside = candidate.at_edge < EDGE_SHARE * candidate.pages
    return least * (1 + len(candidate.text) // LENGTH_STEP) * (INSIDE if inside else 1)


class _Exact:
    """The second pass: count exactly the paragraphs whose cell reached ``least``."""

    def __init__(self, cells: bytearray, least: int) -> None:
        self.least = least
        self.candidates: dict[int, _Candidate] = {}
        self._cells = cells
        self._held = 0

    def _is_candidate(self, key: int) -> bool:
        return self._cells[key % CELLS] >= min(self.least, FULL)

    def add(self, article: Body) -> None:
        """Count an article for each candidate among its paragraphs, if more than half of its other text is its own."""
        keys = list(article.texts)
        known = [self._is_candidate(key) for key in keys]
        own = [key for key, candidate in zip(keys, known, strict=True) if not candidate]
        if len(own) == len(keys):
            return
        own_size = article.size - sum(len(article.texts[key]) for key, candidate in zip(keys, known, strict=True) if candidate)
        marks = {min(key ^ turn for key in own) for turn in TURNS} if own else set()
        first = known.index(False) if own else 0
        last = len(known) - 1 - known[::-1].index(False) if own else 0
        for at, key in enumerate(keys):
            text = article.texts[key]
            if known[at] and len(text) <= MOST_TEXT and 2 * own_size > article.size - len(text):
                self._count(key, article, text, marks, not first < at < last)
        while self._held > MOST_HELD:
            self._give_up()

    def _count(self, key: int, article: Body, text: str, marks: Collection[int], at_edge: bool) -> None:
        candidate = self.candidates.get(key)
        before = candidate.held if candidate else 0
        if candidate is None:
            candidate = self.candidates[key] = _Candidate(article.site)
        if candidate.is_new(marks):
            candidate.note(text, article.day, at_edge)
        self._held += candidate.held - before

    def _give_up(self) -> None:
        """Raise the wanted number of pages by one, and drop the candidates that no longer reach it.

        Raises:
            DatasetError: the number cannot be raised any further.
        """
        if self.least >= FULL:
            raise DatasetError(TOO_MANY)
        self.least += 1
        self.candidates = {key: each for key, each in self.candidates.items() if self._is_candidate(key)}
        self._held = sum(each.held for each in self.candidates.values())
