"""Check one batch: its files against its commit, and its rows against each other.

Memory holds one row group at a time, and the ids of the articles in the batch.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from io import BufferedReader
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from copydesk.dataset.format import commits, part_files, schema_versions
from copydesk.dataset.format.commits import CARRIED, Commit
from copydesk.dataset.format.schemas import SCHEMAS
from copydesk.dataset.ledger import batch_entries
from copydesk.dataset.ledger.index import ERASED
from copydesk.dataset.maintenance.check_commits import COPY, REPORT
from copydesk.dataset.maintenance.results import Findings
from copydesk.errors import DatasetError
from copydesk.model.status import Status

OUTCOMES = frozenset({str(Status.REJECTED), str(Status.QUARANTINED), str(Status.DUPLICATE)})
"""The outcomes that a row of rejects may have."""
HASH_BYTES = 8
"""Bytes of an id's hash: one number of the array of all ids."""
AGAIN = "bring the batch back from a copy of the dataset; without one, erase the article and run its source again"
"""Advice for rows that contradict each other."""
Files = Mapping[str, BufferedReader]
"""The files of a batch by name, open for reading: so a run may move the batch meanwhile."""


@dataclass(slots=True)
class Batch:
    """A batch while it is checked, and what the check has learnt about it.

    Attributes:
        name: the name of the batch.
        commit: the commit that made it.
        files: its files.
        findings: collects what the check finds.
        ids: for each article id the number of quotes that the article's row states.
        lacks: fields that part files of older schema versions lack, by table; shared by all batches of a check.
        unknown: fields that part files of newer schema versions add, by table; shared by all batches of a check.
        schemas: the different schemas of plugins' tables, by table; shared by all batches of a check.
    """

    name: str
    commit: Commit
    files: Files
    findings: Findings
    ids: dict[str, int] = field(default_factory=dict)
    lacks: dict[str, set[str]] = field(default_factory=dict)
    unknown: dict[str, set[str]] = field(default_factory=dict)
    schemas: dict[str, list[pa.Schema]] = field(default_factory=dict)

    def table(self, table: str, columns: list[str] | None = None) -> Iterator[tuple[str, pa.Table]]:
        """Yield (file name, rows) for each row group of a table, as far as the files can be read. Without ``columns``, all are read."""
        for name in self.names(table):
            yield from ((name, portion) for portion in self.rows(name, columns))

    def names(self, table: str) -> list[str]:
        """Return the names of a table's part files, sorted."""
        return sorted(name for name in self.files if name.endswith(".parquet") and part_files.table_of(name) == table)

    def rows(self, name: str, columns: list[str] | None = None) -> Iterator[pa.Table]:
        """Yield the row groups of a file, as far as they can be read; columns that the file lacks are left out."""
        try:
            self.files[name].seek(0)
            file = pq.ParquetFile(self.files[name])
            wanted = [column for column in columns if column in file.schema_arrow.names] if columns is not None else None
            for index in range(file.num_row_groups):
                yield file.read_row_group(index, columns=wanted, use_threads=False)
        except (pa.ArrowException, OSError) as error:
            self.damage(name, f"its rows cannot be read: {error}", COPY, "unreadable")

    def damage(self, name: str, what: str, todo: str, kind: str = "") -> None:
        """Note damage in a file of the batch, or in the batch itself when ``name`` is empty. See `Findings.damage`."""
        self.findings.damage(f"{self.name}/{name}" if name else self.name, what, todo, kind)


def check_files(batch: Batch) -> None:
    """Check names, hashes, row counts and schemas of the files, and the commit record that the batch carries."""
    there, told = {name for name in batch.files if name not in (CARRIED, batch_entries.FILE)}, batch.commit.files
    for name in sorted(told.keys() - there):
        batch.damage(name, "the file is missing", COPY)
    for name in sorted(there - told.keys()):
        batch.damage(name, "the commit knows no such file", "move it away")
    for name in sorted(there & told.keys()):
        _check_file(batch, name, told[name])
    _check_carried(batch)


def _check_file(batch: Batch, name: str, told: Mapping[str, Any]) -> None:
    batch.files[name].seek(0)
    if hashlib.file_digest(batch.files[name], "sha256").hexdigest() != told["sha256"]:
        batch.damage(name, "the file is not the one that was committed: its SHA-256 differs", COPY)
    batch.files[name].seek(0)
    try:
        file = pq.ParquetFile(batch.files[name])
    except (pa.ArrowException, OSError) as error:
        batch.damage(name, f"the file cannot be read: {error}", COPY)
        return
    if file.metadata.num_rows != told["rows"]:
        batch.damage(name, f"{file.metadata.num_rows} rows, its commit says {told['rows']}", COPY)
    table = part_files.table_of(name)
    if table not in SCHEMAS:
        _check_own(batch, name, table, file.schema_arrow)
    if missing := schema_versions.lacking(table, file.schema_arrow):
        batch.lacks.setdefault(table, set()).update(missing)
    if more := schema_versions.unknown(table, file.schema_arrow):
        batch.unknown.setdefault(table, set()).update(more)


def _check_own(batch: Batch, name: str, table: str, schema: pa.Schema) -> None:
    """Check that a plugin's table has the field article_id, and a schema that can be combined with those of its other files."""
    if "article_id" not in schema.names or schema.field("article_id").type != pa.string():
        batch.damage(name, "a plugin's table has no field article_id of type string", AGAIN)
    known = batch.schemas.setdefault(table, [])
    if any(schema.equals(other) for other in known):
        return
    try:
        schema_versions.schema_of(table, [*known, schema])
    except DatasetError:
        batch.damage(name, f"its schema does not go together with that of the other files of table {table!r}",
                     "run its pages again with --refresh, or erase them", "schemas apart")
    else:
        known.append(schema)


def _check_carried(batch: Batch) -> None:
    try:
        batch.files[CARRIED].seek(0)
        same = commits.decode_commit(batch.files[CARRIED].read()) == replace(batch.commit, run={})
    except (KeyError, ValueError, TypeError, DatasetError) as error:
        batch.damage(CARRIED, f"the batch has no readable record of its commit: {error!r}", COPY)
        return
    if not same:
        batch.damage(CARRIED, f"the batch carries another record than commit {batch.commit.number} has", COPY)


def check_articles(batch: Batch, seen: array[int]) -> None:
    """Check each article by itself, and add the hash of its id to ``seen``."""
    for name, portion in batch.table("articles", ["article_id", "article_body", "paragraphs", "quote_count"]):
        for row in portion.to_pylist():
            article_id = row.get("article_id") or ""
            if not article_id:
                batch.damage(name, "an article has no id", AGAIN, "articles without id")
            batch.ids[article_id] = row.get("quote_count") or 0
            seen.append(hash_of(article_id))
            if "paragraphs" in row and not _covers(row["paragraphs"] or [], row["article_body"] or ""):
                batch.damage(name, f"article {article_id}: its paragraphs do not cover article_body", AGAIN, "paragraphs")


def hash_of(article_id: str) -> int:
    """Return a hash of an id, as a number of 64 bits."""
    return int.from_bytes(hashlib.blake2b(article_id.encode("utf-8", "backslashreplace"), digest_size=HASH_BYTES).digest(), "big")


def _covers(spans: Iterable[Mapping[str, int]], body: str) -> bool:
    """Tell whether spans are in order, do not overlap, and leave out nothing but white space."""
    at = 0
    for span in spans:
        if not at <= span["start"] < span["end"] <= len(body) or body[at:span["start"]].strip():
            return False
        at = span["end"]
    return not body[at:].strip()


def check_keys(batch: Batch) -> None:
    """Check that rows of other tables refer to articles of the batch, and that each article has as many quotes as it states."""
    quotes: Counter[str] = Counter()
    for table in sorted({part_files.table_of(name) for name in batch.files if name.endswith(".parquet")} - {"articles", "rejects"}):
        for name, portion in batch.table(table, ["article_id"]):
            found = portion["article_id"].to_pylist() if "article_id" in portion.column_names else []
            for article_id in found:
                if article_id not in batch.ids:
                    batch.damage(name, f"a row is of article {article_id}, which is not in the batch", AGAIN, "rows without article")
            if table == "quotes":
                quotes.update(found)
    for article_id, told in batch.ids.items():
        if quotes[article_id] != told:
            batch.damage("", f"article {article_id} says it has {told} quotes, there are {quotes[article_id]}", AGAIN, "quote_count")


def check_quotes(batch: Batch) -> None:
    """Check ``article_body[start:end] == text`` for all quotes. The two files are read side by side, in the order of the articles."""
    for name in batch.names("quotes"):
        groups, here = _bodies(batch, name.replace("quotes", "articles", 1)), dict[str, str]()
        for portion in batch.rows(name, ["quote_id", "article_id", "text", "start", "end"]):
            for row in portion.to_pylist():
                if row["article_id"] not in batch.ids:
                    continue  # `check_keys` reports it
                while row["article_id"] not in here:
                    coming = next(groups, None)
                    if coming is None:
                        batch.damage(name, f"from quote {row['quote_id']} on, quotes do not stand in the order of their articles", REPORT)
                        return
                    here = coming
                if row["text"] is None or here[row["article_id"]][row["start"]:row["end"]] != row["text"]:
                    batch.damage(name, f"quote {row['quote_id']} does not stand in article_body", AGAIN, "quotes")


def _bodies(batch: Batch, name: str) -> Iterator[dict[str, str]]:
    if name in batch.files:
        for portion in batch.rows(name, ["article_id", "article_body"]):
            yield dict(zip(portion["article_id"].to_pylist(), ((body or "") for body in portion["article_body"].to_pylist()), strict=True))


def check_rejects(batch: Batch, wanted: Mapping[str, int]) -> None:
    """Check the outcomes of rejects, and compare their numbers with ``wanted``: what the commits counted, by outcome."""
    found: Counter[str] = Counter()
    for _, portion in batch.table("rejects", ["outcome"]):
        found.update(str(outcome) for outcome in portion["outcome"].to_pylist())
    for outcome in sorted(found.keys() | {name for name, count in wanted.items() if count}):
        if outcome not in OUTCOMES:
            batch.damage("", f"{found[outcome]} rejects have the outcome {outcome!r}, which there is not", COPY)
        elif found[outcome] != wanted.get(outcome, 0):
            batch.damage("", f"{found[outcome]} rejects are {outcome}, the commits counted {wanted.get(outcome, 0)}", COPY)


def check_entries(batch: Batch) -> None:
    """Check that each article has a ledger entry in the batch, and that no erased article is there."""
    written: set[str | None] = set()
    try:
        batch.files[batch_entries.FILE].seek(0)
        for entry in batch_entries.of_file(batch.files[batch_entries.FILE]):
            if entry.status == Status.WRITTEN:
                written.add(entry.article_id)
            elif entry.status == ERASED and (entry.article_id or entry.identity) in batch.ids:
                batch.damage("", f"article {entry.article_id or entry.identity} was erased and is there", "erase it again", "erased")
    except (KeyError, TypeError, OSError, pa.ArrowException) as error:
        batch.damage(batch_entries.FILE, f"the entries of the batch cannot be read: {error!r}", COPY)
        return
    for article_id in sorted(batch.ids.keys() - written):
        batch.damage(batch_entries.FILE, f"article {article_id} has no entry: a run would take it again", COPY, "articles without entry")
