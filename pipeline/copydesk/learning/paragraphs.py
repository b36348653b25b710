"""The articles of a dataset as their paragraphs: read a few hundred rows at a time, and no more than that is held."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from copydesk.dataset.reading.dataset import Dataset
from copydesk.errors import DatasetError
from copydesk.storage.files import open_regular
from copydesk.text.strings import fold_text
from copydesk.text.urls import canonicalise, registrable_domain

if TYPE_CHECKING:
    import pyarrow as pa

MOST_TEXT = 2_000
"""Characters of a paragraph that a rule file may hold; longer ones are told apart as they are written."""
ROWS = 256
COLUMNS = ("domain", "article_body", "paragraphs", "date_published", "date_captured")


@dataclass(frozen=True, slots=True)
class Body:
    """An article's paragraphs with letters by their keys, in order, each once; the characters of all; and the day of the article. Keys
    are equal for texts of one site that are equal when folded."""

    site: str
    texts: dict[int, str]
    size: int
    day: date | None


def bodies(dataset: Dataset, site: str | None) -> Iterator[Body | None]:
    """The bodies of all articles of a dataset (of one site); None for an article whose site is unknown.

    Raises:
        DatasetError: a file cannot be read, or went away meanwhile.
    """
    import pyarrow.parquet as pq

    usable: dict[str, bool] = {}
    for path in dataset.files("articles"):
        try:
            with open_regular(path) as opened:
                file = pq.ParquetFile(opened)
                for group in range(file.num_row_groups):  # one by one: a reader of several holds what it has read of all
                    for batch in file.iter_batches(ROWS, [group], list(COLUMNS)):
                        yield from _of_batch(batch, site, usable)
        except FileNotFoundError as error:
            raise DatasetError(f"commit {dataset.commit}: {path} went away meanwhile; try again") from error
        except (OSError, ValueError) as error:  # Arrow's errors are of both kinds
            raise DatasetError(f"cannot read {path}: {error}") from error


def _of_batch(batch: pa.RecordBatch, site: str | None, usable: dict[str, bool]) -> Iterator[Body | None]:
    spans = batch.column("paragraphs")
    starts, ends = (part.to_pylist() for part in spans.flatten().flatten())
    lengths = spans.value_lengths().to_pylist()
    published, captured = batch.column("date_published").to_pylist(), batch.column("date_captured").to_pylist()
    rows = zip(batch.column("domain").to_pylist(), batch.column("article_body").to_pylist(), lengths, published, captured, strict=True)
    position = 0
    for domain, body, count, one, other in rows:
        begin, position = position, position + (count or 0)
        if domain is not None and domain not in usable:
            usable[domain] = registrable_domain(canonicalise(f"https://{domain}/")) == domain
        if domain is None or not usable[domain]:
            yield None
        elif site is None or domain == site:
            texts = [(body or "")[start:end] for start, end in zip(starts[begin:position], ends[begin:position], strict=True)]
            yield _body(domain, texts, one or other)


def _body(site: str, texts: Sequence[str], moment: datetime | None) -> Body:
    found: dict[int, str] = {}
    size = 0
    for text in texts:
        folded = fold_text(text) if len(text) <= MOST_TEXT else text
        key = _key(site, folded) if any(map(str.isalpha, folded)) else None
        if key is None or key not in found:
            size += len(text)
        if key is not None:
            found.setdefault(key, text)
    return Body(site, found, size, moment.date() if moment else None)


def _key(site: str, folded: str) -> int:
    return int.from_bytes(hashlib.blake2b(f"{site}\0{folded}".encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
