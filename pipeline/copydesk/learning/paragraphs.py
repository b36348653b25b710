"""Read the articles of a dataset as lists of paragraphs. Memory holds a few hundred articles at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa
import pyarrow.parquet as pq

from copydesk.dataset.reading.dataset import Dataset
from copydesk.errors import DatasetError
from copydesk.storage.files import open_regular
from copydesk.text.strings import fold_text
from copydesk.text.urls import canonicalise, registrable_domain

MOST_TEXT = 2_000
"""The most characters of a paragraph in a rule file. Longer paragraphs are not folded: they never become rules."""
ROWS = 256
"""Articles that are in memory at a time."""
KEY_BYTES = 8
"""Bytes of a paragraph's key: different paragraphs practically never have the same one."""
COLUMNS = ("domain", "article_body", "paragraphs", "date_published", "date_captured")
"""The columns of articles that are read."""


@dataclass(frozen=True, slots=True)
class Body:
    """The paragraphs of an article.

    Attributes:
        site: the registrable domain that published it.
        texts: the paragraphs that hold letters, in order and each once, by key. Texts of one site with equal folded forms have equal keys.
        size: the characters of all paragraphs; of paragraphs with equal keys, only the first counts.
        day: the day of publication, else of the capture; None when both are unknown.
    """

    site: str
    texts: dict[int, str]
    size: int
    day: date | None


def bodies(dataset: Dataset, site: str | None) -> Iterator[Body | None]:
    """Yield the bodies of the articles of a dataset, and None for an article whose site is unknown.

    Args:
        dataset: the dataset at one commit.
        site: the registrable domain of the site to look at; None for all sites.

    Raises:
        DatasetError: a file cannot be read, or was deleted meanwhile.
    """
    usable: dict[str, bool] = {}
    for path in dataset.files("articles"):
        try:
            with open_regular(path) as opened:
                file = pq.ParquetFile(opened)
                for group in range(file.num_row_groups):  # one group at a time: a reader of several keeps all of them
                    for batch in file.iter_batches(ROWS, [group], list(COLUMNS)):
                        yield from _of_batch(batch, site, usable)
        except FileNotFoundError as error:
            raise DatasetError(f"commit {dataset.commit}: {path} went away meanwhile; try again") from error
        except (OSError, ValueError) as error:  # Arrow raises subclasses of both
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
    return int.from_bytes(hashlib.blake2b(f"{site}\0{folded}".encode("utf-8", "surrogatepass"), digest_size=KEY_BYTES).digest(), "big")
