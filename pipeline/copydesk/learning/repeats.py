"""Paragraphs that recur on many pages of one site in a dataset: what cleaning left and a rule can take out.

Two passes over the table ``articles``, a few hundred rows at a time. The first counts paragraphs in a fixed array of cells, several
paragraphs to a cell; the second counts those exactly whose cell came to enough. Memory is bounded however large the dataset is: when
too many paragraphs are in question, those on the fewest pages are given up, and `Learned.least` says so.

What recurs may be news all the same: an agency's copy under several addresses, the background of a running story. So an article counts
for a paragraph only if most of its other text is its own (in no cell that came to enough) and no article that counted before has the
same; and a paragraph has to recur the more often the longer it is, and if it does not stand at an end of the body (`_needed`).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from copydesk.dataset.reading.dataset import Dataset
from copydesk.errors import DatasetError, SettingsError
from copydesk.learning.paragraphs import MOST_TEXT, Body, bodies
from copydesk.text.strings import fold_text

CELLS = 1 << 27
"""Cells of the first pass, a byte each: 128 MiB."""
FULL = 255
MOST_TELLING = 0.05
"""The share of the cells that may come to enough: by chance, so many of an article's own paragraphs are taken for others'."""
TOO_MANY = "too many paragraphs recur to count them all; look at one site at a time (--site)"
MOST_HELD = 250_000_000
"""Bytes, about, that the paragraphs of the second pass may take."""
A_CANDIDATE = 700
AN_ARTICLE = 300
TOLD_APART = 20
"""So many articles of a paragraph are compared; once they all differ, the others do."""
TURNS = (0, 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F)
LENGTH_STEP = 150
EDGE_SHARE = 0.75
INSIDE = 3
NAME_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Repeated:
    """A paragraph that recurs on a site: its text as one page has it, on how many pages, and the first and last day of these."""

    site: str
    text: str
    pages: int
    first: date | None
    last: date | None

    @property
    def rule(self) -> str:
        """The name of its rule: the same for the same text on the same site."""
        digest = hashlib.sha256(f"{self.site}\0{fold_text(self.text)}".encode()).hexdigest()
        return f"repeated-{digest[:NAME_DIGITS]}"


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned. ``least`` is on how few pages paragraphs were looked for: more than asked for where there were too many."""

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
        """Whether an article is none of those that counted: it shares no mark with the first of them."""
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
        return A_CANDIDATE + 2 * len(self.text) + AN_ARTICLE * self.compared


def learn(dataset: Dataset, min_pages: int = 5, min_share: float = 0.01, site: str | None = None) -> Learned:
    """The paragraphs that recur on at least ``min_pages`` pages of a site and on the share ``min_share`` of those that the dataset has
    of it, by site and number of pages. ``site`` looks at one only.

    Raises:
        DatasetError: the dataset cannot be read, or one of its files went while it was.
        SettingsError: it has no article of that site.
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
    """The number of pages, ``least`` or more, that few enough cells came to: a cell with many rare paragraphs tells nothing.

    Raises:
        DatasetError: there is none.
    """
    import pyarrow as pa

    counted = pa.Array.from_buffers(pa.uint8(), len(cells), [None, pa.py_buffer(cells)]).value_counts().to_pylist()
    amounts = Counter({entry["values"]: entry["counts"] for entry in counted})
    for number in range(min(least, FULL), FULL + 1):
        if sum(amounts[value] for value in range(number, FULL + 1)) <= MOST_TELLING * len(cells):
            return max(least, number)
    raise DatasetError(TOO_MANY)


def _needed(candidate: _Candidate, least: int) -> int:
    """On how many pages a paragraph must be: as many again for every 150 characters, and three times as many inside articles."""
    inside = candidate.at_edge < EDGE_SHARE * candidate.pages
    return least * (1 + len(candidate.text) // LENGTH_STEP) * (INSIDE if inside else 1)


class _Exact:
    """The second pass: exact counts of paragraphs whose cell came to ``least``."""

    def __init__(self, cells: bytearray, least: int) -> None:
        self.least = least
        self.candidates: dict[int, _Candidate] = {}
        self._cells = cells
        self._held = 0

    def _is_candidate(self, key: int) -> bool:
        return self._cells[key % CELLS] >= min(self.least, FULL)

    def add(self, article: Body) -> None:
        """Count an article for those of its paragraphs beside which most of its text is its own."""
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
        """Look for paragraphs on one page more."""
        if self.least >= FULL:
            raise DatasetError(TOO_MANY)
        self.least += 1
        self.candidates = {key: each for key, each in self.candidates.items() if self._is_candidate(key)}
        self._held = sum(each.held for each in self.candidates.values())
