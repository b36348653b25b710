"""Questions to the ledger about sources: which files to process again, and which rows another fingerprint made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from copydesk.dataset.ledger.index import Ledger
from copydesk.model.status import Status

PORTION = 1_000
"""Rows of `outdated` that are in memory at a time."""
_OF_SOURCE = "SELECT 1 FROM records WHERE source >= ? AND source < ? AND (number >= ? OR {}) LIMIT 1"
"""Whether a range of sources has a record of a commit from a number on, or one that the condition in ``{}`` selects."""
_REJECTED = f"status IN ('{Status.REJECTED}', '{Status.QUARANTINED}')"
_OLDER = f"(status = '{Status.WRITTEN}' AND fingerprint <> ?)"
_OUTDATED = f"""
SELECT r.source, r.article_id, r.fingerprint FROM records AS r JOIN articles AS a ON a.article_id = r.article_id AND a.source = r.source
WHERE r.source > ? AND r.status = '{Status.WRITTEN}' AND r.fingerprint <> ? AND r.text = a.text ORDER BY r.source LIMIT {PORTION}
"""  # noqa: S608  # all parts are constants
"""The next rows of other fingerprints whose text the dataset still holds, behind a source."""


class LookReason(StrEnum):
    """Why a file is processed again: it gave rows under another fingerprint, or something in it was rejected or quarantined."""

    OLDER = "older"
    REJECTS = "rejects"


@dataclass(frozen=True, slots=True)
class OutdatedRow:
    """A row of the articles that another fingerprint made.

    Attributes:
        article_id: the id of the article.
        source_path: the file that it came from, as dataset rows hold the path.
        record: the record in the file and, after an @, its offset in bytes; empty for a file that is one page.
        fingerprint: of the plugins and settings that made the row.
    """

    article_id: str
    source_path: str
    record: str
    fingerprint: str


def wanted(ledger: Ledger, source_path: str, kind: LookReason, fingerprint: str, floor: int) -> bool:
    """Tell whether the ledger holds a record from a file for which the reason ``kind`` holds, or any record from a newer commit.

    Args:
        ledger: the ledger.
        source_path: the file, as dataset rows hold the path.
        kind: the reason.
        fingerprint: of this run; rows of other fingerprints are `LookReason.OLDER`.
        floor: records of commits from this number on count whatever their outcome.
    """
    place = (f"{source_path}\t", f"{source_path}\n", floor)  # after the path, a source has a tab; the line feed is the next character
    if kind is LookReason.REJECTS:
        return bool(ledger.ask(_OF_SOURCE.format(_REJECTED), *place))
    return bool(ledger.ask(_OF_SOURCE.format(_OLDER), *place, fingerprint))


def outdated(ledger: Ledger, fingerprint: str) -> Iterator[OutdatedRow]:
    """Yield the rows that the dataset holds of other fingerprints, sorted by their sources."""
    after = ""
    while found := ledger.ask(_OUTDATED, after, fingerprint):
        for source, article_id, made_by in found:
            path, record = source.split("\t")[:2]
            yield OutdatedRow(article_id, path, record, made_by)
        after = found[-1][0]
