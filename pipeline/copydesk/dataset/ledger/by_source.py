"""What the ledger knows by source: which files are worth another look, and which rows an older fingerprint made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from copydesk.dataset.ledger.index import Ledger
from copydesk.model.status import Status

PORTION = 1_000
_OF_SOURCE = "SELECT 1 FROM records WHERE source >= ? AND source < ? AND (number >= ? OR {}) LIMIT 1"
_REJECTED = f"status IN ('{Status.REJECTED}', '{Status.QUARANTINED}')"
_OLDER = f"(status = '{Status.WRITTEN}' AND fingerprint <> ?)"
_OUTDATED = f"""
SELECT r.source, r.article_id, r.fingerprint FROM records AS r JOIN articles AS a ON a.article_id = r.article_id AND a.source = r.source
WHERE r.source > ? AND r.status = '{Status.WRITTEN}' AND r.fingerprint <> ? AND r.text = a.text ORDER BY r.source LIMIT {PORTION}
"""  # noqa: S608  # our own words


class LookReason(StrEnum):
    """Why a file is worth another look: it gave rows under another fingerprint, or something in it was refused."""

    OLDER = "older"
    REJECTS = "rejects"


@dataclass(frozen=True, slots=True)
class OutdatedRow:
    """A row of an older fingerprint: its article, and where it came from."""

    article_id: str
    source_path: str
    record: str
    fingerprint: str


def wanted(ledger: Ledger, source_path: str, kind: LookReason, fingerprint: str, floor: int) -> bool:
    """Whether the ledger holds a record of a file that is of this kind, or of a commit from ``floor`` on."""
    place = (f"{source_path}\t", f"{source_path}\n", floor)  # a record's source goes on with a tab; the line end is the next character
    if kind is LookReason.REJECTS:
        return bool(ledger.ask(_OF_SOURCE.format(_REJECTED), *place))
    return bool(ledger.ask(_OF_SOURCE.format(_OLDER), *place, fingerprint))


def outdated(ledger: Ledger, fingerprint: str) -> Iterator[OutdatedRow]:
    """The rows of other fingerprints that are held, in order of their sources; a portion in memory at a time."""
    after = ""
    while found := ledger.ask(_OUTDATED, after, fingerprint):
        for source, article_id, made_by in found:
            path, record = source.split("\t")[:2]
            yield OutdatedRow(article_id, path, record, made_by)
        after = found[-1][0]
