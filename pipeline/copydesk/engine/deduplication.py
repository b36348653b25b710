"""Decide for each article of a shard whether it is new to the dataset, a duplicate, or a replacement for an older row."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime

from copydesk.dataset.ledger.index import ERASED, Held, Ledger, LedgerEntry
from copydesk.engine.staging import StagedPage
from copydesk.metadata.article_id import LENGTH, of_url
from copydesk.model.status import Status
from copydesk.rows.article_rows import Row
from copydesk.text.urls import canonicalise

STAGE = "commit"
"""The stage that rejects from here name."""


@dataclass(slots=True)
class Decisions:
    """The decisions on the pages of a shard.

    Attributes:
        kept: by page number, the article id under which a page is written.
        rejects: by page number, the row of ``rejects`` of a page that is not written.
        entries: the new ledger entries, in the order of pages.
        replaced: by batch number, the ids of the older articles that go.
    """

    kept: dict[int, str] = field(default_factory=dict)
    rejects: dict[int, Row] = field(default_factory=dict)
    entries: list[LedgerEntry] = field(default_factory=list)
    replaced: dict[int, set[str]] = field(default_factory=dict)


class Deduplicator:
    """Goes through the pages of a shard in order and decides on each of them.

    Args:
        ledger: the index of the dataset.
        base: the number of this run's first commit.
        number: the number of the coming commit.
        fingerprint: the fingerprint of the run.
        refresh: whether an article replaces its older row even when the text is the same.
    """

    def __init__(self, ledger: Ledger, base: int, number: int, fingerprint: str, refresh: bool) -> None:
        self._ledger = ledger
        self._base = base
        self._number = number
        self._fingerprint = fingerprint
        self._refresh = refresh
        self._here: dict[str, tuple[Held, StagedPage]] = {}
        self._texts: dict[tuple[str, str], str] = {}
        self._entries: dict[int, LedgerEntry] = {}
        self.found = Decisions()

    def resolve(self, pages: tuple[StagedPage, ...]) -> Decisions:
        """Decide on all pages of the shard."""
        for page in pages:
            if page.article is None:
                self._reject(page, page.reject, page.status)
            elif self._ledger.is_erased(page.article.article_id):
                self._refuse(page, page.article.article_id)
            else:
                self._decide(page, page.article.article_id)
        self.found.entries = [self._entries[number] for number in sorted(self._entries)]
        return self.found

    def _refuse(self, page: StagedPage, identity: str) -> None:
        """Reject a capture of an erased article. The dataset keeps only its source, and the ledger knows its record from now on."""
        row = {**page.reject, "url": None, "stage": STAGE, "plugin": "", "code": ERASED, "outcome": str(Status.REJECTED),
               "message": "this article was erased from the dataset; it is not taken again"}
        self._reject(page, row, Status.REJECTED)
        self._entries[page.number] = replace(self._entries[page.number], status=ERASED, identity=identity)

    def _decide(self, page: StagedPage, article_id: str) -> None:
        """Decide on an article by what the dataset and this shard already hold of it."""
        assert page.article is not None  # noqa: S101  # the caller has checked it
        own = self._own(page)
        alike = own if own is not None and own.text == page.article.text_sha256 else self._alike(article_id, page.article.text_sha256)
        held = alike or own or self._held(article_id)
        if held is None:
            self._write(page, article_id)
            return
        same_text, this_run = held.text == page.article.text_sha256, held.number >= self._base
        order = _order(held.captured, page.article.captured)
        if same_text:
            if self._refresh and not this_run:
                self._write(page, held.article_id, held)
            else:
                self._duplicate(page, "duplicate", f"same article and text as {_shown(held)}", held.article_id)
        elif order < 0:
            self._duplicate(page, "older_capture", f"{_shown(held)} is a later capture of the same article", held.article_id)
        elif own is not None or not this_run or order > 0:
            self._write(page, held.article_id, held)
        else:
            self._decide_other(page, article_id)

    def _decide_other(self, page: StagedPage, article_id: str) -> None:
        """Keep both of two texts that have the same id in one run, since it is unknown which is later. The second gets another id."""
        assert page.article is not None  # noqa: S101  # the caller has checked it
        other = article_id
        while self._held(other) is not None:  # the text of each differs: `_alike` would have found an equal one
            other = hashlib.sha256(f"{other}\n{page.article.text_sha256}".encode()).hexdigest()[:LENGTH]
        self._write(page, other)

    def _alike(self, identity: str, text: str) -> Held | None:
        """Find an article in the dataset or this shard that has the same identity and the same text, under any id."""
        here = self._here.get(self._texts.get((identity, text), ""))
        if here is not None and here[0].text == text:
            return here[0]
        return next((held for held in self._ledger.alike(identity, text) if held.article_id not in self._here), None)

    def _own(self, page: StagedPage) -> Held | None:
        """Find the article that the same source gave in an earlier run under the same identity."""
        assert page.article is not None  # noqa: S101  # the caller has checked it
        held = self._ledger.owned(page.article.article_id, page.source)
        return held if held is not None and held.number < self._base and held.article_id not in self._here else None

    def _held(self, article_id: str) -> Held | None:
        here = self._here.get(article_id)
        return here[0] if here else self._ledger.held(article_id)

    def _write(self, page: StagedPage, article_id: str, over: Held | None = None) -> None:
        """Write a page under an id. It replaces the article ``over`` of the dataset, or an earlier page of this shard with that id."""
        assert page.article is not None  # noqa: S101  # the caller has checked it
        article = page.article
        earlier = self._here.get(article_id)
        if earlier is not None:
            held, loser = earlier
            del self.found.kept[loser.number]
            self._duplicate(loser, "older_capture", f"{_path(page.source)} is a later capture of the same article", article_id)
        elif over is not None:
            self.found.replaced.setdefault(over.batch, set()).add(article_id)
        held = Held(article_id, article.article_id, article.text_sha256, article.captured, page.source, self._number, self._number)
        self._here[article_id] = held, page
        self._texts[article.article_id, article.text_sha256] = article_id
        self.found.kept[page.number] = article_id
        self._entries[page.number] = replace(self._entry(page, Status.WRITTEN), article_id=article_id, identity=article.article_id,
                                             text=article.text_sha256, captured=article.captured)

    def _duplicate(self, page: StagedPage, code: str, message: str, article_id: str) -> None:
        """Reject a page as a duplicate. ``article_id`` is the id of the article that the dataset keeps instead."""
        row = {**page.reject, "stage": STAGE, "plugin": "", "code": code, "message": message, "outcome": str(Status.DUPLICATE)}
        self._reject(page, row, Status.DUPLICATE)
        text = page.article.text_sha256 if page.article else None
        self._entries[page.number] = replace(self._entries[page.number], article_id=article_id, text=text)

    def _reject(self, page: StagedPage, row: Row, status: Status) -> None:
        url = canonicalise(str(row["url"])) if row.get("url") else None
        self.found.rejects[page.number] = {**row, "url": None} if url and self._ledger.is_erased(of_url(url)) else row
        self._entries[page.number] = self._entry(page, status)

    def _entry(self, page: StagedPage, status: Status) -> LedgerEntry:
        return LedgerEntry(page.key, page.source, str(status), self._fingerprint, self._number)


def _order(held: datetime | None, new: datetime | None) -> int:
    """Compare two times of capture: 1 when the new one is later, -1 when it is earlier, 0 when they are equal or one is unknown."""
    if held is None or new is None or held == new:
        return 0
    return 1 if new > held else -1


def _shown(held: Held) -> str:
    return _path(held.source)


def _path(source: str) -> str:
    """Return the path, and the record if there is one, of a source as the ledger writes it."""
    path, record = source.split("\t")[:2]
    return f"{path} {record}".strip()
